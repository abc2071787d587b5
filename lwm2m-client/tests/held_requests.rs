//! Requests that came before the answer to our Register go with the link they came by.

mod common;

use std::time::Duration;

use common::{account, builder, format, gadget::Gadget, scene};
use lwm2m_client::Code;

#[test]
fn a_request_of_a_link_that_is_gone_is_not_carried_out_later() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let builder = builder(&device).server(account());
        let gadget = builder.objects().add(0, Gadget::default()).unwrap();
        let client = builder.start_in(&device).await.unwrap();
        server.next().await; // the Register, not answered yet
        server.begin(Code::PUT, "/32800/0/0", format(0), b"7");
        clock.sleep(Duration::from_secs(1)).await;
        client.network_changed().await.unwrap();
        while server.next_within(Duration::from_millis(1)).await.is_some() {}
        server.register().await;
        client.registered().await.unwrap();
        clock.sleep(Duration::from_secs(10)).await;
        assert_eq!(gadget.get().level, 0);
    });
}
