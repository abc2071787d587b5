//! Names of records: a base name and a name, one after the other, are a path. [Core 1.2 §7.4]

use crate::{Path, RESERVED_ID};

/// How far a name was read: what stands last, and is not yet in the path.
#[derive(Clone, Copy, Debug)]
pub(super) enum After {
    Nothing,
    Slash,
    /// Digits of an id.
    Digit(u16),
}

/// Why a name is no path.
pub(super) type Why = &'static str;

impl After {
    /// Reads on; the ids go to `path`, where they are made.
    #[inline]
    pub(super) fn then(mut self, name: &str, path: &mut Path) -> Result<Self, Why> {
        for byte in name.bytes() {
            self = match (self, byte) {
                (Self::Nothing, b'/') => Self::Slash,
                (Self::Nothing, _) => return Err("a path begins with a slash"),
                (Self::Slash, b'0'..=b'9') => Self::Digit(u16::from(byte & 0xf)),
                (Self::Slash, b'/') => return Err("an id is missing"),
                (Self::Digit(0), b'0'..=b'9') => return Err("an id has no leading zero"),
                (Self::Digit(id), b'0'..=b'9') => {
                    let id = id.checked_mul(10).and_then(|id| id.checked_add(u16::from(byte & 0xf)));
                    Self::Digit(id.filter(|id| *id != RESERVED_ID).ok_or("an id is at most 65534")?)
                }
                (Self::Digit(id), b'/') => {
                    path.go(id).map_err(|error| error.why())?;
                    Self::Slash
                }
                _ => return Err("an id is a decimal number"),
            };
        }
        Ok(self)
    }

    /// The name is whole.
    #[inline]
    pub(super) fn end(self, path: &mut Path) -> Result<(), Why> {
        match self {
            Self::Nothing => Err("the name is missing"),
            Self::Slash if !path.is_root() => Err("an id is missing"),
            Self::Slash => Ok(()),
            Self::Digit(id) => path.go(id).map_err(|error| error.why()),
        }
    }
}

/// An id in decimal digits, without leading zeros.
#[inline]
pub(in crate::codec) fn id(digits: &[u8]) -> Option<u16> {
    if !matches!(digits, [b'0'] | [b'1'..=b'9', ..]) {
        return None;
    }
    let more = |id: u16, digit: &u8| {
        let digit = digit.wrapping_sub(b'0');
        id.checked_mul(10)?.checked_add(u16::from(digit)).filter(|_| digit < 10)
    };
    digits.iter().try_fold(0, more).filter(|id| *id != RESERVED_ID)
}

/// Reads a whole name.
pub(super) fn whole(name: &str) -> Result<Path, Why> {
    let mut path = Path::ROOT;
    After::Nothing.then(name, &mut path)?.end(&mut path)?;
    Ok(path)
}

/// A name or a part of one, as text.
#[derive(Clone, Copy)]
pub(in crate::codec) struct NameText<'a> {
    /// The tree, where it is part of the name.
    pub(in crate::codec) prefix: &'a str,
    digits: [u8; 25],
    len: usize,
}

impl<'a> NameText<'a> {
    /// The whole name.
    pub(super) fn whole(prefix: &'a str, path: Path) -> Self {
        let mut name = Self { prefix, digits: [0; 25], len: 0 };
        path.ids().iter().for_each(|id| name.push_id(*id, true));
        if path.is_root() && prefix.is_empty() {
            name.push(b'/');
        }
        name
    }

    /// The base of all names below this place.
    pub(super) fn base(prefix: &'a str, path: Path) -> Self {
        let mut name = Self::whole(prefix, path);
        if !(path.is_root() && prefix.is_empty()) {
            name.push(b'/');
        }
        name
    }

    /// The ids after the base.
    pub(super) fn rest(ids: &[u16]) -> Self {
        let mut name = Self { prefix: "", digits: [0; 25], len: 0 };
        ids.iter().enumerate().for_each(|(position, id)| name.push_id(*id, position > 0));
        name
    }

    /// The part after the tree: digits and slashes.
    pub(in crate::codec) fn digits(&self) -> &str {
        self.digits.get(..self.len).and_then(|digits| str::from_utf8(digits).ok()).unwrap_or("")
    }

    fn push_id(&mut self, id: u16, slash: bool) {
        if slash {
            self.push(b'/');
        }
        let digits = [id / 10_000, id / 1000 % 10, id / 100 % 10, id / 10 % 10, id % 10];
        let zeros = [10_000, 1000, 100, 10].into_iter().filter(|unit| id < *unit).count();
        digits.into_iter().skip(zeros).for_each(|digit| self.push(b'0'.wrapping_add(digit as u8)));
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.digits.get_mut(self.len) {
            *place = byte;
            self.len = self.len.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_and_a_name_are_one_text() {
        let read = |parts: &[&str]| -> Result<Path, Why> {
            let mut path = Path::ROOT;
            parts
                .iter()
                .try_fold(After::Nothing, |after, part| after.then(part, &mut path))?
                .end(&mut path)?;
            Ok(path)
        };
        for parts in [&["/3/0/", "6/1"][..], &["/3/0/6/1"], &["/3/0", "/6/1"], &["", "/3/", "0/6/1"]] {
            assert_eq!(read(parts), Path::new(&[3, 0, 6, 1]).map_err(|error| error.why()), "{parts:?}");
        }
        assert_eq!(read(&["/1", "2/0"]), Ok(Path::new(&[12, 0]).unwrap()));
        assert_eq!(read(&["/"]), Ok(Path::ROOT));
        for (parts, why) in [
            (&["/3/0", "09"][..], "an id has no leading zero"),
            (&["3/0"], "a path begins with a slash"),
            (&["/3//0"], "an id is missing"),
            (&["/3/0/"], "an id is missing"),
            (&[""], "the name is missing"),
            (&["/65535"], "an id is at most 65534"),
            (&["/70000"], "an id is at most 65534"),
            (&["/3/x"], "an id is a decimal number"),
            (&["/1/2/3/4/5"], "a path has at most four ids"),
        ] {
            assert_eq!(read(parts), Err(why), "{parts:?}");
        }
    }

    #[test]
    fn names_are_written_as_paths_are() {
        for path in ["/", "/0", "/10/65534/100/9", "/65534/65534/65534/65534"] {
            let name = NameText::whole("", path.parse().unwrap());
            assert_eq!(name.digits(), path);
        }
        assert_eq!(NameText::base("", "/65534/65534/65534/65534".parse().unwrap()).digits().len(), 25);
        assert_eq!(NameText::base("", Path::ROOT).digits(), "/");
        assert_eq!(NameText::rest(&[6, 10]).digits(), "6/10");
    }
}
