//! Elements of DER, as far as the directories of a card have them: tags of one octet, definite lengths. [X.690]

use super::CardFault;

/// Octets of a file, with the place where they stand.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    octets: &'a [u8],
    /// Of the first of them.
    at: usize,
}

/// Tag and content.
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    /// Where it begins.
    pub(super) at: usize,
    pub(super) content: Reader<'a>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(octets: &'a [u8]) -> Self {
        Self { octets, at: 0 }
    }

    pub(super) const fn octets(&self) -> &'a [u8] {
        self.octets
    }

    pub(super) const fn fault(&self, why: &'static str) -> CardFault {
        CardFault { offset: self.at, why }
    }

    /// The next element; fill octets before it are passed over. `None`: nothing but those.
    pub(super) fn next(&mut self) -> Result<Option<Element<'a>>, CardFault> {
        while let Some((&(0x00 | 0xFF), _)) = self.octets.split_first() {
            self.skip(1);
        }
        let at = self.at;
        let Some((&tag, _)) = self.octets.split_first() else { return Ok(None) };
        if tag & 0x1F == 0x1F {
            return Err(self.fault("a tag of more than one octet"));
        }
        self.skip(1);
        let len = self.length()?;
        let Some(content) = self.octets.get(..len) else {
            return Err(CardFault { offset: at, why: "the element is longer than what holds it" });
        };
        let content = Self { octets: content, at: self.at };
        self.skip(len);
        Ok(Some(Element { tag, at, content }))
    }

    /// The next element, which has this tag.
    pub(super) fn expect(&mut self, tag: u8, why: &'static str) -> Result<Self, CardFault> {
        let here = *self;
        match self.next()? {
            Some(element) if element.tag == tag => Ok(element.content),
            Some(element) => Err(CardFault { offset: element.at, why }),
            None => Err(here.fault(why)),
        }
    }

    fn length(&mut self) -> Result<usize, CardFault> {
        let first = self.octet()?;
        match first {
            0..=0x7F => Ok(first.into()),
            0x81 => Ok(self.octet()?.into()),
            0x82 => Ok(usize::from(self.octet()?) << 8 | usize::from(self.octet()?)),
            _ => Err(CardFault { offset: self.at.saturating_sub(1), why: "a length that no file has" }),
        }
    }

    fn octet(&mut self) -> Result<u8, CardFault> {
        let (&octet, _) = self.octets.split_first().ok_or_else(|| self.fault("the length is cut off"))?;
        self.skip(1);
        Ok(octet)
    }

    fn skip(&mut self, octets: usize) {
        self.octets = self.octets.get(octets..).unwrap_or_default();
        self.at = self.at.saturating_add(octets);
    }
}
