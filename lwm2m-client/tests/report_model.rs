//! The machine against a model that judges the whole history every second, on generated series. [Core 1.2 §5.1.2]

#![allow(clippy::unwrap_used)]

mod report;

use lwm2m_client::{
    Node, Value,
    lwm2m_core::{Attribute, AttributeEdit, Attributes},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use report::{Happening, Series, machine, model::model};

/// Few values near the thresholds, so that they meet.
fn values() -> impl Strategy<Value = BoxedStrategy<Node>> {
    let big = 9_007_199_254_740_990_i64;
    let leaf = |strategy: BoxedStrategy<Value>| strategy.prop_map(Node::Value).boxed();
    let integer = || (-6..7_i64).prop_map(Value::Integer).boxed();
    let quarters = (-12..13_i32).prop_map(|quarters| f64::from(quarters) / 4.0);
    let strange = select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0]);
    let several = proptest::collection::btree_map(0..3_u16, integer(), 0..3).prop_map(Node::Multiple);
    let truths = proptest::collection::btree_map(0..2_u16, any::<bool>().prop_map(Value::Boolean), 1..3);
    select(vec![
        leaf(integer()),
        leaf((0..9_u64).prop_map(Value::Unsigned).boxed()),
        leaf((big..big + 6).prop_map(Value::Integer).boxed()),
        leaf((u64::MAX - 4..=u64::MAX).prop_map(Value::Unsigned).boxed()),
        leaf(prop_oneof![4 => quarters, 1 => strange].prop_map(Value::Float).boxed()),
        leaf(any::<bool>().prop_map(Value::Boolean).boxed()),
        leaf(select(vec!["a", "b"]).prop_map(|text| Value::String(text.to_owned())).boxed()),
        several.boxed(),
        truths.prop_map(Node::Multiple).boxed(),
    ])
}

fn attributes() -> impl Strategy<Value = Attributes> {
    let threshold = || {
        let near = (-12..13_i32).prop_map(|quarters| f64::from(quarters) / 4.0);
        let far = select(vec![9_007_199_254_740_992.0, 18_446_744_073_709_549_568.0]);
        option::weighted(0.4, prop_oneof![6 => near, 1 => far])
    };
    let step = option::weighted(0.3, (0..12_u32).prop_map(|quarters| f64::from(quarters) / 4.0));
    let periods = (
        option::weighted(0.4, 0..9_u32),
        option::weighted(0.4, 0..14_u32),
        option::weighted(0.3, 0..6_u32),
        option::weighted(0.3, 0..9_u32),
    );
    let edge = option::weighted(0.5, any::<bool>());
    (periods, threshold(), threshold(), step, edge)
        .prop_map(|((pmin, pmax, epmin, epmax), gt, lt, st, edge)| {
            let mut all = Attributes::default();
            (all.pmin, all.pmax, all.epmin, all.epmax) = (pmin, pmax, epmin, epmax);
            (all.gt, all.lt, all.st, all.edge) = (gt, lt, st, edge);
            all
        })
        .prop_filter("goes together", |all| all.check().is_ok())
}

fn written() -> impl Strategy<Value = AttributeEdit> {
    (attributes(), vec(select(Attribute::ALL.to_vec()), 0..4)).prop_map(|(set, unset)| {
        unset.into_iter().fold(set.into(), |edit: AttributeEdit, attribute| edit.unset(attribute))
    })
}

fn series() -> impl Strategy<Value = Series> {
    let happens = |node: BoxedStrategy<Node>| {
        let what = prop_oneof![
            10 => node.clone().prop_map(Happening::Said),
            2 => node.clone().prop_map(Happening::Silent),
            1 => written().prop_map(Happening::Written),
        ];
        (node, vec((1..60_u64, what), 0..24))
    };
    let asleep = option::weighted(0.3, (1..40_u64, 2..30_u64));
    (attributes(), values().prop_flat_map(happens), asleep, 40..90_u64).prop_map(
        |(attributes, (first, mut happens), asleep, until)| {
            happens.sort_by_key(|(at, _)| *at);
            // What the server writes must go together with what stands there.
            let mut known = attributes;
            happens.retain(|(_, what)| match what {
                Happening::Written(edit) => edit.apply(&known).map(|after| known = after).is_ok(),
                _ => true,
            });
            let asleep = asleep.map(|(from, length)| (from, from + length)).into_iter().collect();
            Series { attributes, first, happens, asleep, until }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn machine_and_model_tell_the_same(series in series()) {
        prop_assert_eq!(machine(&series), model(&series));
    }
}
