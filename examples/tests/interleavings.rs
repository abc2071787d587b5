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

#[test]
fn whatever_meets_the_device_finds_back() {
    let ends_badly = |seed: &u64| {
        let result = catch_unwind(AssertUnwindSafe(|| protected(seed.is_multiple_of(3), || run(*seed))));
        result.is_err()
    };
    let bad: Vec<u64> = seeds().filter(ends_badly).collect();
    assert!(bad.is_empty(), "of these seeds: {bad:?}");
}

/// Those of a normal run, unless the environment says others.
fn seeds() -> Range<u64> {
    let said = std::env::var("INTERLEAVINGS").ok();
    let said = said.as_deref().and_then(|said| said.split_once(".."));
    let said = said.and_then(|(first, end)| Some(first.parse().ok()?..end.parse().ok()?));
    said.unwrap_or(0..40)
}

fn run(seed: u64) {
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
            world.all_owed_arrived();
            world.one_is_disabled().await;
            world.recover().await;
            world.restart().await;
            world.recover().await;
        });
    }));
    if let Err(panic) = result {
        println!("seed {seed}\n{}", journal.map(|journal| journal.text()).unwrap_or_default());
        resume_unwind(panic);
    }
}
