//! What a line means.

use std::{collections::BTreeMap, time::Duration};

use lwm2m_core::{
    Arguments, AttributeEdit, Attributes, Model, Node, Path, ResourceId, Version, codec::ContentFormat,
};

use super::help::usage;
use crate::{
    cli,
    text::{self, Mistake, word},
};

/// How long `wait` waits unless told otherwise.
const WAIT: Duration = Duration::from_secs(60);

/// One command of the console.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// All registrations.
    List,
    /// One registration, by its endpoint name.
    Show(String),
    /// Wait until this endpoint is registered, for so long.
    Wait(String, Duration),
    /// One operation on one client.
    Ask {
        /// The client's endpoint name.
        endpoint: String,
        /// What it is about.
        path: Path,
        /// The operation.
        verb: Verb,
    },
    /// One operation on several places of one client.
    AskMany {
        /// The client's endpoint name.
        endpoint: String,
        /// The operation.
        verb: Many,
    },
    /// One operation on every registered client whose name matches.
    Group {
        /// A name in which each `*` stands for any text.
        pattern: String,
        /// What it is about.
        path: Path,
        /// The operation.
        verb: Verb,
    },
    /// Whether a client can be reached.
    Presence(String),
    /// What waits for a client.
    Queue(String),
    /// Take a request out of the queue of a client.
    CancelRequest(String, u64),
    /// Cancel the observation of a path, or of several places (the root); without a path, all of this endpoint.
    Cancel(String, Option<Path>),
    /// Help for all commands, or for one.
    Help(Option<String>),
    /// End the program.
    Quit,
}

/// An operation.
#[derive(Clone, Debug, PartialEq)]
pub enum Verb {
    /// Read, in a format of one's choice.
    Read(Option<ContentFormat>),
    /// Discover, so many levels deep.
    Discover(Option<u8>),
    /// Write, replacing what is there.
    Replace(Node),
    /// Write, keeping what is not named.
    Update(Node),
    /// Write-Attributes.
    Attributes(AttributeEdit),
    /// Execute.
    Execute(Arguments),
    /// Create an instance with these values.
    Create(BTreeMap<ResourceId, Node>),
    /// Delete.
    Delete,
    /// Observe, with attributes of its own.
    Observe(Attributes),
}

/// What several places are to hold; without a value a place is removed.
pub type Parts = Vec<(Path, Option<Node>)>;

/// An operation on several places.
#[derive(Clone, Debug, PartialEq)]
pub enum Many {
    /// Read-Composite.
    Read(Vec<Path>),
    /// Write-Composite.
    Write(Parts),
    /// Observe-Composite.
    Observe(Vec<Path>),
}

impl Command {
    /// Reads a line. `None`: there is nothing on it but perhaps a comment.
    ///
    /// # Errors
    /// The command is not known, or what follows it does not fit. The text says what is expected.
    pub fn parse(line: &str, model: &dyn Model) -> Result<Option<Self>, Mistake> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        let (name, rest) = word(line)?;
        let rest = Rest { name: &name, text: rest };
        match name.as_str() {
            "list" | "ls" => rest.end(Self::List),
            "show" => {
                let (endpoint, rest) = rest.endpoint()?;
                rest.end(Self::Show(endpoint))
            }
            "presence" => {
                let (endpoint, rest) = rest.endpoint()?;
                rest.end(Self::Presence(endpoint))
            }
            "queue" => {
                let (endpoint, rest) = rest.endpoint()?;
                rest.end(Self::Queue(endpoint))
            }
            "cancel-request" => {
                let (endpoint, rest) = rest.endpoint()?;
                let (number, rest) = rest.word("a number")?;
                let wrong = || Mistake::new(format!("`{number}` is no number of a request"));
                rest.end(Self::CancelRequest(endpoint, number.parse().map_err(|_| wrong())?))
            }
            "group" => group(rest, model),
            "wait" => {
                let (endpoint, rest) = rest.endpoint()?;
                let time = rest.optional()?.map(|text| cli::seconds(&text)).transpose();
                let time = time.map_err(|mistake| Mistake::new(mistake.to_owned()))?;
                Ok(Self::Wait(endpoint, time.unwrap_or(WAIT)))
            }
            "cancel" => {
                let (endpoint, rest) = rest.endpoint()?;
                let path = rest.optional()?.map(|text| parse_path(&text)).transpose()?;
                Ok(Self::Cancel(endpoint, path))
            }
            "read-composite" => rest.paths().map(|(endpoint, paths)| many(endpoint, Many::Read(paths))),
            "write-composite" => {
                let (endpoint, parts) = rest.parts(model)?;
                Ok(many(endpoint, Many::Write(parts)))
            }
            "observe-composite" => rest.paths().map(|(endpoint, paths)| many(endpoint, Many::Observe(paths))),
            "help" | "?" => Ok(Self::Help(rest.optional()?)),
            "quit" | "exit" => rest.end(Self::Quit),
            _ => verb(rest, model),
        }
        .map(Some)
    }
}

const fn many(endpoint: String, verb: Many) -> Command {
    Command::AskMany { endpoint, verb }
}

fn verb(rest: Rest<'_>, model: &dyn Model) -> Result<Command, Mistake> {
    let parse: fn(Rest<'_>, Path, &dyn Model) -> Result<Verb, Mistake> = match rest.name {
        "read" | "get" => {
            |rest, _, _| Ok(Verb::Read(rest.optional()?.map(|name| text::format(&name)).transpose()?))
        }
        "discover" => |rest, _, _| Ok(Verb::Discover(rest.optional()?.map(|text| depth(&text)).transpose()?)),
        "write" | "put" => |rest, path, model| Ok(Verb::Replace(value(rest, path, model)?)),
        "update" => |rest, path, model| Ok(Verb::Update(value(rest, path, model)?)),
        "attributes" => |rest, path, model| {
            let edit = attributes(&rest, path, model)?;
            if edit.is_empty() { Err(rest.missing("an attribute")) } else { Ok(Verb::Attributes(edit)) }
        },
        "execute" | "exec" => |rest, _, _| execute(rest),
        "create" => create,
        "delete" => |rest, _, _| rest.end(Verb::Delete),
        "observe" => |rest, path, model| {
            let edit = attributes(&rest, path, model)?;
            Ok(Verb::Observe(edit.into_attributes().map_err(|rejection| Mistake::new(rejection.detail))?))
        },
        name => return Err(Mistake::new(format!("`{name}` is no command; `help` lists them"))),
    };
    let (endpoint, path, rest) = rest.place()?;
    Ok(Command::Ask { endpoint, path, verb: parse(rest, path, model)? })
}

/// `lamp-* write /3311/0/5850 true`
fn group(rest: Rest<'_>, model: &dyn Model) -> Result<Command, Mistake> {
    let (pattern, rest) = rest.word("a pattern of endpoints")?;
    let (name, rest) = rest.word("an operation")?;
    // The same line for one client says the same.
    let quoted = format!("\"{}\" {}", pattern.replace('"', ""), rest.text);
    match verb(Rest { name: &name, text: &quoted }, model)? {
        Command::Ask { verb: Verb::Observe(_), .. } => {
            Err(Mistake::new("a group cannot be observed: observe its members".to_owned()))
        }
        Command::Ask { path, verb, .. } => Ok(Command::Group { pattern, path, verb }),
        other => Ok(other),
    }
}

fn value(rest: Rest<'_>, path: Path, model: &dyn Model) -> Result<Node, Mistake> {
    if rest.text.trim().is_empty() && path.depth() > 2 {
        return Err(rest.missing("a value"));
    }
    text::node(model, path, rest.text)
}

fn depth(text: &str) -> Result<u8, Mistake> {
    text.parse()
        .ok()
        .filter(|depth| *depth <= 3)
        .ok_or_else(|| Mistake::new(format!("`{text}`: 0 to 3 levels")))
}

/// `pmin=10 pmax=60 gt`, also joined with `&`; a name without a value takes the attribute away.
fn attributes(rest: &Rest<'_>, path: Path, model: &dyn Model) -> Result<AttributeEdit, Mistake> {
    let parts = rest.text.split([' ', '&']).map(str::trim).filter(|part| !part.is_empty());
    let edit = AttributeEdit::parse(parts).map_err(|rejection| Mistake::new(rejection.detail))?;
    let place = path.object_id().zip(path.resource_id());
    let resource = place.and_then(|(object, resource)| model.resource(object, resource));
    edit.check_place(path, resource, Version::V1_2).map_err(|error| Mistake::new(error.to_string()))?;
    Ok(edit)
}

fn execute(rest: Rest<'_>) -> Result<Verb, Mistake> {
    let arguments = rest.text.trim().parse().map_err(|error| {
        Mistake::new(format!("arguments are digits, each with or without a text, such as 0='now',1: {error}"))
    })?;
    Ok(Verb::Execute(arguments))
}

fn create(rest: Rest<'_>, path: Path, model: &dyn Model) -> Result<Verb, Mistake> {
    if !matches!(path.depth(), 1 | 2) {
        let text = "create takes an object such as /3311, or an instance such as /3311/1";
        return Err(Mistake::new(format!("{path}: {text}")));
    }
    Ok(Verb::Create(text::resources(model, path, rest.text)?))
}

fn parse_path(text: &str) -> Result<Path, Mistake> {
    text.parse().map_err(|error| Mistake::new(format!("`{text}` is no path such as /3303/0/5700: {error}")))
}

/// What follows on the line of command `name`.
#[derive(Clone, Copy)]
struct Rest<'a> {
    name: &'a str,
    text: &'a str,
}

impl<'a> Rest<'a> {
    fn missing(self, what: &str) -> Mistake {
        Mistake::new(format!("{what} is missing: {}", usage(self.name)))
    }

    fn word(self, what: &str) -> Result<(String, Self), Mistake> {
        let (word, text) = word(self.text)?;
        if word.is_empty() {
            return Err(self.missing(what));
        }
        Ok((word, Self { name: self.name, text }))
    }

    fn endpoint(self) -> Result<(String, Self), Mistake> {
        self.word("an endpoint")
    }

    fn place(self) -> Result<(String, Path, Self), Mistake> {
        let (endpoint, rest) = self.endpoint()?;
        let (path, rest) = rest.word("a path")?;
        Ok((endpoint, parse_path(&path)?, rest))
    }

    /// An endpoint and places.
    fn paths(self) -> Result<(String, Vec<Path>), Mistake> {
        let (endpoint, mut rest) = self.endpoint()?;
        let mut paths = Vec::new();
        while paths.is_empty() || !rest.text.trim().is_empty() {
            let (path, more) = rest.word("a path")?;
            paths.push(parse_path(&path)?);
            rest = more;
        }
        Ok((endpoint, paths))
    }

    /// An endpoint, and `PATH=VALUE` or `-PATH`.
    fn parts(self, model: &dyn Model) -> Result<(String, Parts), Mistake> {
        let (endpoint, mut rest) = self.endpoint()?;
        let mut parts = Vec::new();
        while parts.is_empty() || !rest.text.trim().is_empty() {
            let (part, more) = rest.word("a value")?;
            parts.push(match (part.strip_prefix('-'), part.split_once('=')) {
                (Some(path), _) => (parse_path(path)?, None),
                (None, Some((path, value))) => {
                    let path = parse_path(path)?;
                    if path.depth() < 3 {
                        return Err(Mistake::new(format!("{path}: a resource is expected")));
                    }
                    (path, Some(text::node(model, path, value)?))
                }
                (None, None) => return Err(self.missing("a value")),
            });
            rest = more;
        }
        Ok((endpoint, parts))
    }

    /// The last word, if there is one.
    fn optional(self) -> Result<Option<String>, Mistake> {
        let (word, text) = word(self.text)?;
        Self { name: self.name, text }.end(Some(word).filter(|word| !word.is_empty()))
    }

    fn end<T>(self, command: T) -> Result<T, Mistake> {
        match self.text.trim() {
            "" => Ok(command),
            more => Err(Mistake::new(format!("`{more}` is too much: {}", usage(self.name)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use lwm2m_core::{Attribute, Value};
    use lwm2m_objects::Registry;

    use super::*;

    fn parse(line: &str) -> Result<Option<Command>, String> {
        Command::parse(line, &Registry).map_err(|mistake| mistake.0)
    }

    fn path(text: &str) -> Path {
        text.parse().unwrap()
    }

    fn asked(line: &str) -> (String, Verb) {
        match parse(line) {
            Ok(Some(Command::Ask { endpoint, path, verb })) if endpoint == "thermo" => {
                (path.to_string(), verb)
            }
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn lines_become_commands() {
        for (line, command) in [
            ("list", Command::List),
            ("  list  ", Command::List),
            ("show thermo", Command::Show("thermo".into())),
            (r#"show "two words""#, Command::Show("two words".into())),
            ("wait thermo", Command::Wait("thermo".into(), Duration::from_secs(60))),
            ("wait thermo 5", Command::Wait("thermo".into(), Duration::from_secs(5))),
            ("wait thermo 2m", Command::Wait("thermo".into(), Duration::from_secs(120))),
            ("cancel thermo", Command::Cancel("thermo".into(), None)),
            ("cancel thermo /3", Command::Cancel("thermo".into(), Some(path("/3")))),
            ("presence thermo", Command::Presence("thermo".into())),
            ("queue thermo", Command::Queue("thermo".into())),
            ("cancel-request thermo 17", Command::CancelRequest("thermo".into(), 17)),
            (
                "group lamp-* execute /3/0/4",
                Command::Group {
                    pattern: "lamp-*".into(),
                    path: path("/3/0/4"),
                    verb: Verb::Execute(Arguments::default()),
                },
            ),
            ("help", Command::Help(None)),
            ("help read", Command::Help(Some("read".into()))),
            ("quit", Command::Quit),
        ] {
            assert_eq!(parse(line), Ok(Some(command)), "{line}");
        }
        for nothing in ["", "   ", "# a comment"] {
            assert_eq!(parse(nothing), Ok(None));
        }
    }

    #[test]
    fn operations_name_a_client_and_a_path() {
        assert_eq!(asked("read thermo /3303"), ("/3303".into(), Verb::Read(None)));
        assert_eq!(asked("read thermo /3/0 tlv"), ("/3/0".into(), Verb::Read(Some(ContentFormat::TLV))));
        assert_eq!(asked("get thermo /3 65000"), ("/3".into(), Verb::Read(Some(ContentFormat(65000)))));
        assert_eq!(asked("discover thermo /3"), ("/3".into(), Verb::Discover(None)));
        assert_eq!(asked("discover thermo /3 1"), ("/3".into(), Verb::Discover(Some(1))));
        assert_eq!(asked("delete thermo /3311/1"), ("/3311/1".into(), Verb::Delete));
        let observe = |attributes| ("/3303/0".into(), Verb::Observe(attributes));
        assert_eq!(asked("observe thermo /3303/0"), observe(Attributes::default()));
        assert_eq!(asked("observe thermo /3303/0 pmax=5"), observe(Attributes::default().pmax(5)));
    }

    #[test]
    fn composite_operations_name_several_places() {
        let many = |line| match parse(line) {
            Ok(Some(Command::AskMany { endpoint, verb })) if endpoint == "thermo" => verb,
            other => panic!("{line}: {other:?}"),
        };
        let both = vec![path("/3303/0/5700"), path("/3")];
        assert_eq!(many("read-composite thermo /3303/0/5700 /3"), Many::Read(both.clone()));
        assert_eq!(many("observe-composite thermo /3303/0/5700 /3"), Many::Observe(both));
        let lamp = Node::Value(Value::Integer(42));
        let offset = Node::Value(Value::String("+02:00".to_owned()));
        let parts = vec![
            (path("/3311/0/5851"), Some(lamp)),
            (path("/3/0/14"), Some(offset)),
            (path("/16/0/0/1"), None),
        ];
        let line = "write-composite thermo /3311/0/5851=42 /3/0/14=+02:00 -/16/0/0/1";
        assert_eq!(many(line), Many::Write(parts));
    }

    #[test]
    fn values_of_write_and_create_follow_the_model() {
        let value = Node::Value(Value::Integer(42));
        assert_eq!(asked("write thermo /3311/0/5851 42").1, Verb::Replace(value));
        let values = BTreeMap::from([(ResourceId(5851), Node::Value(Value::Integer(9)))]);
        assert_eq!(asked("update thermo /3311/0 5851=9").1, Verb::Update(Node::Instance(values.clone())));
        assert_eq!(asked("create thermo /3311 5851=9"), ("/3311".into(), Verb::Create(values.clone())));
        assert_eq!(asked("create thermo /3311/7 5851=9"), ("/3311/7".into(), Verb::Create(values)));
    }

    #[test]
    fn arguments_and_attributes_are_read() {
        let Verb::Execute(arguments) = asked("execute thermo /3/0/4 0='x',1").1 else { panic!() };
        assert_eq!(arguments.to_string(), "0='x',1");
        for line in
            ["attributes thermo /3303/0/5700 pmin=1 gt=2.5", "attributes thermo /3303/0/5700 pmin=1&gt=2.5"]
        {
            assert_eq!(asked(line).1, Verb::Attributes(Attributes::default().pmin(1).gt(2.5).into()));
        }
        let unset = AttributeEdit::from(Attributes::default().st(0.5)).unset(Attribute::Gt);
        assert_eq!(asked("attributes thermo /3303/0/5700 st=0.5 gt").1, Verb::Attributes(unset));
    }

    #[test]
    fn mistakes_say_what_is_expected() {
        for (line, mistake) in [
            ("frobnicate", "`frobnicate` is no command; `help` lists them"),
            ("read", "an endpoint is missing: read ENDPOINT PATH [FORMAT]"),
            ("read thermo", "a path is missing: read ENDPOINT PATH [FORMAT]"),
            (
                "read thermo 3303",
                "`3303` is no path such as /3303/0/5700: path segment 1: a path begins with a slash",
            ),
            ("read-composite thermo", "a path is missing: read-composite ENDPOINT PATH.."),
            (
                "write-composite thermo /3",
                "a value is missing: write-composite ENDPOINT PATH=VALUE.. [-PATH..]",
            ),
            ("list all", "`all` is too much: list"),
            ("write thermo /3311/0/5851", "a value is missing: write ENDPOINT PATH VALUE"),
            (
                "attributes thermo /3303/0/5700",
                "an attribute is missing: attributes ENDPOINT PATH NAME[=VALUE]..",
            ),
            ("attributes thermo /3303/0/5700 gt=1 lt=2", "lt + 2·st must stay below gt"),
            ("attributes thermo /3303/0/5700 speed=2", "speed=2: this is no attribute that can be set"),
            ("attributes thermo /3303 gt=1", "gt stands at a resource or a resource instance"),
            ("observe thermo /3303 pmin", "pmin: a value is missing"),
            ("discover thermo /3303 4", "`4`: 0 to 3 levels"),
            (
                "create thermo /3311/0/5851 1",
                "/3311/0/5851: create takes an object such as /3311, or an instance such as /3311/1",
            ),
        ] {
            assert_eq!(parse(line), Err(mistake.to_owned()), "{line}");
        }
        for line in [
            "read thermo /3 yaml",
            "execute thermo /3/0/4 x",
            "attributes thermo /3 pmin=x",
            "show \"a",
            "group lamp-* observe /3303/0/5700",
            "group lamp-* dance /3",
            "group lamp-* write /3311/0/5850",
            "cancel-request a b",
            "wait a b",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
