//! A server that restarts with an empty memory meets its whole fleet at once.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::alloc::System;

use common::{Scene, account, millis, seconds};
use lwm2m_client::{Client, objects::Temperature};
use lwm2m_core::sim::{Host, Net};
use lwm2m_server::ServerEvent;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const DEVICES: usize = 10_000;
/// A host has some thousand ports.
const PER_HOST: usize = 1000;
/// What the server may take for one device that returns, in octets: registration, peer, remembered message IDs and
/// links of the simulated socket.
const PER_DEVICE: usize = 4096;

/// Octets allocated and not freed since.
fn taken(region: &Region<'_, System>) -> usize {
    let change = region.change();
    change.bytes_allocated.saturating_sub(change.bytes_deallocated)
}

/// One after another, so that nobody has to try twice.
async fn fleet(net: &Net, scene: &Scene) -> Vec<Client> {
    let hosts: Vec<Host> = (0..DEVICES / PER_HOST).map(|n| net.host(&format!("site{n}"))).collect();
    let mut clients = Vec::with_capacity(DEVICES);
    for n in 0..DEVICES {
        let host = &hosts[n / PER_HOST];
        let builder = scene.client(host, &format!("device-{n}"), account().lifetime(seconds(86_400)));
        builder.objects().add(0, Temperature::default()).unwrap();
        clients.push(builder.start_in(host).await.unwrap());
        if n % 100 == 0 {
            net.sleep(millis(20)).await;
        }
    }
    for client in &clients {
        client.registered().await.unwrap();
    }
    clients
}

/// One test: the counters of the allocator are of the whole process.
#[test]
fn ten_thousand_devices_return_at_once_and_are_registered_within_minutes() {
    let net = Net::seeded(41);
    net.run(async {
        let scene = Scene::new(&net, 2).await;
        let clients = fleet(&net, &scene).await;
        assert_eq!(scene.registrations().await, DEVICES);
        scene.there.crash();
        let Scene { server, events, .. } = scene;
        drop((server, events));
        net.sleep(seconds(60)).await;

        let region = Region::new(ALLOCATOR);
        let scene = Scene::new(&net, 2).await;
        let mut events = scene.server.events();
        let before = net.now().mono;
        for client in &clients {
            client.update_registration(1).await.unwrap();
        }
        let mut back = 0;
        while back < DEVICES {
            match net.timeout(seconds(600), events.next()).await.expect("all return").unwrap() {
                ServerEvent::Registered { replaced, .. } => back += usize::from(replaced.is_none()),
                ServerEvent::Missed(n) => back += n as usize,
                ServerEvent::Updated(_) => {}
                other => panic!("{other:?}"),
            }
        }
        let took = net.now().mono.since(before);
        for client in &clients {
            client.registered().await.unwrap();
        }
        assert!(took < seconds(180), "{took:?}");
        assert_eq!(scene.registrations().await, DEVICES);
        let stats = scene.server.stats().await.unwrap();
        assert!(stats.iter().all(|stats| stats.link_sets == 1), "equal lists are kept once");
        let taken = taken(&region);
        assert!(taken < DEVICES * PER_DEVICE, "{} octets a device", taken / DEVICES);
        let read: f64 = scene.server.client("device-4711").read("/3303/0/5700").await.unwrap();
        assert_eq!(read.to_bits(), 0_f64.to_bits());
    });
}
