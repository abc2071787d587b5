//! Arguments of Execute of the vectors, as they arrive in a request. [Core 1.2 §6.3.5]

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod vectors;

use lwm2m_core::{
    Code, NoModel, Tree, Version,
    coap::{OptionNumber, Options, Request},
    codec::Context,
    ops::Downlink,
};

#[test]
fn every_vector() {
    let cx = Context { model: &NoModel, version: Version::V1_1, tree: &Tree::DEFAULT };
    for vector in vectors::extras("execute-args") {
        let id = &vector["id"];
        let options = Options::new().with_path(["3", "0", "4"]).with_uint(OptionNumber::CONTENT_FORMAT, 0);
        let payload = vectors::hex(&vector, "hex");
        let request = Request::new(Code::POST).with_options(options).with_payload(payload);
        match Downlink::from_coap(&request, None, &cx) {
            Ok(Downlink::Execute { arguments, .. }) if vector["valid"] == true => {
                let found: Vec<_> = arguments.iter().collect();
                let wanted = vector["args"].as_array().unwrap().iter();
                let wanted: Vec<_> =
                    wanted.map(|arg| (arg["digit"].as_u64().unwrap() as u8, arg["value"].as_str())).collect();
                assert_eq!(found, wanted, "{id}");
                assert_eq!(arguments.to_string(), vector["text"].as_str().unwrap(), "{id}");
            }
            Err(rejection) if vector["valid"] == false => {
                let code = format!("{}.{:02}", rejection.code.class(), rejection.code.detail());
                assert_eq!(code, vector["coap_error"].as_str().unwrap(), "{id}");
                assert!(rejection.detail.starts_with("arguments: byte "), "{id}: {}", rejection.detail);
            }
            other => panic!("{id}: {other:?}"),
        }
    }
}
