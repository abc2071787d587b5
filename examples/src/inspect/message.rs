//! Whole CoAP messages in one line of words: `CON GET /3/0?a=b mid=1 token=aa accept=tlv`.

use std::fmt::Write as _;

use bytes::BytesMut;
use lwm2m_core::{
    Code, Path, Tree,
    coap::{Block, Message, MessageId, MessageType, OptionNumber, Options, Token},
    codec::ContentFormat,
};

use crate::{
    inspect::{
        decode::Mode,
        input::{Form, octets, to_hex},
        refusal,
    },
    text::{self, Mistake},
};

/// Reads a datagram.
///
/// # Errors
/// Why it is refused, and below that the place.
pub fn parse(datagram: &[u8]) -> Result<Message<'_>, Mistake> {
    Message::parse(datagram).map_err(|error| {
        let what = format!("byte {}: {}", error.offset, error.what);
        Mistake::new(refusal::explain(&what, Some(error.offset), datagram, false))
    })
}

/// The words of a message, without its payload. [`build`] understands them.
#[must_use]
pub fn words(message: &Message<'_>) -> String {
    let kind = KINDS.iter().find(|(_, kind)| *kind == message.kind).map_or("", |(word, _)| word);
    let code = message.code;
    let code = if code.is_request() && !code.reason().is_empty() {
        code.to_string()
    } else {
        format!("{}.{:02}", code.class(), code.detail())
    };
    let mut text = format!("{kind} {code}");
    let path: Vec<_> = message.options.texts(OptionNumber::URI_PATH).collect();
    let query: Vec<_> = message.options.texts(OptionNumber::URI_QUERY).collect();
    if !path.is_empty() || !query.is_empty() || message.code.is_request() {
        let mark = if query.is_empty() { "" } else { "?" };
        let _ = write!(text, " /{}{mark}{}", path.join("/"), query.join("&"));
    }
    let _ = write!(text, " mid={}", message.id.0);
    if !message.token.as_bytes().is_empty() {
        let _ = write!(text, " token={:?}", message.token);
    }
    let location: Vec<_> = message.options.texts(OptionNumber::LOCATION_PATH).collect();
    if !location.is_empty() {
        let _ = write!(text, " location=/{}", location.join("/"));
    }
    for (number, value) in message.options.iter() {
        text.push_str(&option(number, value));
    }
    text
}

const KINDS: [(&str, MessageType); 4] = [
    ("CON", MessageType::Confirmable),
    ("NON", MessageType::NonConfirmable),
    ("ACK", MessageType::Acknowledgement),
    ("RST", MessageType::Reset),
];

const METHODS: [(&str, Code); 7] = [
    ("GET", Code::GET),
    ("POST", Code::POST),
    ("PUT", Code::PUT),
    ("DELETE", Code::DELETE),
    ("FETCH", Code::FETCH),
    ("PATCH", Code(6)),
    ("iPATCH", Code::IPATCH),
];

fn option(number: OptionNumber, value: &[u8]) -> String {
    let uint = || Options::new().with(number, value).uint(number);
    match number {
        OptionNumber::URI_PATH | OptionNumber::URI_QUERY | OptionNumber::LOCATION_PATH => String::new(),
        OptionNumber::OBSERVE => format!(" observe={}", uint().unwrap_or_default()),
        OptionNumber::CONTENT_FORMAT | OptionNumber::ACCEPT => {
            let name = if number == OptionNumber::ACCEPT { "accept" } else { "ct" };
            let format = uint().and_then(|number| u16::try_from(number).ok()).map(ContentFormat);
            format!(" {name}={}", format.map(text::format_name).unwrap_or_default())
        }
        OptionNumber::BLOCK1 | OptionNumber::BLOCK2 => match Block::parse(value) {
            Some(block) => {
                let name = if number == OptionNumber::BLOCK1 { "block1" } else { "block2" };
                format!(" {name}={}{}/{}", block.num, if block.more { "+" } else { "" }, block.size())
            }
            None => String::new(),
        },
        OptionNumber::SIZE1 => format!(" size1={}", uint().unwrap_or_default()),
        OptionNumber::SIZE2 => format!(" size2={}", uint().unwrap_or_default()),
        OptionNumber::MAX_AGE => format!(" max-age={}", uint().unwrap_or_default()),
        _ => format!(" option={}:{}", number.0, to_hex(value)),
    }
}

/// The message that these words say, with a payload.
///
/// # Errors
/// A word is not understood.
pub fn build(words: &[String], payload: &[u8]) -> Result<Vec<u8>, Mistake> {
    let mut words = words.iter().flat_map(|words| words.split_whitespace());
    let kind = words.next().unwrap_or_default();
    let Some((_, kind)) = KINDS.iter().find(|(word, _)| *word == kind) else {
        return Err(Mistake::new(format!("`{kind}`: a message begins with CON, NON, ACK or RST")));
    };
    let code = code(words.next().unwrap_or("0.00"))?;
    let mut parts = Parts { id: MessageId(0), token: Token::EMPTY, options: Vec::new() };
    for word in words {
        parts.word(word)?;
    }
    parts.options.sort_by_key(|(number, _)| *number);
    let options: Options = parts.options.iter().map(|(number, value)| (*number, &value[..])).collect();
    let mut out = BytesMut::new();
    let Parts { id, token, .. } = parts;
    Message { kind: *kind, code, id, token, options: options.view(), payload }.encode(&mut out);
    parse(&out)?; // the words may say what no message is
    Ok(out.to_vec())
}

fn code(word: &str) -> Result<Code, Mistake> {
    if let Some((_, code)) = METHODS.iter().find(|(method, _)| *method == word) {
        return Ok(*code);
    }
    let parts =
        word.split_once('.').and_then(|(class, detail)| Some((class.parse().ok()?, detail.parse().ok()?)));
    match parts {
        Some((class @ 0..=7_u8, detail @ 0..=31_u8)) => Ok(Code(class << 5 | detail)),
        _ => Err(Mistake::new(format!("`{word}`: a code is a method such as GET, or a number such as 2.05"))),
    }
}

struct Parts {
    id: MessageId,
    token: Token,
    options: Vec<(OptionNumber, Vec<u8>)>,
}

impl Parts {
    fn word(&mut self, word: &str) -> Result<(), Mistake> {
        if let Some(target) = word.strip_prefix('/') {
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            self.texts(OptionNumber::URI_PATH, path, '/');
            self.texts(OptionNumber::URI_QUERY, query, '&');
            return Ok(());
        }
        let (name, value) = word
            .split_once('=')
            .ok_or_else(|| Mistake::new(format!("`{word}`: /path?query or name=value is expected")))?;
        let wrong = || Mistake::new(format!("`{word}`: `{value}` is no value of {name}"));
        let number = || value.parse::<u64>().map_err(|_| wrong());
        let format = || text::format(value).map(|format| u64::from(format.0));
        match name {
            "mid" => self.id = MessageId(value.parse().map_err(|_| wrong())?),
            "token" => self.token = Token::new(&octets(value, Form::Hex)?).ok_or_else(wrong)?,
            "location" => self.texts(OptionNumber::LOCATION_PATH, value.trim_start_matches('/'), '/'),
            "observe" => self.uint(OptionNumber::OBSERVE, number()?),
            "ct" => self.uint(OptionNumber::CONTENT_FORMAT, format()?),
            "accept" => self.uint(OptionNumber::ACCEPT, format()?),
            "size1" => self.uint(OptionNumber::SIZE1, number()?),
            "size2" => self.uint(OptionNumber::SIZE2, number()?),
            "max-age" => self.uint(OptionNumber::MAX_AGE, number()?),
            "block1" => self.uint(OptionNumber::BLOCK1, block(value).ok_or_else(wrong)?.to_uint()),
            "block2" => self.uint(OptionNumber::BLOCK2, block(value).ok_or_else(wrong)?.to_uint()),
            "option" => {
                let (number, digits) = value.split_once(':').ok_or_else(wrong)?;
                let number = OptionNumber(number.parse().map_err(|_| wrong())?);
                self.options.push((number, octets(digits, Form::Hex)?));
            }
            _ => {
                return Err(Mistake::new(format!(
                    "`{word}`: there are mid, token, observe, ct, accept, block1, block2, size1, size2, max-age, \
                     location and option"
                )));
            }
        }
        Ok(())
    }

    fn texts(&mut self, number: OptionNumber, text: &str, separator: char) {
        let parts = text.split(separator).filter(|_| !text.is_empty());
        self.options.extend(parts.map(|part| (number, part.as_bytes().to_vec())));
    }

    fn uint(&mut self, number: OptionNumber, value: u64) {
        let value = Options::new().with_uint(number, value).first(number).unwrap_or_default().to_vec();
        self.options.push((number, value));
    }
}

/// `3+/64`
fn block(text: &str) -> Option<Block> {
    let (number, size) = text.split_once('/')?;
    let (number, more) = number.strip_suffix('+').map_or((number, false), |number| (number, true));
    let size: usize = size.parse().ok()?;
    let szx = Block::szx_within(size).filter(|szx| 16 << szx == size)?;
    Some(Block { num: number.parse().ok()?, more, szx })
}

/// First segments of what servers offer: no alternate paths.
const OF_SERVERS: [&str; 4] = ["rd", "bs", "bspack", "dp"];

/// What a request addresses: the tree and the path in it; nothing where the path is none of the data model.
#[must_use]
pub fn place(message: &Message<'_>) -> Option<(Tree, Path)> {
    let segments: Vec<&str> = message.options.texts(OptionNumber::URI_PATH).collect();
    if segments.first().is_some_and(|first| OF_SERVERS.contains(first)) {
        return None;
    }
    let is_number = |segment: &&str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    let split = segments.iter().position(is_number).unwrap_or(segments.len());
    let (prefix, path) = segments.split_at_checked(split)?;
    let tree = Tree::below(&format!("/{}", prefix.join("/"))).ok()?;
    Some((tree, format!("/{}", path.join("/")).parse().ok()?))
}

/// What kind of payload a message has: composite operations, Create and Send have their own.
#[must_use]
pub fn mode(message: &Message<'_>) -> Mode {
    let mut path = message.options.texts(OptionNumber::URI_PATH);
    let is_send = path.next() == Some("dp") && path.next().is_none();
    match message.code {
        Code::FETCH => Mode::Paths,
        Code::IPATCH => Mode::Patch,
        Code::POST if is_send => Mode::Many,
        Code::POST if place(message).is_some_and(|(_, path)| path.depth() == 1) => Mode::Create,
        _ => Mode::Value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_octets_are_inverse() {
        for words_ in [
            "CON GET /3/0 mid=1 token=aa accept=tlv",
            "CON POST /rd?ep=node1&lt=300 mid=4660 token=01 ct=link",
            "NON 2.05 mid=7 token=0a0b observe=3 ct=senml-cbor max-age=30",
            "ACK 2.01 mid=9 location=/rd/5a3f",
            "CON PUT /5/0/0 mid=2 token=f1 ct=opaque block1=2+/128 size1=4000 option=258:1a",
            "RST 0.00 mid=5",
            "CON FETCH / mid=10 ct=112 accept=65000",
        ] {
            let octets = build(&[words_.to_owned()], b"").unwrap();
            let expected = words_.replace("ct=112", "ct=senml-cbor");
            assert_eq!(words(&parse(&octets).unwrap()), expected);
        }
    }

    #[test]
    fn what_is_no_message_is_explained() {
        for (words, why) in [
            ("GET /3", "`GET`: a message begins with CON, NON, ACK or RST"),
            ("CON 9.00", "`9.00`: a code is a method such as GET, or a number such as 2.05"),
            ("CON GET 3", "`3`: /path?query or name=value is expected"),
            ("CON GET mid=70000", "`mid=70000`: `70000` is no value of mid"),
            ("CON PUT block1=1/100", "`block1=1/100`: `1/100` is no value of block1"),
            (
                "CON GET token=010203040506070809",
                "`token=010203040506070809`: `010203040506070809` is no value of token",
            ),
        ] {
            assert_eq!(build(&[words.to_owned()], b""), Err(Mistake::new(why)), "{words}");
        }
        let told = parse(&[0x41, 0x01, 0, 1]).unwrap_err().0;
        assert!(
            told.starts_with("byte 4: the token ends after the message\n") && told.ends_with("^^ the end"),
            "{told}"
        );
    }
}
