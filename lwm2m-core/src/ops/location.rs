//! Where a registration lives on its server. [Core 1.2 §6.2.1]

use std::{borrow::Cow, fmt, str};

use smallvec::SmallVec;

/// The Location-Path of a 2.01, without leading slash: `rd/5a3f`.
///
/// Up to 24 octets need no memory of their own: a server holds one per registration. A slash or percent sign inside
/// a segment stands as `%2F` and `%25`, so that the segments come back as they were.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location(SmallVec<[u8; 24]>);

impl Location {
    /// Of its text, for example `rd/5a3f`; a leading slash is taken off.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(SmallVec::from_slice(text.strip_prefix('/').unwrap_or(text).as_bytes()))
    }

    /// From Location-Path or Uri-Path options; `None` where there are none.
    pub fn from_segments<'a>(segments: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut text = SmallVec::new();
        let mut none = true;
        for segment in segments {
            if !none {
                text.push(b'/');
            }
            none = false;
            for octet in segment.bytes() {
                match octet {
                    b'/' => text.extend_from_slice(b"%2F"),
                    b'%' => text.extend_from_slice(b"%25"),
                    _ => text.push(octet),
                }
            }
        }
        (!none).then_some(Self(text))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The segments, as options carry them.
    pub fn segments(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.as_str().split('/').map(|segment| {
            if segment.contains('%') {
                Cow::Owned(segment.replace("%2F", "/").replace("%25", "%"))
            } else {
                Cow::Borrowed(segment)
            }
        })
    }
}

impl From<&str> for Location {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}", self.as_str())
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_come_back_as_they_were() {
        for segments in [&["rd", "5a3f"][..], &["rd", ""], &["a/b", "%2F", "100%"], &[""], &["ä"]] {
            let location = Location::from_segments(segments.iter().copied()).unwrap();
            assert_eq!(location.segments().collect::<Vec<_>>(), segments, "{location}");
        }
        assert_eq!(Location::from_segments([]), None);
        assert_eq!(Location::from_segments(["rd", "5a3f"]), Some(Location::new("/rd/5a3f")));
    }
}
