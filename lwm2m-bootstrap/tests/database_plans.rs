//! Plans in a database: they do what those in files do, are checked when they are written, change while the server runs, and
//! outlive it.

#![cfg(feature = "redb")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use common::{
    Scene, lines,
    plans::{Directory, PLAN, WRONG, each_device_gets_what_fits_it, own},
    run,
};
use lwm2m_bootstrap::{Code, DatabasePlans};

fn account(id: u16) -> String {
    format!("{{ \"server\": [{{ \"id\": {id}, \"uri\": \"coap://a\", \"instances\": [{id}, 0] }}] }}")
}

#[test]
fn plans_of_a_file_do_the_same_in_the_database() {
    let directory = Directory::new("taken-over");
    let plans = DatabasePlans::open(directory.0.join("plans.redb")).unwrap();
    assert_eq!(plans.import(directory.file("plans.toml", PLAN)).unwrap(), 2);
    each_device_gets_what_fits_it(&directory, plans);
}

#[test]
fn what_is_wrong_is_named_with_its_line_and_nothing_changes() {
    let directory = Directory::new("refused");
    let plans = DatabasePlans::open(directory.0.join("plans.redb")).unwrap();
    plans.put("*", &account(1)).unwrap();
    for (name, text, expected) in WRONG {
        let error = plans.import(directory.file(name, text)).unwrap_err().to_string();
        let found = error.split_once(&format!("{name}, ")).unwrap().1;
        assert!(found.starts_with(expected), "{text}\n{found}");
    }
    let twice = "[[plan]]\nendpoint = \"a\"\n[[plan]]\nendpoint = \"b\"\n[[plan]]\nendpoint = \"a\"\n";
    let error = plans.import(directory.file("twice.toml", twice)).unwrap_err().to_string();
    assert!(error.ends_with("twice.toml, line 5: a has a plan already"), "{error}");
    for (endpoint, plan, expected) in [
        ("*", "{}\n}", "plan of *, line 2: "),
        ("*", "{ \"server\": [\n{ \"id\": 1 }] }", "plan of *, line 2: uri is missing"),
        ("a", "{ \"delete\": [\"/0\"] }", "plan of a, line 1: all accounts are deleted"),
        ("a", "{\n\"endpoint\": \"b\" }", "plan of a, line 2: endpoint is what the plan stands under"),
        ("", "{}", "plan of , line 1: endpoint is a name, or its beginning"),
        ("a", "[]", "plan of a, line 1: a table is expected, not a list"),
    ] {
        let found = plans.put(endpoint, plan).unwrap_err().to_string();
        assert!(found.starts_with(expected), "{plan}\n{found}");
    }
    let large = format!("{{ \"endpoint\": \"{}\" }}", "x".repeat(1 << 20));
    assert!(plans.put("*", &large).unwrap_err().to_string().contains("at most 1048576 octets"));
    assert_eq!(plans.endpoints(None, 10).unwrap(), ["*"]);
    assert_eq!(plans.get("*").unwrap(), Some(account(1)));
}

#[test]
fn a_plan_writes_objects_of_the_program_beside_those_of_the_registry() {
    let directory = Directory::new("own");
    let plan = r#"{ "server": [{ "id": 1, "uri": "coap://a" }], "write": [{ "path": "/32800/0/0", "value": 700 }] }"#;
    let known = DatabasePlans::open_with(directory.0.join("known.redb"), own()).unwrap();
    known.put("*", plan).unwrap();
    let plans = DatabasePlans::open(directory.0.join("plans.redb")).unwrap();
    let unknown = plans.put("*", plan).unwrap_err().to_string();
    assert!(unknown.ends_with("object 32800 is not known"), "{unknown}");
}

#[test]
fn a_device_gets_the_plan_of_its_name_or_of_its_longest_beginning_as_it_is_now() {
    run(|net| async move {
        let directory = Directory::new("changed");
        let plans = DatabasePlans::open(directory.0.join("plans.redb")).unwrap();
        let scene = Scene::new(&net, plans.clone()).await;
        let mut device = scene.device("node");
        assert_eq!(device.bootstrap(&["ep=thermo-7"]).await.code, Code::BAD_REQUEST);
        for (endpoint, id) in [("*", 1), ("thermo-*", 2), ("th*", 3), ("thermo-7", 4), ("thermo-77", 5)] {
            plans.put(endpoint, &account(id)).unwrap();
        }
        let mut expect = async |name: &str, first: &str| {
            device.bootstrap(&[&format!("ep={name}")]).await;
            assert_eq!(lines(&device.obey("").await)[0], first, "{name}");
        };
        expect("thermo-7", "PUT /0/4").await;
        expect("thermo-8", "PUT /0/2").await;
        expect("thermo-", "PUT /0/2").await;
        expect("thüringen", "PUT /0/3").await;
        expect("lamp", "PUT /0/1").await;
        assert!(plans.remove("thermo-7").unwrap());
        assert!(!plans.remove("thermo-7").unwrap());
        expect("thermo-7", "PUT /0/2").await;
        plans.put("thermo-*", &account(6)).unwrap();
        expect("thermo-7", "PUT /0/6").await;
    });
}

#[test]
fn what_is_written_outlives_the_server() {
    let directory = Directory::new("durable");
    let path = directory.0.join("plans.redb");
    let plans = DatabasePlans::open(&path).unwrap();
    for id in 1..=5 {
        plans.put(&format!("node-{id}"), &account(id)).unwrap();
    }
    // A second server would decide by what it read, and not by what is written.
    let locked = DatabasePlans::open(&path).unwrap_err().to_string();
    assert!(locked.contains("plans.redb"), "{locked}");
    drop(plans);
    let plans = DatabasePlans::open(&path).unwrap();
    assert_eq!(plans.get("node-3").unwrap(), Some(account(3)));
    assert_eq!(plans.endpoints(Some("node-2"), 2).unwrap(), ["node-3", "node-4"]);
    let other = directory.file("other.redb", "this is no database");
    assert!(DatabasePlans::open(other).unwrap_err().to_string().contains("other.redb"));
}

#[cfg(unix)]
#[test]
fn the_keys_in_it_are_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = Directory::new("private");
    let path = directory.0.join("plans.redb");
    let plans = DatabasePlans::open(&path).unwrap();
    let secret = "{ \"server\": [{ \"id\": 1, \"uri\": \"coaps://a\", \"identity\": \"me\", \"key\": \"hex:73656372657\" }] }";
    let error = plans.put("*", secret).unwrap_err();
    assert!(!format!("{error} {error:?} {plans:?}").contains("7365637265"));
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o077, 0);
}
