//! Plans in files: what is in them, what is wrong with them and in which line, and that they are read again.

#![cfg(feature = "file")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{
    fs,
    time::{Duration, SystemTime},
};

use common::{
    Scene, lines,
    plans::{Directory, PLAN, WRONG, each_device_gets_what_fits_it, own},
    run,
};
use lwm2m_bootstrap::{Code, FilePlans};

#[test]
fn each_device_gets_the_first_plan_that_fits_it() {
    let directory = Directory::new("first");
    let plans = FilePlans::open(directory.file("plans.toml", PLAN)).unwrap();
    each_device_gets_what_fits_it(&directory, plans);
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let directory = Directory::new("wrong");
    for (name, text, expected) in WRONG {
        let error = FilePlans::open(directory.file(name, text)).unwrap_err().to_string();
        let found = error.split_once(&format!("{name}, ")).unwrap().1;
        assert!(found.starts_with(expected), "{text}\n{found}");
    }
    let missing = FilePlans::open(directory.0.join("nowhere.toml")).unwrap_err();
    assert!(missing.to_string().contains("nowhere.toml"));
}

#[test]
fn a_plan_writes_objects_of_the_program_beside_those_of_the_registry() {
    let directory = Directory::new("own");
    let plan = |speed| {
        format!(
            "[[plan]]\ndelete = [\"/0\", \"/1\"]\n[[plan.server]]\nid = 1\nuri = \"coap://a\"\n\
             [[plan.write]]\npath = \"/32800/0/0\"\nvalue = {speed}\n"
        )
    };
    let file = directory.file("plans.toml", &plan(700));
    FilePlans::open_with(&file, own()).unwrap();
    let unknown = FilePlans::open(&file).unwrap_err().to_string();
    assert!(unknown.contains("line 7: object 32800 is not known"), "{unknown}");
    let too_fast =
        FilePlans::open_with(directory.file("plans.toml", &plan(5000)), own()).unwrap_err().to_string();
    assert!(too_fast.contains("Speed (0) must be 0 to 3000"), "{too_fast}");
}

#[test]
fn files_are_found_beside_the_plans_and_no_device_leads_elsewhere() {
    run(|net| async move {
        let directory = Directory::new("beside");
        let plan = "[[plan]]\n[[plan.server]]\nid = 1\nuri = \"coaps://a\"\nidentity = \"me\"\nkey = \"file:{endpoint}\"\n\
                    instances = [1, 0]\n[[plan.write]]\npath = \"/21/0\"\nvalue = { 0 = \"file:master\", 1 = \"hex:01\", 2 = \"hex:02\" }\n";
        let elsewhere = Directory::new("elsewhere").file("key", "of somebody else");
        directory.file("lamp", "sixteen byte key");
        directory.file("master", "beside the plans");
        let scene = Scene::new(&net, FilePlans::open(directory.file("plans.toml", plan)).unwrap()).await;
        let mut device = scene.device("node");
        assert_eq!(device.bootstrap(&["ep=lamp"]).await.code, Code::CHANGED);
        let seen = device.obey("").await;
        assert_eq!(lines(&seen), ["PUT /0/1", "PUT /1/0", "PUT /21/0", "POST /bs"]);
        let away = device.bootstrap(&[&format!("ep={}", elsewhere.display())]).await;
        assert_eq!(away.code, Code::SERVICE_UNAVAILABLE);
        let missing = device.bootstrap(&["ep=nobody"]).await;
        assert_eq!(missing.code, Code::SERVICE_UNAVAILABLE);
    });
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
