//! Links that take their time, never come, or come when nobody waits for them any more.

mod common;

use std::time::Duration;

use common::bench::{Bench, builder, route};
use lwm2m_client::machine::Command;

/// Until the first link is wanted.
fn connecting() -> Bench {
    let bench = Bench::new(builder());
    assert_eq!((bench.connects.len(), bench.sent.len()), (1, 0));
    bench
}

#[test]
fn a_link_that_is_not_wanted_any_more_is_closed_and_nothing_else() {
    let mut bench = connecting();
    let first = bench.connects[0];
    bench.command(Command::NetworkChanged);
    let second = bench.connects[1];
    bench.connected(second, Ok(route(2)));
    bench.connected(first, Ok(route(1)));
    assert_eq!(bench.closed, [route(1)]);
    bench.up(route(2));
    assert_eq!(bench.sent.len(), 1, "the Register");
    assert_eq!(bench.sent[0].0, route(2));
    assert_eq!(bench.closed, [route(1)]);
}

#[test]
fn a_failure_that_comes_late_does_not_end_what_was_begun_since() {
    let mut bench = connecting();
    let first = bench.connects[0];
    bench.command(Command::NetworkChanged);
    let second = bench.connects[1];
    bench.connect_broke(first);
    bench.pass(Duration::from_secs(100));
    assert_eq!(bench.connects, [second], "one attempt at a time");
    bench.connected(second, Ok(route(2)));
    bench.up(route(2));
    assert_eq!(bench.sent.len(), 1, "the Register");
}

#[test]
fn a_link_that_comes_after_the_shutdown_is_closed() {
    let mut bench = connecting();
    let first = bench.connects[0];
    bench.command(Command::Shutdown { reply: 1 });
    assert_eq!(bench.replies, [1], "there is nobody to leave");
    bench.connected(first, Ok(route(1)));
    assert_eq!(bench.closed, [route(1)]);
    bench.pass(Duration::from_secs(600));
    assert_eq!((bench.closed.as_slice(), bench.connects.len(), bench.sent.len()), (&[route(1)][..], 0, 0));
}

#[test]
fn a_connect_that_never_answers_or_breaks_is_tried_again() {
    let mut bench = connecting();
    let first = bench.connects[0];
    bench.pass(Duration::from_secs(121));
    assert_eq!(bench.connects, [first], "the pause after a failure");
    bench.pass(Duration::from_secs(80));
    assert_eq!(bench.connects.len(), 2);
    let second = bench.connects[1];
    bench.connect_broke(second);
    bench.pass(Duration::from_secs(160));
    assert_eq!(bench.connects.len(), 2, "the one that never answered, and a third");
}

#[test]
fn a_link_that_does_not_come_up_is_given_up() {
    let mut bench = connecting();
    let first = bench.connects[0];
    bench.connected(first, Ok(route(1)));
    bench.pass(Duration::from_secs(121));
    assert_eq!(bench.closed, [route(1)]);
    bench.pass(Duration::from_secs(80));
    assert_eq!(bench.connects.len(), 1);
}
