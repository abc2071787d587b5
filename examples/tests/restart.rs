//! A server restarts a device: the answer first, then a new registration in place of the old one. HLF-008.

mod system;

use lwm2m_client::{ResourceId, Served, objects::Device};
use system::system;

#[test]
fn a_device_that_is_restarted_registers_again() {
    system(async |mut system| {
        let host = system.host("device");
        let client = system.start(&host, system.client(&host, "device")).await;
        let mut served = client.objects().instance::<Device>(0).unwrap().changes();
        system.server.client("device").execute("/3/0/4").await.unwrap();
        let heard = served.next().await.unwrap();
        assert!(matches!(heard[..], [Served::Executed(ResourceId(4), _)]), "{heard:?}");
        // what a program does then: the process ends without a word, and begins anew
        host.crash();
        let again = system.client(&host, "device").start_in(&host).await.unwrap();
        assert_eq!(system.registered().await, ("device".to_owned(), true));
        again.registered().await.unwrap();
        let _ = system.server.client("device").read::<i64>("/3/0/11/0").await.unwrap();
    });
}
