//! Options: numbers, and a list of them in wire form. [RFC 7252 §3.1, §5.4]

/// Number of an option. [RFC 7252 §5.10]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OptionNumber(pub u16);

impl OptionNumber {
    /// Must be understood: odd numbers.
    #[must_use]
    pub const fn is_critical(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Options of a request or response, ordered by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {}

impl Options {
    /// No options.
    #[must_use]
    pub const fn new() -> Self {
        Self {}
    }

    /// Adds an option after those of the same number.
    #[must_use]
    pub fn with(self, _number: OptionNumber, _value: &[u8]) -> Self {
        todo!()
    }

    /// Adds an option with an unsigned value in its shortest form. [RFC 7252 §3.2]
    #[must_use]
    pub fn with_uint(self, _number: OptionNumber, _value: u64) -> Self {
        todo!()
    }

    /// Adds a Uri-Path option per segment.
    #[must_use]
    pub fn with_path<'a>(self, _segments: impl IntoIterator<Item = &'a str>) -> Self {
        todo!()
    }

    /// Adds a Uri-Query option.
    #[must_use]
    pub fn with_query(self, _parameter: &str) -> Self {
        todo!()
    }

    /// Removes every option of this number.
    pub fn remove(&mut self, _number: OptionNumber) {
        todo!()
    }

    /// All options in order.
    pub fn iter(&self) -> impl Iterator<Item = (OptionNumber, &[u8])> {
        std::iter::empty()
    }

    /// The first option of this number.
    #[must_use]
    pub fn first(&self, number: OptionNumber) -> Option<&[u8]> {
        self.all(number).next()
    }

    /// The options of this number.
    pub fn all(&self, number: OptionNumber) -> impl Iterator<Item = &[u8]> {
        self.iter().filter(move |(n, _)| *n == number).map(|(_, value)| value)
    }

    /// The first option of this number as an unsigned value; `None` also where it is longer than eight octets.
    #[must_use]
    pub fn uint(&self, _number: OptionNumber) -> Option<u64> {
        todo!()
    }

    /// Content-Format.
    #[must_use]
    pub fn content_format(&self) -> Option<crate::codec::ContentFormat> {
        todo!()
    }

    /// Accept.
    #[must_use]
    pub fn accept(&self) -> Option<crate::codec::ContentFormat> {
        todo!()
    }

    /// Segments of Uri-Path. Not UTF-8 is refused by the endpoint before an event carries it.
    pub fn uri_path(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }

    /// Parameters of Uri-Query.
    pub fn uri_query(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }

    /// Segments of Location-Path.
    pub fn location_path(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }
}
