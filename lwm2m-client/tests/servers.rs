//! Several servers at once: each account has a life of its own, the objects are shared. [Core 1.2 §6.2]

mod common;

use std::time::Duration;

use common::{account, builder, gadget::Gadget, scene, second};
use lwm2m_client::{Client, ClientError, Code, ServerAccount, transport::Target};

#[test]
fn what_one_server_changes_the_other_hears_of() {
    let (net, mut first, device) = scene();
    let mut other = second(&net, "other", &device);
    net.run(async move {
        let account2 =
            ServerAccount::new(2, Target::new("coap://other:5683")).lifetime(Duration::from_secs(600));
        let builder = builder(&device).server(account()).server(account2);
        builder.objects().add(0, Gadget::default()).unwrap();
        let client = builder.start_in(&device).await.unwrap();
        assert!(first.register().await.query().contains(&"lt=300".to_owned()));
        let register = other.register().await;
        assert!(register.query().contains(&"lt=600".to_owned()));
        assert!(register.text().contains("</1/0>,</1/1>"));
        client.registered().await.unwrap();

        let observed = other.observe("/32800/0/0").await;
        assert_eq!(first.write_text("/32800/0/0", "7").await, Code::CHANGED);
        let told = other.next().await;
        assert_eq!((told.token, told.text().as_str()), (observed.token, "7"));

        // The lifetime concerns one, the list of objects both.
        assert_eq!(first.write_text("/1/1/1", "900").await, Code::CHANGED);
        assert_eq!(other.update().await.query(), ["lt=900"]);
        assert!(first.next_within(Duration::from_secs(60)).await.is_none());
        client.objects().add(1, Gadget::default()).unwrap();
        assert!(first.update().await.text().ends_with("</32800/1>"));
        assert!(other.update().await.text().ends_with("</32800/1>"));
    });
}

#[test]
fn one_server_that_is_away_does_not_keep_the_other_waiting() {
    let (net, mut first, device) = scene();
    let away = second(&net, "away", &device);
    net.run(async move {
        let account2 = ServerAccount::new(2, Target::new("coap://away:5683"));
        let client = builder(&device).server(account2).server(account()).start_in(&device).await.unwrap();
        first.register().await;
        assert_eq!(first.read("/3/0/16").await.text(), "U");
        assert_eq!(client.status().await.unwrap().registered, [1]);
        drop(away);
    });
}

#[test]
fn accounts_that_cannot_be_served_are_refused_at_the_start() {
    let build = |accounts: &[(u16, &str)]| {
        let (_net, _server, device) = scene();
        let mut builder = Client::builder("device").transport(device.udp(0)).seed([1; 32]);
        for (id, uri) in accounts {
            builder = builder.server(ServerAccount::new(*id, Target::new(*uri)));
        }
        builder.into_machine().map(drop).unwrap_err()
    };
    let uri = "coap://server";
    assert!(matches!(build(&[]), ClientError::NoServer));
    assert!(matches!(build(&[(1, uri), (1, uri)]), ClientError::ShortServerId(1)));
    assert!(matches!(build(&[(0, uri)]), ClientError::ShortServerId(0)));
    assert!(matches!(build(&[(1, "coaps://server")]), ClientError::NoTransport(_)));
    assert!(matches!(build(&[(1, "http://server")]), ClientError::Transport(_)));
}
