//! Ten thousand empty devices ask one bootstrap server at once. HLF-023.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::alloc::System;

use common::{bootstrap::only, millis, seconds};
use lwm2m_bootstrap::{BootstrapEvent, BootstrapServer, Plan, Session, StoreError};
use lwm2m_client::{BootstrapAccount, Client, objects::Security, transport::Target};
use lwm2m_core::sim::{Host, Net};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const DEVICES: usize = 10_000;
/// A host has some thousand ports.
const PER_HOST: usize = 1000;
/// What may be left for one device, in octets, when all is over: remembered message IDs and answers, and the link of the
/// simulated socket.
const LEFT: usize = 6144;

/// One test: the counters of the allocator are of the whole process.
#[test]
fn ten_thousand_devices_are_bootstrapped_at_once() {
    let net = Net::seeded(51);
    net.run(async {
        let there = net.host("bs");
        let hosts: Vec<Host> = (0..DEVICES / PER_HOST).map(|n| net.host(&format!("site{n}"))).collect();
        for host in &hosts {
            net.between(host, &there).delay(millis(20)..millis(60)).loss(0.01).untraced();
        }
        let mut clients = Vec::with_capacity(DEVICES);
        for n in 0..DEVICES {
            let host = &hosts[n / PER_HOST];
            let builder =
                Client::builder(format!("device-{n}").as_str()).transport(host.udp(0)).seed(net.seed());
            let builder = builder.bootstrap(BootstrapAccount::new(Target::new("coap://bs:5683")));
            clients.push(builder.start_in(host).await.unwrap());
        }
        let region = Region::new(ALLOCATOR);
        let plan = |_: &Session| -> Result<Option<Plan>, StoreError> {
            Ok(Some(only(&[1]).write("/3/0/14", "+02:00")))
        };
        let server =
            BootstrapServer::builder().plans(plan).event_room(3 * DEVICES).start_in(&there).await.unwrap();
        let mut events = server.events();
        let began = net.now().mono;
        let (mut finished, mut most) = (0, 0);
        while finished < DEVICES {
            match net.timeout(seconds(3600), events.next()).await.expect("all end").unwrap() {
                BootstrapEvent::Finished { .. } => finished += 1,
                BootstrapEvent::Failed { .. }
                | BootstrapEvent::Started { .. }
                | BootstrapEvent::Refused { .. } => {}
                other => panic!("{other:?}"),
            }
            if finished % 1000 == 0 {
                most = most.max(server.stats().await.unwrap().sessions);
            }
        }
        let took = net.now().mono.since(began);
        assert!(took < seconds(600), "{took:?}");
        assert!(most > 1000, "they come together: {most}");
        let stats = server.stats().await.unwrap();
        assert_eq!((stats.sessions, stats.counters.finished), (0, DEVICES as u64));
        let provisioned = |client: &Client| {
            let accounts = client.objects().instances::<Security>();
            accounts.iter().any(|account| account.get().short_server_id == Some(1))
        };
        assert!(clients.iter().all(provisioned), "every device has its server");
        drop(events);
        drop(clients);
        for host in &hosts {
            host.crash();
        }
        net.sleep(seconds(600)).await;
        let change = region.change();
        let left = change.bytes_allocated.saturating_sub(change.bytes_deallocated);
        assert!(left < DEVICES * LEFT, "{} octets a device are left", left / DEVICES);
        println!("{DEVICES} devices in {took:?} of simulated time, {most} sessions at a time at most");
    });
}
