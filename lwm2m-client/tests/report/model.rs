//! A second, slow judgement of the same rules: every second everything that has ever happened is looked at anew, and
//! nothing but what was looked at and what was told is kept. Numbers are fixed-point. Shares nothing with the machine.

use std::collections::BTreeMap;

use lwm2m_client::{
    Node, Value,
    lwm2m_core::{Attribute, Attributes},
};

use super::{Happening, Second, Series};

pub fn model(series: &Series) -> Vec<(Second, Node)> {
    let mut history =
        History { series, looks: vec![(0, series.first.clone())], told: vec![(0, series.first.clone())] };
    let mut second = 0;
    while second < series.until {
        second = series.awake(second + 1);
        if second <= series.until {
            history.live_through(second);
        }
    }
    history.told.split_off(1)
}

struct History<'a> {
    series: &'a Series,
    looks: Vec<(Second, Node)>,
    told: Vec<(Second, Node)>,
}

impl History<'_> {
    fn live_through(&mut self, now: Second) {
        let attributes = self.attributes(now);
        let (last_look, last_told) = (self.looks[self.looks.len() - 1].0, self.told[self.told.len() - 1].0);
        let pmin_over = now - last_told >= pmin(&attributes);
        let pmax_over = pmax(&attributes).is_some_and(|pmax| now - last_told >= pmax);
        let (epmin, epmax) = evaluation(&attributes);

        let said = self
            .series
            .happens
            .iter()
            .any(|(at, what)| matches!(what, Happening::Said(_)) && *at > last_look && *at <= now);
        let told_unseen = last_told > last_look;
        let timed = epmin > 0 || epmax.is_some();
        let wants = (said || told_unseen) && (timed || !self.wish())
            || epmax.is_some_and(|epmax| now - last_look >= epmax)
            || (self.wish() && pmin_over)
            || pmax_over;
        if wants && now - last_look >= epmin {
            self.looks.push((now, self.value(now)));
        }
        if pmax_over || (self.wish() && pmin_over) {
            let (_, seen) = &self.looks[self.looks.len() - 1];
            self.told.push((now, seen.clone()));
        }
    }

    /// The value of the moment, whoever knows.
    fn value(&self, now: Second) -> Node {
        let past = self.series.happens.iter().filter(|(at, _)| *at <= now);
        let values = past.filter_map(|(_, what)| match what {
            Happening::Said(node) | Happening::Silent(node) => Some(node),
            Happening::Written(_) => None,
        });
        values.last().unwrap_or(&self.series.first).clone()
    }

    fn attributes(&self, now: Second) -> Attributes {
        let past = self.series.happens.iter().filter(|(at, _)| self.series.awake(*at) <= now);
        past.fold(self.series.attributes, |mut all, (_, what)| {
            if let Happening::Written(edit) = what {
                for attribute in Attribute::ALL {
                    if edit.unsets(attribute) {
                        all.remove(attribute);
                    }
                }
                all = edit.attributes().or(&all);
            }
            all
        })
    }

    /// Was a condition met at any look since the last notification?
    fn wish(&self) -> bool {
        let (since, told) = &self.told[self.told.len() - 1];
        self.looks.windows(2).any(|two| {
            let [(_, before), (at, found)] = two else { unreachable!() };
            at > since && worth(&self.attributes(*at), told, before, found)
        })
    }
}

fn pmin(attributes: &Attributes) -> Second {
    attributes.pmin.unwrap_or(0).into()
}

fn pmax(attributes: &Attributes) -> Option<Second> {
    let pmax = Second::from(attributes.pmax?);
    if pmax == 0 || pmax < pmin(attributes) { None } else { Some(pmax) }
}

fn evaluation(attributes: &Attributes) -> (Second, Option<Second>) {
    match (attributes.epmin, attributes.epmax) {
        (Some(epmin), Some(epmax)) if epmin >= epmax => (0, None),
        (epmin, epmax) => (epmin.unwrap_or(0).into(), epmax.filter(|epmax| *epmax > 0).map(Second::from)),
    }
}

fn worth(attributes: &Attributes, told: &Node, before: &Node, found: &Node) -> bool {
    let (told, before, found) = (leaves(told), leaves(before), leaves(found));
    if told.len() != found.len() || told.keys().any(|id| !found.contains_key(id)) {
        return true;
    }
    found.iter().any(|(id, value)| one_is_worth(attributes, told[id], before.get(id).copied(), value))
}

fn one_is_worth(attributes: &Attributes, told: &Value, before: Option<&Value>, found: &Value) -> bool {
    let fixed = |number: Option<f64>| number.map(fixed);
    let (mut gt, mut lt, mut st) = (fixed(attributes.gt), fixed(attributes.lt), fixed(attributes.st));
    if let (Some(high), Some(low)) = (gt, lt)
        && low + 2 * st.unwrap_or(0) >= high
    {
        (gt, lt, st) = (None, None, None);
    }
    match (number(told), number(found)) {
        (Some(told), Some(found)) if gt.is_some() || lt.is_some() || st.is_some() => {
            let (Some(told), Some(found)) = (told, found) else { return false };
            let side = |value: i128, threshold: i128| (value - threshold).signum();
            // Other sides; or from the threshold to one of them. To come to rest on it is not to cross it.
            let crossed =
                |threshold| side(found, threshold) != 0 && side(told, threshold) != side(found, threshold);
            st.is_some_and(|st| (found - told).abs() >= st) || [gt, lt].into_iter().flatten().any(crossed)
        }
        _ => match (attributes.edge, before, found) {
            (Some(edge), before, Value::Boolean(found)) if matches!(told, Value::Boolean(_)) => {
                before == Some(&Value::Boolean(!edge)) && *found == edge
            }
            _ => told != found,
        },
    }
}

fn leaves(node: &Node) -> BTreeMap<u16, &Value> {
    match node {
        Node::Multiple(items) => items.iter().map(|(id, value)| (*id, value)).collect(),
        Node::Value(value) => [(0, value)].into(),
        _ => BTreeMap::new(),
    }
}

/// `None`: not numeric. `Some(None)`: numeric, but no number.
fn number(value: &Value) -> Option<Option<i128>> {
    let whole = |number: i128| Some(Some(number << FRACTION));
    match value {
        Value::Integer(number) | Value::Time(number) => whole((*number).into()),
        Value::Unsigned(number) => whole((*number).into()),
        Value::Float(number) if number.is_nan() => Some(None),
        Value::Float(number) => Some(Some(fixed(*number))),
        _ => None,
    }
}

/// Bits behind the point. What the series use is exact, or differs by more.
const FRACTION: u32 = 56;

fn fixed(number: f64) -> i128 {
    let limit = i128::MAX / 16;
    ((number * (1_i128 << FRACTION) as f64) as i128).clamp(-limit, limit)
}
