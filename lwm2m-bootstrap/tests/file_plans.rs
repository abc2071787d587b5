//! Plans in files: what is in them, what is wrong with them and in which line, and that they are read again.

#![cfg(feature = "file")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{
    fs,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use common::{Scene, lines, run};
use lwm2m_bootstrap::{Code, FilePlans, FromNode as _, objects::Security};

/// A directory of its own, gone at the end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lwm2m-plans-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const PLAN: &str = r#"
[[plan]]
endpoint = "thermo-*"
delete = ["/0", "/1"]

[[plan.server]]
id = 123
uri = "coaps://lwm2m.example"
identity = "{endpoint}"
key = "file:keys/{endpoint}.key"
lifetime = 300

[[plan.rights]]
path = "/3/0"
owner = 123
servers = { 123 = "RWE", 0 = "R" }

[[plan.write]]
path = "/3/0/14"
value = "+02:00"
otherwise = "continue"

[[plan]]

[[plan.server]]
id = 1
uri = "coap://other.example"
instances = [5, 6]
"#;

#[test]
fn each_device_gets_the_first_plan_that_fits_it() {
    run(|net| async move {
        let directory = Directory::new("first");
        directory.file("keys/thermo-7.key", "sixteen byte key");
        let plans = FilePlans::open(directory.file("plans.toml", PLAN)).unwrap();
        let scene = Scene::new(&net, plans).await;
        let mut device = scene.device("node");
        device.bootstrap(&["ep=thermo-7"]).await;
        let seen = device.obey("</>;lwm2m=1.1,</0/0>,</1>,</3/0>").await;
        assert_eq!(
            lines(&seen),
            [
                "DELETE /0",
                "DELETE /1",
                "DISCOVER /",
                "PUT /0/1",
                "PUT /1/0",
                "GET /2",
                "PUT /2/0",
                "PUT /3/0/14",
                "POST /bs"
            ]
        );
        let security = Security::from_node(seen[3].node()).unwrap();
        assert_eq!(security.public_key_or_identity, "thermo-7".as_bytes());
        assert_eq!(security.secret_key.expose(), b"sixteen byte key");
        let seen = {
            device.bootstrap(&["ep=lamp"]).await;
            device.obey("").await
        };
        assert_eq!(lines(&seen), ["PUT /0/5", "PUT /1/6", "POST /bs"]);
        // Its key is not there.
        let refused = device.bootstrap(&["ep=thermo-8"]).await;
        assert_eq!(refused.code, Code::SERVICE_UNAVAILABLE);
        let escape = device.bootstrap(&["ep=thermo-/../../plans.toml"]).await;
        assert_eq!(escape.code, Code::SERVICE_UNAVAILABLE, "a name leads nowhere else");
    });
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let directory = Directory::new("wrong");
    let why = |name: &str, text: &str| {
        let error = FilePlans::open(directory.file(name, text)).unwrap_err().to_string();
        error.split_once(&format!("{name}, ")).unwrap().1.to_owned()
    };
    let with = |rest: &str| format!("[[plan]]\ndelete = [\"/0\", \"/1\"]\n{rest}");
    let server = "[[plan.server]]\nid = 1\nuri = \"coap://a\"\n";
    for (text, expected) in [
        (String::new(), "line 1: there is no plan"),
        (with(""), "line 1: all accounts are deleted and no server is given: the device would be lost"),
        (with(&format!("{server}{server}")), "line 6: short server ID 1 is used by two accounts"),
        (with("[[plan.server]]\nid = 1\n"), "line 3: uri is missing"),
        (with("[[plan.server]]\nid = 70000\nuri = \"coap://a\"\n"), "line 4: 70000 is out of range"),
        (
            with("[[plan.server]]\nid = 1\nuri = \"coaps://a\"\n"),
            "line 3: coaps://a needs keys, and the mode is NoSec",
        ),
        (
            with("[[plan.server]]\nid = 1\nuri = \"coaps://a\"\nidentity = \"me\"\nkey = \"hex:0\"\n"),
            "line 7: this is not hexadecimal",
        ),
        (
            with(&format!("{server}colour = 1\n")),
            "line 6: colour is not known here: id, uri, identity, key, public-key, certificate, server-public-key, server-certificate, server-name, certificate-usage, lifetime, binding, secondary, order, mute-send, instances and otherwise are",
        ),
        (with("[[plan.write]]\npath = \"/40000/0/1\"\nvalue = 1\n"), "line 4: object 40000 is not known"),
        (
            with("[[plan.write]]\npath = \"/3/0/14\"\nvalue = 1\n"),
            "line 5: UTC Offset is String, not a whole number",
        ),
        (
            with("[[plan.write]]\npath = \"/1/0\"\nvalue = { 1 = 60, 99 = 2 }\n"),
            "line 5: /1/0/99: LwM2M Server has no such resource",
        ),
        (
            with("[[plan.write]]\npath = \"3/0\"\nvalue = 1\n"),
            "line 4: path segment 1: a path begins with a slash",
        ),
        ("[[plan]]\ndelete = [\n".to_owned(), "line 2: "),
    ] {
        let found = why("plans.toml", &text);
        assert!(found.starts_with(expected), "{text}\n{found}");
    }
    let json = "{\n \"plan\": [\n  { \"server\": [ { \"id\": 1,\n    \"uri\": 5 } ] }\n ]\n}";
    assert_eq!(why("plans.json", json), "line 4: a text is expected, not a whole number");
    assert!(why("plans.json", "{\n \"plan\": [}\n").starts_with("line 2: "));
    assert_eq!(why("plans.json", "{\"plan\":\n[], \n\"plan\": []}"), "line 3: plan is there twice");
    let missing = FilePlans::open(directory.0.join("nowhere.toml")).unwrap_err();
    assert!(missing.to_string().contains("nowhere.toml"));
}

#[test]
fn json_says_the_same_and_a_changed_file_is_read_again() {
    run(|net| async move {
        let directory = Directory::new("again");
        let plan = |id: u16| {
            format!(
                "{{\"plan\": [{{\"server\": [{{\"id\": {id}, \"uri\": \"coap://a\", \"instances\": [{id}, 0]}}]}}]}}"
            )
        };
        let path = directory.file("plans.json", &plan(1));
        let scene = Scene::new(&net, FilePlans::open(&path).unwrap()).await;
        let mut device = scene.device("node");
        let mut changes = 0_u64;
        for (text, expected) in [(plan(1), "PUT /0/1"), (plan(2), "PUT /0/2"), ("{".to_owned(), "PUT /0/2")] {
            fs::write(&path, text).unwrap();
            changes += 1;
            let file = fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + changes)).unwrap();
            device.bootstrap(&["ep=node"]).await;
            assert_eq!(lines(&device.obey("").await)[0], expected);
        }
    });
}
