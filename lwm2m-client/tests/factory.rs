//! What a factory writes into a file: accounts that hang together are taken, everything else is refused by its place.
//! HLF-023.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

use lwm2m_client::{
    Client, ClientError, Factory, FactoryError, ServerAccount,
    codec::ContentFormat,
    lwm2m_core::sim::Net,
    objects::{Security, Server},
    transport::Target,
};

const BOOTSTRAP: &str = r#"{"bn":"/0/0/","n":"0","vs":"coap://bs"},{"n":"1","vb":true},{"n":"2","v":3}"#;
const SECURITY: &str =
    r#"{"bn":"/0/1/","n":"0","vs":"coap://s1"},{"n":"1","vb":false},{"n":"2","v":3},{"n":"10","v":7}"#;
const SERVER: &str =
    r#"{"bn":"/1/4/","n":"0","v":7},{"n":"1","v":300},{"n":"6","vb":true},{"n":"7","vs":"U"}"#;

fn read(parts: &[&str]) -> Result<Factory, FactoryError> {
    Factory::read(ContentFormat::SENML_JSON, format!("[{}]", parts.join(",")).as_bytes())
}

#[test]
fn the_accounts_of_the_file_are_those_of_the_client() {
    let builder = Client::builder("device").factory(read(&[BOOTSTRAP, SECURITY, SERVER]).unwrap());
    let objects = builder.objects().clone();
    let net = Net::seeded(1);
    builder.transport(net.host("device").udp(0)).seed([0; 32]).into_machine().unwrap();
    let uris: Vec<_> =
        objects.instances::<Security>().iter().map(|account| account.get().server_uri).collect();
    assert_eq!(uris, ["coap://bs", "coap://s1"]);
    let server = objects.instance::<Server>(4).unwrap().get();
    assert_eq!((server.short_server_id, server.lifetime), (7, 300));
    assert!(server.disable.is_some(), "it can be told to disable");
}

#[test]
fn what_is_wrong_is_named_by_its_place() {
    let second = SECURITY.replace("/0/1/", "/0/2/");
    let another_bootstrap = BOOTSTRAP.replace("/0/0/", "/0/3/");
    let another_server = SERVER.replace("/1/4/", "/1/5/");
    for (parts, expected) in [
        (&[][..], "there is no account"),
        (&[SECURITY], "/0/1: no instance of object 1 has this short server ID"),
        (&[BOOTSTRAP, SERVER], "/1/4: no instance of object 0 has this short server ID"),
        (&[SECURITY, SERVER, &second], "/0/2: there are two accounts of this server"),
        (&[SECURITY, SERVER, &another_server], "/1/5: there are two accounts of this server"),
        (&[BOOTSTRAP, &another_bootstrap], "/0/3: there are two accounts of this server"),
        (&[BOOTSTRAP, r#"{"bn":"/3/0/","n":"14","vs":"+02:00"}"#], "/3/0/14: only objects 0 and 1"),
        (&[&BOOTSTRAP.replace("coap:", "coaps:")], "/0/0: the account: the URI is secure"),
        (&[&SECURITY.replace(r#""v":7"#, r#""v":0"#), SERVER], "/0/1"),
        (&[&BOOTSTRAP.replace(r#","vs":"coap://bs""#, r#","v":5"#)], "/0/0/0"),
        (&[r#"{"bn":"/0/0/","n":"1","vb":true}"#], "/0/0: mandatory resource 0 is missing"),
        (&["{"], "byte "),
    ] {
        let error = read(parts).map(drop).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{parts:?}: {error}");
    }
}

#[test]
fn a_server_that_the_program_gives_as_well_is_refused() {
    let account = ServerAccount::new(7, Target::new("coap://s1"));
    let builder = Client::builder("device").server(account).factory(read(&[SECURITY, SERVER]).unwrap());
    let net = Net::seeded(1);
    let refused = builder.transport(net.host("device").udp(0)).seed([0; 32]).into_machine();
    assert!(matches!(refused, Err(ClientError::ShortServerId(7))));
}

#[test]
fn keys_are_not_printed() {
    let psk = r#"{"bn":"/0/0/","n":"0","vs":"coaps://bs"},{"n":"1","vb":true},{"n":"2","v":0},{"n":"3","vd":"aWQ"},{"n":"5","vd":"S0VZS0VZS0VZS0VZ"}"#;
    let shown = format!("{:?}", read(&[psk]).unwrap());
    assert_eq!(shown, r#"Factory{"coaps://bs"}"#);
}
