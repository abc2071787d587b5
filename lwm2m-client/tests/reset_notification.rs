//! A notification that the server resets: it may not know any more who we are. [RFC 7252 §4.2] [Core 1.2 §6.2.2]

mod common;

use std::time::Duration;

use common::{account, scene};
use lwm2m_client::objects::Temperature;

#[test]
fn an_update_follows_a_reset_but_not_too_often() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let (client, sensor) =
            server.thermometer(&device, account().lifetime(Duration::from_secs(86_400)).confirmable()).await;
        let mut since = clock.now().mono;
        for round in 1..=4 {
            for uri in ["/3303/0/5700", "/3303/0"] {
                server.observe(uri).await;
            }
            sensor.set(Temperature::SENSOR_VALUE, f64::from(round));
            for _ in 0..2 {
                let told = server.next().await;
                assert!(told.code.is_response(), "{}", told.path());
                server.reset(&told);
            }
            let update = server.update().await;
            assert!(update.query().is_empty() && update.payload.is_empty());
            let waited = clock.now().mono.since(since).as_secs();
            assert!((60..65).contains(&waited), "one Update in {waited} s");
            since = clock.now().mono;
            assert_eq!(client.status().await.unwrap().observations, 0);
        }
        clock.sleep(Duration::from_secs(3600)).await;
        server.observe("/3303/0/5700").await;
        sensor.set(Temperature::SENSOR_VALUE, 9.0);
        let told = server.next().await;
        server.reset(&told);
        let before = clock.now().mono;
        server.update().await;
        assert!(clock.now().mono.since(before) < Duration::from_secs(1), "at once after an hour");
    });
}
