//! What the console can do, in its own words.

use std::fmt::Write as _;

struct Entry {
    name: &'static str,
    arguments: &'static str,
    summary: &'static str,
    more: &'static str,
}

const COMMANDS: &[Entry] = &[
    Entry {
        name: "list",
        arguments: "",
        summary: "the registered clients",
        more: "One line a client: endpoint, address, LwM2M version, lifetime, its objects, and `asleep` or `disabled` if it is.",
    },
    Entry {
        name: "show",
        arguments: "ENDPOINT",
        summary: "everything about one registration",
        more: "  show thermo-1",
    },
    Entry {
        name: "wait",
        arguments: "ENDPOINT [TIME]",
        summary: "go on when this client is registered",
        more: "After TIME (60 s, unless told otherwise) it fails.\n  wait thermo-1\n  wait thermo-1 5m",
    },
    Entry {
        name: "read",
        arguments: "ENDPOINT PATH [FORMAT]",
        summary: "values at and below a path",
        more: "FORMAT is text, opaque, tlv or a number; without it the client chooses.\n  read thermo-1 /3303/0/5700\n  read thermo-1 /3/0 tlv",
    },
    Entry {
        name: "discover",
        arguments: "ENDPOINT PATH [DEPTH]",
        summary: "what is there, and its attributes",
        more: "DEPTH says how many levels below the path, 0 to 3; devices know it since LwM2M 1.2.\n  discover thermo-1 /3303\n  discover thermo-1 /3303 0",
    },
    Entry {
        name: "write",
        arguments: "ENDPOINT PATH VALUE",
        summary: "set a value, replacing what is there",
        more: "Of an instance or a multiple resource everything is replaced, by id=value pairs. Text with spaces at its ends and\nvalues of pairs with spaces stand in quotes; opaque values are written 0x00ff.\n  write lamp-1 /3311/0/5851 42\n  write lamp-1 /3311/0 5850=true 5851=9\n  write lamp-1 /3/0/14 +02:00",
    },
    Entry {
        name: "update",
        arguments: "ENDPOINT PATH ID=VALUE..",
        summary: "set some values of an instance, keeping the others",
        more: "  update lamp-1 /3311/0 5850=true",
    },
    Entry {
        name: "attributes",
        arguments: "ENDPOINT PATH NAME[=VALUE]..",
        summary: "set attributes that steer notifications",
        more: "pmin, pmax, epmin and epmax are seconds; gt and lt are told when the value crosses them, st when it changed by so\nmuch, edge=1 when it becomes true, edge=0 false. con=1 has notifications confirmed, hqmax keeps at most so many for\na server that is away. Without a value an attribute is taken away.\n  attributes thermo-1 /3303/0/5700 pmin=1 pmax=60 st=0.5\n  attributes thermo-1 /3303/0/5700 st\n  attributes lamp-1 /3311/0/5850 edge=1",
    },
    Entry {
        name: "execute",
        arguments: "ENDPOINT PATH [ARGUMENTS]",
        summary: "run an executable resource",
        more: "Arguments are digits, each with or without a text.\n  execute thermo-1 /3303/0/5605\n  execute thermo-1 /3/0/4 0='now',1",
    },
    Entry {
        name: "create",
        arguments: "ENDPOINT PATH [ID=VALUE..]",
        summary: "a new instance of an object",
        more: "With the path of an object the client chooses the number of the instance.\n  create lamp-1 /3311 5850=true 5851=9\n  create lamp-1 /3311/7 5850=true",
    },
    Entry {
        name: "delete",
        arguments: "ENDPOINT PATH",
        summary: "remove an instance",
        more: "  delete lamp-1 /3311/1",
    },
    Entry {
        name: "observe",
        arguments: "ENDPOINT PATH [NAME=VALUE..]",
        summary: "be told when values change",
        more: "The values of now are printed, then a line `notification ENDPOINT PATH NAME = VALUE` for each change.\nAttributes count for this observation alone; devices know them since LwM2M 1.2.\n  observe thermo-1 /3303/0/5700\n  observe thermo-1 /3303/0/5700 pmin=5 pmax=60",
    },
    Entry {
        name: "read-composite",
        arguments: "ENDPOINT PATH..",
        summary: "values of several places at once",
        more: "What is not there is left out; / is everything. Devices know it since LwM2M 1.1.\n  read-composite thermo-1 /3303/0/5700 /3/0/9",
    },
    Entry {
        name: "write-composite",
        arguments: "ENDPOINT PATH=VALUE.. [-PATH..]",
        summary: "set several values at once: all of them, or nothing",
        more: "-PATH removes a resource instance, since LwM2M 1.2. A value with spaces stands in quotes with its path.\n  write-composite lamp-1 /3311/0/5850=true /3311/0/5851=9\n  write-composite lamp-1 \"/16/0/0/0=in the hall\" -/16/0/0/1",
    },
    Entry {
        name: "observe-composite",
        arguments: "ENDPOINT PATH..",
        summary: "be told the values of several places when one of them changes",
        more: "One `notification` line a value. `cancel ENDPOINT /` ends it. Devices know it since LwM2M 1.1.\n  observe-composite thermo-1 /3303/0/5700 /3/0/9",
    },
    Entry {
        name: "cancel",
        arguments: "ENDPOINT [PATH]",
        summary: "end an observation, or all of a client",
        more: "Of several places at once the path is /.\n  cancel thermo-1 /3303/0/5700\n  cancel thermo-1 /",
    },
    Entry {
        name: "group",
        arguments: "PATTERN COMMAND PATH ..",
        summary: "the same for every registered client of such a name",
        more: "Each * of PATTERN stands for any text. One line a client, as they answer; those that sleep are waited for with\nthe flag --queue.\n  group lamp-* write /3311/0/5850 true\n  group * read /3/0/9",
    },
    Entry {
        name: "presence",
        arguments: "ENDPOINT",
        summary: "whether a client is active, asleep, disabled or offline",
        more: "  presence thermo-1",
    },
    Entry {
        name: "queue",
        arguments: "ENDPOINT",
        summary: "what waits for a client",
        more: "One line a request: its number, what it is, and until when it waits.\n  queue thermo-1",
    },
    Entry {
        name: "cancel-request",
        arguments: "ENDPOINT NUMBER",
        summary: "take a request out of a client's queue",
        more: "`queue` says the numbers.\n  cancel-request thermo-1 17",
    },
    Entry { name: "help", arguments: "[COMMAND]", summary: "this list, or more about one command", more: "" },
    Entry {
        name: "quit",
        arguments: "",
        summary: "end the server",
        more: "Clients notice at their next message.",
    },
];

/// Every command, for completion.
pub const NAMES: [&str; 22] = [
    "list",
    "show",
    "wait",
    "read",
    "discover",
    "write",
    "update",
    "attributes",
    "execute",
    "create",
    "delete",
    "observe",
    "read-composite",
    "write-composite",
    "observe-composite",
    "cancel",
    "group",
    "presence",
    "queue",
    "cancel-request",
    "help",
    "quit",
];

/// The lines of `help` and `help COMMAND`. A path is an object, an instance, a resource or a resource instance.
#[must_use]
pub fn help(command: Option<&str>) -> String {
    let Some(name) = command else { return all() };
    match find(name) {
        Some(entry) => format!("{} - {}\n{}", usage(name), entry.summary, entry.more).trim_end().to_owned(),
        None => format!("`{name}` is no command; `help` lists them"),
    }
}

fn all() -> String {
    let mut text = String::new();
    let width = COMMANDS.iter().map(|entry| usage(entry.name).len()).max().unwrap_or(0);
    for entry in COMMANDS {
        let _ = writeln!(text, "{:width$}  {}", usage(entry.name), entry.summary);
    }
    text.push_str(
        "A path is /object, /object/instance, /object/instance/resource or a resource instance below it.",
    );
    text
}

/// `read ENDPOINT PATH [FORMAT]`
pub(super) fn usage(name: &str) -> String {
    find(name).map_or_else(
        || name.to_owned(),
        |entry| format!("{} {}", entry.name, entry.arguments).trim_end().to_owned(),
    )
}

fn find(name: &str) -> Option<&'static Entry> {
    let name = match name {
        "ls" => "list",
        "get" => "read",
        "put" => "write",
        "exec" => "execute",
        "exit" => "quit",
        "?" => "help",
        name => name,
    };
    COMMANDS.iter().find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use lwm2m_objects::Registry;

    use super::*;
    use crate::console::Command;

    #[test]
    fn help_lists_every_command_and_its_examples_are_commands() {
        for (name, entry) in NAMES.into_iter().zip(COMMANDS) {
            assert_eq!(name, entry.name);
            assert!(help(None).contains(&usage(name)), "{name}");
            for example in help(Some(name)).lines().filter_map(|line| line.strip_prefix("  ")) {
                let parsed = Command::parse(example, &Registry);
                assert!(matches!(parsed, Ok(Some(_))), "{example}: {parsed:?}");
            }
        }
        assert_eq!(NAMES.len(), COMMANDS.len());
        assert_eq!(help(Some("exec")), help(Some("execute")));
        assert_eq!(help(Some("dance")), "`dance` is no command; `help` lists them");
    }
}
