//! What sources of plans have in common: the same plans do the same, and the same is wrong with them.

use std::{fs, path::PathBuf};

use lwm2m_bootstrap::{
    Code, FromNode as _, PlanSource,
    lwm2m_core::{Kind, ObjectDef, Ops, ResourceDef},
    objects::Security,
};

use super::{Scene, lines, run};

/// A directory of its own, gone at the end.
pub struct Directory(pub PathBuf);

impl Directory {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lwm2m-plans-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn file(&self, name: &str, text: &str) -> PathBuf {
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

/// Definitions of the program.
pub fn own() -> Vec<&'static ObjectDef> {
    const SPEED: &[ResourceDef] = &[ResourceDef::new(0, "Speed", Kind::Integer, Ops::RW).range(0, 3000)];
    static FAN: ObjectDef = ObjectDef::new(32800, "Fan", SPEED);
    vec![&FAN]
}

pub const PLAN: &str = r#"
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

/// A source has these plans, in this directory.
pub fn each_device_gets_what_fits_it(directory: &Directory, source: impl PlanSource) {
    run(|net| async move {
        directory.file("keys/thermo-7.key", "sixteen byte key");
        let scene = Scene::new(&net, source).await;
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
        let lines = device.bootstrap(&["ep=lamp\nfinished other"]).await;
        assert_eq!(lines.code, Code::BAD_REQUEST, "a name is one line");
    });
}

/// The name of a file, what stands in it, and what is said of it.
pub const WRONG: &[(&str, &str, &str)] = &[
    ("plans.toml", "", "line 1: there is no plan"),
    (
        "plans.toml",
        "[[plan]]\ndelete = [\"/0\", \"/1\"]\n",
        "line 1: all accounts are deleted and no server is given: the device would be lost",
    ),
    (
        "plans.toml",
        "[[plan]]\n[[plan.server]]\nid = 1\nuri = \"coap://a\"\n[[plan.server]]\nid = 1\nuri = \"coap://b\"\n",
        "line 5: short server ID 1 is used by two accounts",
    ),
    ("plans.toml", "[[plan]]\n[[plan.server]]\nid = 1\n", "line 2: uri is missing"),
    (
        "plans.toml",
        "[[plan]]\n[[plan.server]]\nuri = \"coap://a\"\n",
        "line 2: id, the short server ID, is missing",
    ),
    (
        "plans.toml",
        "[[plan]]\n[[plan.server]]\nid = 70000\nuri = \"coap://a\"\n",
        "line 3: 70000 is out of range",
    ),
    (
        "plans.toml",
        "[[plan]]\n[[plan.server]]\nid = 1\nuri = \"coaps://a\"\n",
        "line 2: coaps://a needs keys, and the mode is NoSec",
    ),
    (
        "plans.toml",
        "[[plan]]\n[[plan.server]]\nid = 1\nuri = \"coaps://a\"\nidentity = \"me\"\nkey = \"hex:0\"\n",
        "line 6: this is not hexadecimal",
    ),
    (
        "plans.toml",
        "[[plan]]\n[[plan.server]]\nid = 1\nuri = \"coap://a\"\ncolour = 1\n",
        "line 5: colour is not known here: id, uri, identity, key, public-key, certificate, server-public-key, server-certificate, server-name, certificate-usage, lifetime, binding, secondary, order, mute-send, instances and otherwise are",
    ),
    (
        "plans.toml",
        "[[plan]]\n[[plan.write]]\npath = \"/40000/0/1\"\nvalue = 1\n",
        "line 3: object 40000 is not known",
    ),
    (
        "plans.toml",
        "[[plan]]\n[[plan.write]]\npath = \"/3/0/14\"\nvalue = 1\n",
        "line 4: UTC Offset is String, not a whole number",
    ),
    (
        "plans.toml",
        "[[plan]]\n[[plan.write]]\npath = \"/1/0\"\nvalue = { 1 = 60, 99 = 2 }\n",
        "line 4: /1/0/99: LwM2M Server has no such resource",
    ),
    (
        "plans.toml",
        "[[plan]]\n[[plan.write]]\npath = \"3/0\"\nvalue = 1\n",
        "line 3: path segment 1: a path begins with a slash",
    ),
    (
        "plans.toml",
        "[[plan]]\nendpoint = \"a*b*\"\n",
        "line 2: endpoint is a name, or its beginning and one * at the end",
    ),
    ("plans.toml", "[[plan]]\ndelete = [\n", "line 2: "),
    (
        "plans.json",
        "{\n \"plan\": [\n  { \"server\": [ { \"id\": 1,\n    \"uri\": 5 } ] }\n ]\n}",
        "line 4: a text is expected, not a whole number",
    ),
    (
        "plans.json",
        "{ \"plan\": [\n { \"delete\": [\"/\"] } ] }",
        "line 2: all accounts are deleted and no server is given: the device would be lost",
    ),
    (
        "plans.json",
        "{ \"plan\": [ { \"server\": [\n { \"id\": 1, \"uri\": \"coap://a\" },\n { \"id\": 1, \"uri\": \"coap://b\" } ] } ] }",
        "line 3: short server ID 1 is used by two accounts",
    ),
    (
        "plans.json",
        "{ \"plan\": [ { \"write\": [\n { \"path\": \"/40000/0\",\n \"value\": {} } ] } ] }",
        "line 2: object 40000 is not known",
    ),
    (
        "plans.json",
        "{ \"plan\": [ { \"write\": [\n { \"path\": \"/3/0/14\",\n \"value\": true } ] } ] }",
        "line 3: UTC Offset is String, not true or false",
    ),
    ("plans.json", "{\n \"plan\": [}\n", "line 2: "),
    ("plans.json", "{\"plan\":\n[], \n\"plan\": []}", "line 3: plan is there twice"),
];
