//! Every struct comes back from JSON as it was, but for keys and passwords.

#[path = "every/mod.rs"]
mod every;

use std::collections::BTreeSet;

use every::{every, instance};
use lwm2m_core::{Node, ObjectType};
use proptest::{prelude::*, test_runner::TestRunner};
use serde::{Serialize, de::DeserializeOwned};

/// Objects and resources that nobody may see.
const SECRETS: [(u16, &[u16]); 9] = [
    (0, &[5, 8]),
    (9, &[15]),
    (11, &[6]),
    (12, &[17, 18, 21, 22, 23, 24, 25, 28]),
    (21, &[0]),
    (23, &[2]),
    (24, &[8]),
    (3405, &[5]),
    (3412, &[9]),
];

fn comes_back<T: ObjectType + Serialize + DeserializeOwned>() {
    let object = T::DEF.id().0;
    let secrets: BTreeSet<u16> =
        SECRETS.iter().filter(|(id, _)| *id == object).flat_map(|(_, ids)| *ids).copied().collect();
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    let outcome = TestRunner::new(config).run(&instance(T::DEF), |resources| {
        let fail = |error: String| TestCaseError::fail(error);
        let there: BTreeSet<u16> = resources.keys().map(|id| id.0).collect();
        let value = T::from_node(Node::Instance(resources)).map_err(|error| fail(error.to_string()))?;
        let text = serde_json::to_string(&value).map_err(|error| fail(error.to_string()))?;
        let back: T = serde_json::from_str(&text).map_err(|error| fail(error.to_string()))?;
        let lost: BTreeSet<u16> = back.changed(&value).iter().map(|(id, _)| id.0).collect();
        let secret: BTreeSet<u16> = there.intersection(&secrets).copied().collect();
        prop_assert!(lost.is_subset(&secret), "{:?} is lost of {}", lost, text);
        // an empty secret comes back as it was
        prop_assert_eq!(serde_json::to_string(&back).map_err(|error| fail(error.to_string()))?, text);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{}: {failure}", T::DEF.name()));
}

macro_rules! tests {
    ($($name:ident: $object:ty,)+) => {$(
        #[test]
        fn $name() {
            comes_back::<$object>();
        }
    )+};
}
every!(tests);

#[test]
fn names_and_forms_are_for_people() {
    use lwm2m_objects::oma::{AccessControl, FirmwareState, FirmwareUpdate};
    let acl = AccessControl { acl: [(1, 31), (2, 1)].into(), ..AccessControl::new(3.into(), 0.into(), 1) };
    let written = serde_json::to_value(&acl).unwrap();
    let expected = serde_json::json!({
        "object_id": 3, "object_instance_id": 0, "acl": {"1": 31, "2": 1}, "access_control_owner": 1
    });
    assert_eq!(written, expected);
    let text = r#"{"package": "AQI=", "package_uri": "", "state": 2, "update_result": 0,
        "firmware_update_delivery_method": 2}"#;
    let update: FirmwareUpdate = serde_json::from_str(text).unwrap();
    assert_eq!((update.state, &update.package[..]), (FirmwareState::Downloaded, &[1, 2][..]));
    assert_eq!(update.cancel, None);
}
