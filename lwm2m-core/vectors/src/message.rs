//! Vectors of CoAP: messages and values of options.

use lwm2m_core::coap::{Block, Message, OptionNumber, Options, is_newer};

use crate::{Fault, description, field::Fields, same};

/// A message is what its description says, and written as it was.
pub(crate) fn single(vector: &Fields<'_>) -> Result<(), Fault> {
    let octets = vector.hex("hex")?;
    let message = Message::parse(&octets).map_err(|error| format!("refused: {error}"))?;
    description::check(&message, vector.text("desc")?)?;
    let rebuilt: Options = message.options.iter().collect();
    let mut out = Default::default();
    Message { options: rebuilt.view(), ..message }.encode(&mut out);
    same("what is written", &hex(&out), &hex(&octets))
}

pub(crate) fn session(vector: &Fields<'_>) -> Result<(), Fault> {
    for message in vector.list("messages")? {
        single(&message).map_err(|fault| match fault {
            Fault::Wrong(why) => {
                Fault::Wrong(format!("{}: {why}", message.text("desc").unwrap_or("a message")))
            }
            Fault::NotImplemented => Fault::NotImplemented,
        })?;
    }
    Ok(())
}

pub(crate) fn block(vector: &Fields<'_>) -> Result<(), Fault> {
    let octets = vector.hex("hex")?;
    let block = Block::parse(&octets).ok_or("refused: longer than three octets".to_owned())?;
    same("num", &u64::from(block.num), &vector.number("num")?)?;
    same("more", &block.more, &vector.yes("more")?)?;
    same("size", &(block.size() as u64), &vector.number("size")?)?;
    let options = Options::new().with_uint(OptionNumber::BLOCK1, block.to_uint());
    same("what is written", &options.first(OptionNumber::BLOCK1), &Some(&octets[..]))?;
    same("what is read again", &options.block1(), &Some(block))
}

pub(crate) fn observe(vector: &Fields<'_>) -> Result<(), Fault> {
    let (octets, value) = (vector.hex("hex")?, vector.number("value")?);
    let options = Options::new().with_uint(OptionNumber::OBSERVE, value);
    same("what is written", &options.first(OptionNumber::OBSERVE), &Some(&octets[..]))?;
    let read = Options::new().with(OptionNumber::OBSERVE, &octets);
    same("the value", &read.observe().map(u64::from), &Some(value))
}

pub(crate) fn observe_order(vector: &Fields<'_>) -> Result<(), Fault> {
    let number = |name| u32::try_from(vector.number(name)?).map_err(|_| format!("`{name}` is too large"));
    let newer = is_newer(number("v1")?, number("v2")?);
    same("v2 is newer", &newer, &vector.yes("v2_is_newer_within_128s")?)
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
