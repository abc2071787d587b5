//! SenML in JSON (110), and SenML-ETCH (320). [RFC 8428 §5] [RFC 8790] [Core 1.2 §7.4]

mod read;
mod write;

pub(super) use self::{
    read::{Fields, LabelOf, number, offset_in, records, string, syntax},
    write::{Packs, key, open, put_name, put_plain, put_text, seconds},
};

use super::{
    Context, DecodeError,
    leaf::Sink,
    scalar::Scalar,
    senml::{Label, Pack, Purpose, Syntax},
};

pub(super) type Json = Packs<false>;
pub(super) type EtchJson = Packs<true>;

const FIELDS: Fields = Fields { label: Label::of_text, text: |text| Scalar::Text(text) };

impl<const ETCH: bool> Syntax for Packs<ETCH> {
    fn read<S: Sink>(
        cx: &Context<'_>,
        bytes: &[u8],
        purpose: Purpose,
        sink: &mut S,
    ) -> Result<(), DecodeError> {
        let text = text(bytes)?;
        records(Pack::new(cx, purpose, ETCH), text, text, FIELDS, sink)
    }
}

/// JSON is UTF-8.
pub(super) fn text(bytes: &[u8]) -> Result<&str, DecodeError> {
    str::from_utf8(bytes)
        .map_err(|error| DecodeError::malformed(error.valid_up_to(), "the text is not UTF-8"))
}
