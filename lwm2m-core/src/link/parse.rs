//! The parser of link payloads: one pass, and a second one where an alternate path is announced.

use std::borrow::Cow;

use crate::{Links, ObjectLink, ObjectVersion, Path, Tree, codec::ContentFormat};

use super::{LinkError, MAX_LINK_PAYLOAD, MAX_LINKS, ROOT_TYPE};

/// Parses links in the tree that one of them announces.
pub(super) fn announced(text: &str) -> Result<Links, LinkError> {
    Parser::new(text, Tree::DEFAULT, false).payload()
}

/// Parses links in a given tree.
pub(super) fn below(tree: Tree, text: &str) -> Result<Links, LinkError> {
    Parser::new(text, tree, true).payload()
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// Links seen, also those that are passed over.
    count: usize,
    /// The tree is settled: no root link changes it any more.
    settled: bool,
    links: Links,
}

/// Where a target lies.
enum Place {
    Root,
    Node(Path),
    Outside,
}

/// One `name`, `name=value` or `name="value"`.
struct Parameter<'a> {
    name: &'a str,
    value: Option<Cow<'a, str>>,
    /// Where the value begins, else the name.
    at: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, tree: Tree, settled: bool) -> Self {
        Self { text, at: 0, count: 0, settled, links: Links { tree, ..Links::default() } }
    }

    fn payload(mut self) -> Result<Links, LinkError> {
        if self.text.len() > MAX_LINK_PAYLOAD {
            return Err(LinkError { position: MAX_LINK_PAYLOAD, why: "the payload is too long" });
        }
        let expected = self.text.bytes().filter(|b| *b == b'<').count();
        self.links.objects.reserve_exact(expected.min(MAX_LINKS).min(self.text.len() / 4 + 1));
        self.skip_space();
        if self.rest().is_empty() {
            return Ok(self.links);
        }
        if self.rest().starts_with("lwm2m") {
            self.bare_version()?;
        } else {
            self.link()?;
        }
        while self.take(b',') {
            self.link()?;
        }
        if self.rest().is_empty() {
            Ok(self.links)
        } else {
            self.error("a comma is missing before this link")
        }
    }

    /// The form of LwM2M 1.0: `lwm2m="1.0"` without a target, before the links.
    fn bare_version(&mut self) -> Result<(), LinkError> {
        let parameter = self.parameter()?;
        self.root_parameter(&parameter)
    }

    fn link(&mut self) -> Result<(), LinkError> {
        self.skip_space();
        self.count = self.count.saturating_add(1);
        if self.count > MAX_LINKS {
            return self.error("there are too many links");
        }
        let begin = self.at;
        let target = self.target()?;
        let place = self.place(target);
        let mut link = ObjectLink::default();
        while self.take(b';') {
            let parameter = self.parameter()?;
            match place {
                _ if parameter.name == "rt" && !self.settled => {
                    if let Some(tree) = announcement(target, &place, &parameter, begin)? {
                        self.settled = true;
                        if tree != self.links.tree {
                            return self.again(tree);
                        }
                    }
                }
                Place::Root => self.root_parameter(&parameter)?,
                Place::Node(_) => link_parameter(&mut link, &parameter)?,
                Place::Outside => {}
            }
        }
        if let Place::Node(path) = place {
            link.path = path;
            self.links.objects.push(link);
        }
        Ok(())
    }

    /// Starts over, now that the tree is known: links before the announcement belong to it too.
    fn again(&mut self, tree: Tree) -> Result<(), LinkError> {
        self.links.tree = tree;
        self.links.objects.clear();
        self.links.formats.clear();
        self.links.version = None;
        (self.at, self.count) = (0, 0);
        self.skip_space();
        if self.rest().starts_with("lwm2m") { self.bare_version() } else { self.link() }
    }

    fn target(&mut self) -> Result<&'a str, LinkError> {
        if self.peek() != Some(b'<') {
            return self.error("a link begins with <");
        }
        let rest = self.rest().get(1..).unwrap_or("");
        let end = rest.bytes().position(|b| matches!(b, b'<' | b'>')).unwrap_or(rest.len());
        if rest.as_bytes().get(end) != Some(&b'>') {
            return self.error("this < has no >");
        }
        self.at += end + 2;
        self.separated()?;
        Ok(rest.get(..end).unwrap_or(""))
    }

    /// What follows is another attribute, another link or nothing.
    fn separated(&mut self) -> Result<(), LinkError> {
        self.skip_space();
        match self.peek() {
            None | Some(b';' | b',') => Ok(()),
            Some(_) => self.error("a ; or a comma is missing"),
        }
    }

    fn place(&self, target: &str) -> Place {
        let rest = if self.links.tree.is_default() {
            target // comparing with an empty prefix costs more than all the rest on some processors
        } else {
            match target.strip_prefix(self.links.tree.prefix()) {
                Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
                _ => return Place::Outside,
            }
        };
        match node(rest.as_bytes()) {
            Some(path) if path.is_root() => Place::Root,
            Some(path) => Place::Node(path),
            None => Place::Outside,
        }
    }

    /// What follows a semicolon. [RFC 6690 §2]
    fn parameter(&mut self) -> Result<Parameter<'a>, LinkError> {
        self.skip_space();
        let begin = self.at;
        let name = self.word(b"=;,", "an attribute has no name")?;
        if !self.take(b'=') {
            return Ok(Parameter { name, value: None, at: begin });
        }
        self.skip_space();
        let at = self.at;
        let value = if self.take(b'"') {
            self.quoted()?
        } else {
            Cow::Borrowed(self.word(b";,", "a value is missing; an empty one is written \"\"")?)
        };
        Ok(Parameter { name, value: Some(value), at })
    }

    /// What stands before one of these bytes: without quotes it has no space in it, only after it.
    fn word(&mut self, ends: &[u8], missing: &'static str) -> Result<&'a str, LinkError> {
        let rest = self.rest();
        let end = rest.bytes().position(|b| ends.contains(&b)).unwrap_or(rest.len());
        let found = rest.get(..end).unwrap_or("").trim_end_matches(SPACE);
        if found.is_empty() {
            return self.error(missing);
        }
        if let Some(stray) = found.bytes().position(|b| matches!(b, b'<' | b'>' | b'"')) {
            self.at += stray;
            return self.error("a comma or a quote is missing before this");
        }
        if let Some(space) = found.find(SPACE) {
            self.at += space;
            return self.error("what has a space in it is written in quotes");
        }
        self.at += end;
        Ok(found)
    }

    /// The rest of a quoted text, its opening quote taken. [RFC 6690 §2]
    fn quoted(&mut self) -> Result<Cow<'a, str>, LinkError> {
        let opening = self.at.saturating_sub(1);
        let rest = self.rest();
        let mut text = Cow::Borrowed("");
        let mut from = 0;
        while let Some(stop) = rest.get(from..).and_then(|tail| tail.find(['"', '\\'])) {
            let stop = from + stop;
            text += rest.get(from..stop).unwrap_or("");
            if rest.get(stop..).is_some_and(|tail| tail.starts_with('"')) {
                self.at += stop + 1;
                self.separated()?;
                return Ok(text);
            }
            let escaped = rest.get(stop + 1..).and_then(|tail| tail.chars().next());
            text.to_mut().extend(escaped);
            from = stop + 1 + escaped.map_or(0, char::len_utf8);
        }
        Err(LinkError { position: opening, why: "this quote does not end" })
    }

    fn root_parameter(&mut self, parameter: &Parameter<'_>) -> Result<(), LinkError> {
        let Some(value) = parameter.value.as_deref() else { return Ok(()) };
        match parameter.name {
            "ct" => {
                for word in value.split(SPACE).filter(|word| !word.is_empty()) {
                    let format = ContentFormat(parameter.number(word)?);
                    if !self.links.formats.contains(&format) {
                        self.links.formats.push(format);
                    }
                }
            }
            "lwm2m" => match value.parse() {
                Ok(version) => self.links.version = Some(version),
                Err(_) if value.parse::<ObjectVersion>().is_ok() => self.links.version = None,
                Err(_) => return Err(parameter.error(VERSION_FORM)),
            },
            _ => {}
        }
        Ok(())
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Takes one byte and the space before it, if that byte comes next.
    fn take(&mut self, byte: u8) -> bool {
        self.skip_space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn error<T>(&self, why: &'static str) -> Result<T, LinkError> {
        Err(LinkError { position: self.at, why })
    }
}

const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];
const VERSION_FORM: &str = "a version is written major.minor, for example 1.1";

/// The path of a target, with or without slashes around it. `None`: it names no node.
fn node(target: &[u8]) -> Option<Path> {
    let mut path = Path::ROOT;
    let mut ids = target;
    while let Some(rest) = ids.strip_prefix(b"/") {
        ids = rest;
    }
    while let Some((first, _)) = ids.split_first() {
        let mut id = 0_u16;
        let mut length = 0_usize;
        for digit in ids.iter().take_while(|b| b.is_ascii_digit()) {
            id = id.checked_mul(10)?.checked_add(u16::from(digit - b'0'))?;
            length += 1;
        }
        if length == 0 || (length > 1 && *first == b'0') {
            return None;
        }
        path = path.push(id).ok()?;
        ids = ids.get(length..)?;
        match ids {
            [] => {}
            [b'/', rest @ ..] => ids = rest,
            _ => return None,
        }
    }
    Some(path)
}

/// The tree that a link announces as root of the data model, if it does.
fn announcement(
    target: &str,
    place: &Place,
    parameter: &Parameter<'_>,
    position: usize,
) -> Result<Option<Tree>, LinkError> {
    let types = parameter.value.as_deref().unwrap_or("");
    if !types.split(SPACE).any(|name| name == ROOT_TYPE) {
        return Ok(None);
    }
    match place {
        Place::Root => Ok(Some(Tree::DEFAULT)),
        Place::Node(_) => Ok(None),
        Place::Outside => Tree::below(target.trim_end_matches('/'))
            .map(Some)
            .map_err(|error| LinkError { position, why: error.why() }),
    }
}

fn link_parameter(link: &mut ObjectLink, parameter: &Parameter<'_>) -> Result<(), LinkError> {
    // an attribute without a value takes nothing away here: only a Write-Attributes query does that
    let Some(value) = parameter.value.as_deref() else { return Ok(()) };
    match parameter.name {
        "ver" => link.version = Some(value.parse().map_err(|_| parameter.error(VERSION_FORM))?),
        "dim" => link.dimension = Some(parameter.number(value)?),
        "ssid" => link.short_server_id = Some(parameter.number(value)?),
        "uri" => link.uri = Some(value.to_owned()),
        name => match link.attributes.assign(name, Some(value)) {
            Ok(()) | Err(crate::AttributeError::Unknown) => {}
            Err(error) => return Err(parameter.error(error.why())),
        },
    }
    Ok(())
}

impl Parameter<'_> {
    fn number(&self, text: &str) -> Result<u16, LinkError> {
        let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let number = if plain { text.parse().ok() } else { None };
        number.ok_or_else(|| self.error("a whole number from 0 to 65535 is expected"))
    }

    const fn error(&self, why: &'static str) -> LinkError {
        LinkError { position: self.at, why }
    }
}
