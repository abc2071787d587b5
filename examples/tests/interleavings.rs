//! Rare things meet: random runs of all that can happen to a device with two servers and a bootstrap server, of which each
//! must end well. `INTERLEAVINGS=1000..2000` runs those seeds.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;
mod world;

use std::{
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use common::{protected, seconds};
use lwm2m_core::sim::Net;
use world::World;

const EVENTS: usize = 60;
const NORMAL: Range<u64> = 0..40;

#[test]
fn whatever_meets_the_device_finds_back() {
    let (mut disabled, mut owed) = (0, 0);
    let ends_badly = |seed: &u64| {
        let seen = catch_unwind(AssertUnwindSafe(|| protected(seed.is_multiple_of(3), || run(*seed))));
        disabled += seen.as_ref().map_or(0, |seen| usize::from(seen.disabled));
        owed += seen.as_ref().map_or(0, |seen| seen.owed);
        seen.is_err()
    };
    let seeds = seeds();
    let bad: Vec<u64> = seeds.clone().filter(ends_badly).collect();
    assert!(bad.is_empty(), "of these seeds: {bad:?}");
    if seeds == NORMAL {
        assert!(disabled > 5 && owed > 20, "what is looked at happens: {disabled} disabled, {owed} owed");
    }
}

/// Those of a normal run, unless the environment says others.
fn seeds() -> Range<u64> {
    let Ok(said) = std::env::var("INTERLEAVINGS") else { return NORMAL };
    let (first, end) = said.split_once("..").expect("INTERLEAVINGS=FIRST..END");
    let seeds: Range<u64> = first.parse().unwrap()..end.parse().unwrap();
    assert!(!seeds.is_empty(), "INTERLEAVINGS={said} has no seeds");
    seeds
}

/// What a run was there to show.
struct Shown {
    disabled: bool,
    owed: usize,
}

fn run(seed: u64) -> Shown {
    let net = Net::seeded(seed);
    let mut journal = None;
    let result = catch_unwind(AssertUnwindSafe(|| {
        net.run(async {
            let mut world = World::new(&net, seed).await;
            journal = Some(world.journal.clone());
            net.sleep(seconds(5)).await;
            for _ in 0..EVENTS {
                world.happen().await;
            }
            world.recover().await;
            let owed = world.all_owed_arrived();
            let disabled = world.one_is_disabled().await;
            world.recover().await;
            world.restart().await;
            world.recover().await;
            Shown { disabled, owed }
        })
    }));
    result.unwrap_or_else(|panic| {
        println!("seed {seed}\n{}", journal.map(|journal| journal.text()).unwrap_or_default());
        resume_unwind(panic)
    })
}
