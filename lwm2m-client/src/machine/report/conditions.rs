//! By what a place is judged.

use std::time::Duration;

use lwm2m_core::{Attributes, Node, Value};

use super::number::Number;

/// Attributes in the form in which they are applied: without those that have no effect.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Conditions {
    pub(super) pmin: Duration,
    pub(super) pmax: Option<Duration>,
    pub(super) epmin: Option<Duration>,
    pub(super) epmax: Option<Duration>,
    gt: Option<f64>,
    lt: Option<f64>,
    st: Option<f64>,
    edge: Option<bool>,
    pub(super) con: Option<bool>,
    pub(super) hqmax: Option<u32>,
}

impl Conditions {
    /// Of what a node has, of its own, inherited and by default. `pmax` counts unless it is 0 or less than `pmin`;
    /// thresholds that exclude each other do not count, nor do evaluation periods that do. [Core 1.2 §5.1.2]
    #[must_use]
    pub fn of(effective: &Attributes) -> Self {
        let effective = effective.in_force();
        let period = |seconds: Option<u32>| seconds.map(|seconds| Duration::from_secs(seconds.into()));
        let pmin = period(effective.pmin).unwrap_or_default();
        Self {
            pmin,
            pmax: period(effective.pmax).filter(|pmax| !pmax.is_zero() && *pmax >= pmin),
            epmin: period(effective.epmin).filter(|epmin| !epmin.is_zero()),
            epmax: period(effective.epmax).filter(|epmax| !epmax.is_zero()),
            gt: effective.gt,
            lt: effective.lt,
            st: effective.st,
            edge: effective.edge,
            con: effective.con,
            hqmax: effective.hqmax,
        }
    }

    /// Is what was found worth a notification? `told`: by the last one. `seen`: at the last evaluation.
    ///
    /// Of a multiple resource every instance is judged for itself; one that came or went is worth it.
    pub(super) fn met(&self, told: &Node, seen: &Node, found: &Node) -> bool {
        match (told, found) {
            (Node::Value(told), Node::Value(found)) => {
                let seen = if let Node::Value(seen) = seen { Some(seen) } else { None };
                self.value_met(told, seen, found)
            }
            (Node::Multiple(told), Node::Multiple(found)) => {
                let seen = if let Node::Multiple(seen) = seen { Some(seen) } else { None };
                !told.keys().eq(found.keys())
                    || told.iter().zip(found).any(|((id, told), (_, found))| {
                        self.value_met(told, seen.and_then(|seen| seen.get(id)), found)
                    })
            }
            _ => told != found,
        }
    }

    fn value_met(&self, told: &Value, seen: Option<&Value>, found: &Value) -> bool {
        let has_threshold = self.gt.is_some() || self.lt.is_some() || self.st.is_some();
        if let (Some(told), Some(found), true) = (Number::of(told), Number::of(found), has_threshold) {
            let crosses = |threshold: Option<f64>| threshold.is_some_and(|t| told.crosses(found, t));
            return self.st.is_some_and(|step| told.apart(found, step))
                || crosses(self.gt)
                || crosses(self.lt);
        }
        match (self.edge, seen, found) {
            (Some(edge), Some(Value::Boolean(before)), Value::Boolean(now)) => {
                *before != edge && *now == edge
            }
            _ => told != found,
        }
    }
}
