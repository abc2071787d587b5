//! One record of a pack, as it stands there.

use std::borrow::Cow;

use crate::codec::{DecodeError, scalar::Scalar};

/// What a field of a record is. [RFC 8428 §4] [Core 1.2 §7.4]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::codec) enum Label {
    BaseVersion,
    BaseName,
    BaseTime,
    BaseUnit,
    BaseValue,
    BaseSum,
    Name,
    Unit,
    /// `v`: a number.
    Number,
    /// `vs`.
    Text,
    /// `vb`.
    Boolean,
    /// `vd`.
    Octets,
    /// `vlo`.
    Link,
    Sum,
    Time,
    UpdateTime,
    /// An extension. One that must be understood ends with an underline.
    Other {
        must: bool,
    },
}

impl Label {
    pub(in crate::codec) fn of_text(text: &str) -> Self {
        match text {
            "bver" => Self::BaseVersion,
            "bn" => Self::BaseName,
            "bt" => Self::BaseTime,
            "bu" => Self::BaseUnit,
            "bv" => Self::BaseValue,
            "bs" => Self::BaseSum,
            "n" => Self::Name,
            "u" => Self::Unit,
            "v" => Self::Number,
            "vs" => Self::Text,
            "vb" => Self::Boolean,
            "vd" => Self::Octets,
            "vlo" => Self::Link,
            "s" => Self::Sum,
            "t" => Self::Time,
            "ut" => Self::UpdateTime,
            other => Self::Other { must: other.ends_with('_') },
        }
    }

    /// [RFC 8428 §6]
    pub(in crate::codec) const fn of_number(number: i64) -> Self {
        match number {
            -1 => Self::BaseVersion,
            -2 => Self::BaseName,
            -3 => Self::BaseTime,
            -4 => Self::BaseUnit,
            -5 => Self::BaseValue,
            -6 => Self::BaseSum,
            0 => Self::Name,
            1 => Self::Unit,
            2 => Self::Number,
            3 => Self::Text,
            4 => Self::Boolean,
            5 => Self::Sum,
            6 => Self::Time,
            7 => Self::UpdateTime,
            8 => Self::Octets,
            _ => Self::Other { must: false },
        }
    }

    const fn bit(self) -> u32 {
        1 << match self {
            Self::BaseVersion => 0,
            Self::BaseName => 1,
            Self::BaseTime => 2,
            Self::BaseUnit => 3,
            Self::BaseValue => 4,
            Self::BaseSum => 5,
            Self::Name => 6,
            Self::Unit => 7,
            Self::Number => 8,
            Self::Text => 9,
            Self::Boolean => 10,
            Self::Octets => 11,
            Self::Link => 12,
            Self::Sum => 13,
            Self::Time => 14,
            Self::UpdateTime => 15,
            Self::Other { .. } => 16,
        }
    }
}

/// Something, and where it stands in the payload.
#[derive(Clone, Debug, Default)]
pub(in crate::codec) struct Spot<T> {
    pub(in crate::codec) is: T,
    pub(in crate::codec) offset: usize,
}

/// A record. One is used for all of a pack: only the fields that were seen count.
#[derive(Debug)]
pub(in crate::codec) struct Record<'a> {
    /// Where it begins.
    pub(in crate::codec) offset: usize,
    seen: u32,
    base_name: Spot<Cow<'a, str>>,
    name: Spot<Cow<'a, str>>,
    /// Microseconds.
    base_time: i64,
    time: i64,
    value: Spot<Scalar<'a>>,
    has_value: bool,
    /// The first field that a reader of LwM2M has to refuse.
    pub(in crate::codec) sum: Option<usize>,
    /// The first field that is not known, and one that must be.
    pub(in crate::codec) other: Option<usize>,
    pub(in crate::codec) must: Option<usize>,
}

impl<'a> Record<'a> {
    pub(in crate::codec) const fn new() -> Self {
        let none = Spot { is: Cow::Borrowed(""), offset: 0 };
        Self {
            offset: 0,
            seen: 0,
            base_name: Spot { is: Cow::Borrowed(""), offset: 0 },
            name: none,
            base_time: 0,
            time: 0,
            value: Spot { is: Scalar::Null, offset: 0 },
            has_value: false,
            sum: None,
            other: None,
            must: None,
        }
    }

    /// Begins the next record.
    pub(in crate::codec) const fn clear(&mut self, offset: usize) {
        self.offset = offset;
        self.seen = 0;
        self.has_value = false;
        self.sum = None;
        self.other = None;
        self.must = None;
    }

    /// Notes that a field of this label begins at `offset`. Refuses a second one.
    #[inline]
    pub(in crate::codec) fn begin(&mut self, label: Label, offset: usize) -> Result<(), DecodeError> {
        match label {
            Label::Other { must } => {
                self.other.get_or_insert(offset);
                if must {
                    self.must.get_or_insert(offset);
                }
            }
            _ if self.has(label) => {
                return Err(DecodeError::malformed(offset, "the record has this field twice"));
            }
            Label::Sum | Label::BaseSum | Label::BaseValue => {
                self.sum.get_or_insert(offset);
            }
            _ => {}
        }
        self.seen |= label.bit();
        Ok(())
    }

    pub(in crate::codec) const fn has(&self, label: Label) -> bool {
        self.seen & label.bit() != 0
    }

    /// Has it nothing but fields that set a base?
    pub(in crate::codec) const fn is_base_alone(&self) -> bool {
        let base =
            Label::BaseVersion.bit() | Label::BaseName.bit() | Label::BaseTime.bit() | Label::BaseUnit.bit();
        self.seen & base != 0 && self.seen & !base == 0
    }

    /// The place of a name or a base name.
    #[inline]
    pub(in crate::codec) const fn name_place(&mut self, label: Label, offset: usize) -> &mut Cow<'a, str> {
        let place = if matches!(label, Label::BaseName) { &mut self.base_name } else { &mut self.name };
        place.offset = offset;
        &mut place.is
    }

    pub(super) fn base_name(&self) -> Option<&Spot<Cow<'a, str>>> {
        self.has(Label::BaseName).then_some(&self.base_name)
    }

    pub(super) fn take_base_name(&mut self) -> Option<Cow<'a, str>> {
        self.has(Label::BaseName).then(|| std::mem::take(&mut self.base_name.is))
    }

    /// The name; without one nothing, where the record begins.
    pub(super) fn name(&self) -> (&str, usize) {
        if self.has(Label::Name) { (&self.name.is, self.name.offset) } else { ("", self.offset) }
    }

    pub(super) fn base_time(&self) -> Option<i64> {
        self.has(Label::BaseTime).then_some(self.base_time)
    }

    pub(super) fn time(&self) -> Option<i64> {
        self.has(Label::Time).then_some(self.time)
    }

    /// The place of the value. Refuses a second one.
    #[inline]
    pub(in crate::codec) fn value_place(&mut self, offset: usize) -> Result<&mut Scalar<'a>, DecodeError> {
        if self.has_value {
            return Err(DecodeError::malformed(offset, "the record has a value already"));
        }
        self.has_value = true;
        self.value.offset = offset;
        Ok(&mut self.value.is)
    }

    /// Takes the value. Refuses a second one.
    pub(in crate::codec) fn set_value(&mut self, is: Scalar<'a>, offset: usize) -> Result<(), DecodeError> {
        *self.value_place(offset)? = is;
        Ok(())
    }

    pub(super) fn value(&self) -> Option<&Spot<Scalar<'a>>> {
        self.has_value.then_some(&self.value)
    }

    /// The value; null, if there is none.
    pub(super) fn scalar(&mut self) -> &mut Scalar<'a> {
        if !self.has_value {
            self.value.is = Scalar::Null;
        }
        &mut self.value.is
    }

    /// Takes a time or a base time.
    pub(in crate::codec) fn set_time(
        &mut self,
        label: Label,
        is: &Scalar<'_>,
        offset: usize,
    ) -> Result<(), DecodeError> {
        let micros = is
            .micros()
            .ok_or_else(|| DecodeError::malformed(offset, "a time in seconds is expected here"))?;
        if label == Label::BaseTime {
            self.base_time = micros;
        } else {
            self.time = micros;
        }
        Ok(())
    }

    /// Refuses versions of SenML that are not known. [RFC 8428 §4.4]
    pub(in crate::codec) fn check_version(is: &Scalar<'_>, offset: usize) -> Result<(), DecodeError> {
        const KNOWN: i64 = 10_000_000;
        match is.micros() {
            Some(version) if version <= KNOWN => Ok(()),
            _ => Err(DecodeError::malformed(offset, "a version of SenML up to 10 is expected here")),
        }
    }
}
