//! In queue mode the client tells its program when nobody expects it to listen, and wakes up in time. [Core 1.2 §6.5]
//! HLF-018.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use std::time::Duration;

use common::{account, builder, scene};
use lwm2m_client::{ClientEvent, ServerAccount};

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn sleeper() -> ServerAccount {
    account().lifetime(seconds(3600)).queue_mode()
}

#[test]
fn it_sleeps_after_its_window_and_wakes_for_the_update_before_its_lifetime_ends() {
    let (net, mut script, host) = scene();
    let inner = net.clone();
    net.run(async move {
        let client = script.start(&host, builder(&host).server(sleeper())).await;
        let mut events = client.events();
        inner.sleep(seconds(10)).await;
        let status = client.status().await.unwrap();
        assert!(matches!(status.awake.unwrap().as_secs(), 82 | 83));
        assert!(matches!(events.next().await, Some(ClientEvent::Asleep { server: 1 })));
        let status = client.status().await.unwrap();
        assert_eq!((status.awake, status.has_unsent), (None, false));
        let next = status.next_deadline.unwrap();
        // MAX_TRANSMIT_WAIT before the end of the lifetime, so that all repetitions of the Update come in time.
        assert_eq!(next.as_secs().div_ceil(10), (3600_u64 - 93 - 93).div_ceil(10));
        let update = script.update().await;
        assert!(update.query().is_empty());
        assert!(matches!(events.next().await, Some(ClientEvent::Awake { server: 1 })));
        assert!(matches!(events.next().await, Some(ClientEvent::Updated { server: 1 })));
        assert!(matches!(events.next().await, Some(ClientEvent::Asleep { server: 1 })));
    });
}

#[test]
fn requests_keep_it_awake() {
    let (net, mut script, host) = scene();
    let inner = net.clone();
    net.run(async move {
        let client = script.start(&host, builder(&host).server(sleeper().awake(seconds(20)))).await;
        let mut events = client.events();
        for _ in 0..5 {
            inner.sleep(seconds(15)).await;
            script.read("/3/0/16").await;
            assert_eq!(client.status().await.unwrap().awake.map(|left| left.as_secs()), Some(19));
        }
        assert!(inner.timeout(seconds(15), events.next()).await.is_err());
        assert!(matches!(events.next().await, Some(ClientEvent::Asleep { server: 1 })));
    });
}

#[test]
fn without_queue_mode_it_always_listens() {
    let (net, mut script, host) = scene();
    let inner = net.clone();
    net.run(async move {
        let client = script.start(&host, builder(&host).server(account().lifetime(seconds(3600)))).await;
        let mut events = client.events();
        assert!(inner.timeout(seconds(1000), events.next()).await.is_err());
        assert_eq!(client.status().await.unwrap().awake, None);
    });
}
