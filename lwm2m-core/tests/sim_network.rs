//! The simulated network: the same seed gives the same run, and each fault does what its name says.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::{collections::HashSet, time::Duration};

use lwm2m_core::{
    Bytes,
    sim::{Host, Net, Wire},
    transport::TransportEvent,
};
use support::{Command, Echo, Event, Reader};

const SECOND: Duration = Duration::from_secs(1);

fn pair(seed: u64) -> (Net, Host, Host, Wire) {
    let net = Net::seeded(seed);
    let (server, device) = (net.host("server"), net.host("device"));
    let wire = net.between(&server, &device);
    (net, server, device, wire)
}

/// `n` frames from the device to the server, a millisecond apart; returns the numbers that arrived.
fn pour(net: &Net, server: &Host, device: &Host, n: u32) -> Vec<u32> {
    net.run(async {
        let (there, here) = (server.raw(5683), device.raw(0));
        let mut arrived = Vec::new();
        for number in 0..n {
            here.send(there.address(), number.to_be_bytes().to_vec());
            net.sleep(Duration::from_millis(1)).await;
            while let Some((_, frame)) = there.try_recv() {
                arrived.push(frame);
            }
        }
        net.sleep(10 * SECOND).await;
        arrived.extend(std::iter::from_fn(|| there.try_recv()).map(|(_, frame)| frame));
        arrived.iter().map(|frame| u32::from_be_bytes(frame[..].try_into().unwrap())).collect()
    })
}

/// An echo server and a client that sends 50 frames over a bad wire.
fn bad_run(seed: u64) -> Vec<String> {
    let (net, server, device, wire) = pair(seed);
    wire.loss(0.2).duplicate(0.1).reorder(0.1).delay(Duration::from_millis(5)..Duration::from_millis(95));
    let _server = server.spawn(Echo::default(), Reader::new(), vec![Box::new(server.udp(5683))]);
    let reader = Reader::new();
    let client = device.spawn(Echo::quiet(), reader.clone(), vec![Box::new(device.udp(0))]);
    net.run(async {
        client.send(Command::Connect("coap://server".into())).await.unwrap();
        let route = reader.up().await;
        let frame = Bytes::from_static(b"frame");
        client.send(Command::Repeat(route, frame, 50, Duration::from_millis(7))).await.unwrap();
        net.sleep(5 * SECOND).await;
    });
    wire.frames().iter().map(ToString::to_string).collect()
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let run = bad_run(1);
    assert!(run.len() > 60, "{}", run.join("\n"));
    assert_eq!(run, bad_run(1));
    assert_ne!(run, bad_run(2));
}

#[test]
fn frames_are_lost_as_often_as_asked() {
    let (net, server, device, wire) = pair(3);
    wire.loss(0.3);
    let arrived = pour(&net, &server, &device, 10_000).len();
    assert!((6800..7200).contains(&arrived), "{arrived}");
    assert_eq!(wire.frames().iter().filter(|seen| seen.lost).count(), 10_000 - arrived);
}

#[test]
fn bursts_lose_frames_in_a_row() {
    let longest_run = |wire: &Wire| {
        let lost = wire.frames().iter().map(|seen| seen.lost).collect::<Vec<_>>();
        lost.split(|lost| !lost).map(<[bool]>::len).max().unwrap_or(0)
    };
    let (net, server, device, wire) = pair(3);
    wire.bursts(0.02, 0.1, 1.0);
    let arrived = pour(&net, &server, &device, 5000).len();
    // In a burst for 0.02 / (0.02 + 0.1) of the time, 10 frames on average.
    assert!((3700..4600).contains(&arrived), "{arrived}");
    assert!(longest_run(&wire) > 20);
}

#[test]
fn frames_keep_their_order_unless_reordered() {
    let (net, server, device, wire) = pair(4);
    wire.delay(Duration::from_millis(10)..Duration::from_millis(200));
    assert!(pour(&net, &server, &device, 1000).is_sorted());
    wire.reorder(0.2);
    let arrived = pour(&net, &server, &device, 1000);
    assert!(!arrived.is_sorted());
    assert_eq!(arrived.iter().collect::<HashSet<_>>().len(), 1000, "none is lost");
}

#[test]
fn frames_are_doubled_as_often_as_asked() {
    let (net, server, device, wire) = pair(5);
    wire.duplicate(0.5);
    let arrived = pour(&net, &server, &device, 2000).len();
    assert!((2900..3100).contains(&arrived), "{arrived}");
}

#[test]
fn a_partition_lets_nothing_through_and_drop_next_drops_what_it_says() {
    let (net, server, device, wire) = pair(6);
    wire.partition(true);
    assert!(pour(&net, &server, &device, 100).is_empty());
    wire.partition(false).drop_next(&server, 2);
    assert_eq!(pour(&net, &server, &device, 5), [2, 3, 4]);
}

#[test]
fn delay_is_virtual() {
    let (net, server, device, wire) = pair(7);
    wire.delay(3600 * SECOND..3600 * SECOND);
    net.run(async {
        let (there, here) = (server.raw(5683), device.raw(0));
        here.send(there.address(), "slow");
        let before = net.now();
        assert_eq!(there.recv().await, (here.address(), Bytes::from_static(b"slow")));
        assert_eq!(net.now().mono.since(before.mono), 3600 * SECOND);
        assert_eq!(net.now().wall.unwrap().since(before.wall.unwrap()), 3600 * SECOND);
    });
}

#[test]
fn after_a_rebinding_the_peer_has_another_address_and_the_old_one_is_dead() {
    let (net, server, device, wire) = pair(8);
    net.run(async {
        let (there, here) = (server.raw(5683), device.raw(0));
        let mut seen = Vec::new();
        for _ in 0..3 {
            here.send(there.address(), "here I am");
            let (from, _) = there.recv().await;
            for old in &seen {
                there.send(*old, "too late");
            }
            there.send(from, "answer");
            net.sleep(SECOND).await;
            assert_eq!(here.try_recv().map(|(from, _)| from), Some(there.address()));
            assert_eq!(here.try_recv(), None, "what was sent to old addresses is lost");
            seen.push(from);
            wire.rebind_nat(&device);
        }
        assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 3);
    });
}

#[test]
fn a_crash_takes_machines_and_sockets() {
    let (net, server, device, _wire) = pair(9);
    net.run(async {
        let handle = server.spawn(Echo::default(), Reader::new(), vec![Box::new(server.udp(5683))]);
        let here = device.raw(0);
        here.send(server.at(5683), "one");
        here.recv().await;
        server.crash();
        assert!(handle.is_stopped());
        here.send(server.at(5683), "two");
        net.sleep(SECOND).await;
        assert_eq!(here.try_recv(), None);
        let _again = server.spawn(Echo::default(), Reader::new(), vec![Box::new(server.udp(5683))]);
        here.send(server.at(5683), "three");
        assert_eq!(here.recv().await.1, "three");
    });
}

#[test]
fn a_machine_starts_with_time_zero_and_its_wall_clock_jumps_alone() {
    let (net, server, device, wire) = pair(10);
    let reader = Reader::new();
    net.run(async {
        net.sleep(1000 * SECOND).await;
        let client = device.spawn(Echo::quiet(), reader.clone(), vec![Box::new(device.udp(0))]);
        let _there = server.raw(5683);
        client.send(Command::Connect("coap://server".into())).await.unwrap();
        let route = reader.up().await;
        client.send(Command::Repeat(route, Bytes::from_static(b"tick"), 3, 60 * SECOND)).await.unwrap();
        net.sleep(SECOND).await;
        net.jump_wall(&device, 3_600_000_000);
        net.sleep(200 * SECOND).await;
    });
    let at: Vec<_> = wire.frames().iter().map(|seen| seen.at.0 / 1_000_000).collect();
    assert_eq!(at, [1000, 1060, 1120], "deadlines are not those of the wall clock");
}

#[test]
fn a_stalled_link_does_not_hold_up_the_others() {
    let net = Net::seeded(11);
    let server = net.host("server");
    let handle = server.spawn(Echo::default(), Reader::new(), vec![Box::new(server.udp(5683))]);
    let (slow, live) = (net.host("slow"), net.host("live"));
    let wire = net.between(&server, &slow);
    net.run(async {
        let (slow_socket, live_socket) = (slow.raw(0), live.raw(0));
        wire.stall(&slow, true);
        for n in 0..100_u8 {
            slow_socket.send(server.at(5683), vec![n]);
            live_socket.send(server.at(5683), vec![n]);
            net.sleep(Duration::from_millis(10)).await;
        }
        net.sleep(SECOND).await;
        assert_eq!((slow_socket.received(), live_socket.received()), (0, 100));
        assert_eq!(handle.counters().dropped, 36, "64 wait, the others are lost");
        wire.stall(&slow, false);
        let mut first = Vec::new();
        for _ in 0..64 {
            first.push(slow_socket.recv().await.1[0]);
        }
        assert!(first.iter().copied().eq(0..64), "in their order: {first:?}");
        slow_socket.send(server.at(5683), "again");
        assert_eq!(slow_socket.recv().await.1, "again");
    });
}

#[test]
fn a_failing_send_costs_one_count() {
    let (net, server, device, wire) = pair(12);
    let handle = server.spawn(Echo::default(), Reader::new(), vec![Box::new(server.udp(5683))]);
    net.run(async {
        let (here, other) = (device.raw(0), net.host("other").raw(0));
        wire.fail(&device, true);
        here.send(server.at(5683), "one");
        other.send(server.at(5683), "two");
        assert_eq!(other.recv().await.1, "two");
        assert_eq!((here.received(), handle.counters().send_errors), (0, 1));
        wire.fail(&device, false);
        here.send(server.at(5683), "three");
        assert_eq!(here.recv().await.1, "three");
    });
}

#[test]
fn a_frame_over_the_mtu_is_refused_and_the_machine_is_told() {
    let (net, server, device, wire) = pair(17);
    let reader = Reader::new();
    let _server = server.spawn(Echo::default(), reader.clone(), vec![Box::new(server.udp(5683))]);
    net.run(async {
        let here = device.raw(0);
        here.send(server.at(5683), vec![0; 300]);
        assert_eq!(here.recv().await.1.len(), 300);
        here.send(server.at(5683), vec![0; 301]);
        net.sleep(Duration::from_millis(5)).await;
        wire.mtu(300);
        net.sleep(SECOND).await;
        assert_eq!(here.try_recv(), None);
        let mut changes = reader.take().into_iter().filter_map(|event| match event {
            Event::Link(TransportEvent::Changed { info, .. }) => Some(info.mtu),
            _ => None,
        });
        assert_eq!((changes.next(), changes.next()), (Some(300), None));
    });
}

#[test]
fn names_that_do_not_exist_bring_the_link_down() {
    let (net, _server, device, _wire) = pair(13);
    let reader = Reader::new();
    let client = device.spawn(Echo::quiet(), reader.clone(), vec![Box::new(device.udp(0))]);
    net.run(async {
        client.send(Command::Connect("coap://nowhere".into())).await.unwrap();
        assert!(matches!(reader.next().await, Event::Answered(..)));
        let Event::Link(TransportEvent::Down { error, .. }) = reader.next().await else { panic!("no event") };
        assert_eq!(error.to_string(), "nowhere has no address");
    });
}

#[test]
#[should_panic(expected = "the test waits, and nothing is to come that could wake it")]
fn waiting_for_ever_is_an_error() {
    let (net, server, _device, _wire) = pair(14);
    net.run(async { server.raw(5683).recv().await });
}

#[test]
#[should_panic(expected = "things go on while no time passes")]
fn going_on_without_time_is_an_error() {
    Net::seeded(15).run(std::future::poll_fn(|cx| {
        cx.waker().wake_by_ref();
        std::task::Poll::<()>::Pending
    }));
}

#[test]
fn ten_thousand_devices_in_one_process() {
    let net = Net::seeded(16);
    let server = net.host("server");
    let handle = server.spawn(Echo::default(), Reader::new(), vec![Box::new(server.udp(5683))]);
    let frame = Bytes::from_static(b"update");
    net.run(async {
        let mut devices = Vec::new();
        for n in 0..10_000 {
            let host = net.host(&format!("device-{n}"));
            let reader = Reader::new();
            let device = host.spawn(Echo::quiet(), reader.clone(), vec![Box::new(host.udp(0))]);
            device.send(Command::Connect("coap://server".into())).await.unwrap();
            let route = reader.up().await;
            device.send(Command::Repeat(route, frame.clone(), 3, 60 * SECOND)).await.unwrap();
            devices.push((device, reader));
            net.sleep(Duration::from_millis(1)).await;
        }
        net.sleep(600 * SECOND).await;
        assert_eq!(handle.counters().frames_out, 30_000);
        for (_, reader) in devices {
            let back = reader.take().into_iter().filter(|event| matches!(event, Event::Frame(..)));
            assert_eq!(back.count(), 3);
        }
    });
}
