//! Dates as text. [RFC 3339 §5.6]

/// Whole seconds since 1970 of `2013-05-02T10:40:15Z`, also with an offset. `None`: no such date, or a fraction of a
/// second.
pub(super) fn seconds(date: &str) -> Option<i64> {
    let (day, clock) = date.split_once(['T', 't'])?;
    let [year, month, day] = fields(day, '-', [4, 2, 2])?;
    let (time, zone) = clock.split_at_checked(8)?;
    let [hour, minute, second] = fields(time, ':', [2, 2, 2])?;
    let zone = match zone.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches('0');
            if zone.len() == fraction.len() { return None } else { zone }
        }
        None => zone,
    };
    let offset = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => 0,
        ("+", offset) => minutes(offset)?,
        ("-", offset) => -minutes(offset)?,
        _ => return None,
    };
    // the last day of a month is the one before the first of the next
    let (then, next) = if month < 12 { (year, month + 1) } else { (year + 1, 1) };
    let last = days(then, next, 1) - days(year, month, 1);
    let real =
        (1..=12).contains(&month) && (1..=last).contains(&day) && hour < 24 && minute < 60 && second < 61;
    real.then(|| days(year, month, day) * 86_400 + hour * 3600 + (minute - offset) * 60 + second)
}

fn minutes(offset: &str) -> Option<i64> {
    let [hours, minutes] = fields(offset, ':', [2, 2])?;
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Numbers of these many digits.
fn fields<const N: usize>(text: &str, between: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(between);
    let mut found = [0; N];
    for (number, digits) in found.iter_mut().zip(digits) {
        let part =
            parts.next().filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

/// Days since 1970 in the Gregorian calendar: years begin in March, so that the leap day is their last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn dates_are_seconds() {
        for (date, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2013-05-02T10:40:15Z", 1_367_491_215),
            ("2013-05-02T12:40:15.000+02:00", 1_367_491_215),
            ("2000-02-29T00:00:00-00:30", 951_784_200),
            ("1969-12-31T23:59:59Z", -1),
            ("2012-02-29T00:00:00Z", 1_330_473_600),
            ("2012-12-31T23:59:60Z", 1_356_998_400),
        ] {
            assert_eq!(seconds(date), Some(expected), "{date}");
        }
        for wrong in [
            "2013-05-02",
            "2013-05-02T10:40:15",
            "2013-05-02T10:40:15.5Z",
            "2013-13-02T10:40:15Z",
            "2013-00-02T10:40:15Z",
            "2013-02-29T10:40:15Z",
            "2000-02-30T10:40:15Z",
            "2013-04-31T10:40:15Z",
            "2013-12-32T10:40:15Z",
            "2013-12-00T10:40:15Z",
            "",
            "T",
            "2013-05-02T10:40:15.Z",
            "2013-5-02T10:40:15Z",
            "2013-05-02T10:40:15+25:00",
        ] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
