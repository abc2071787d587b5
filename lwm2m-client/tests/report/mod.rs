//! A value series, and the machine run over it.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::indexing_slicing, reason = "for tests")]

pub mod model;

use std::sync::Arc;

use lwm2m_client::{
    Node, Path, Value,
    lwm2m_core::{AttributeEdit, AttributeTree, Attributes, Mono},
    machine::report::{Conditions, Reports, Step},
};

/// Seconds since the Observe was answered.
pub type Second = u64;

#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// The device says that this is the value now.
    Said(Node),
    /// This is the value now, but nobody says so.
    Silent(Node),
    /// The server writes attributes.
    Written(AttributeEdit),
}

#[derive(Clone, Debug)]
pub struct Series {
    pub attributes: Attributes,
    pub first: Node,
    /// In order.
    pub happens: Vec<(Second, Happening)>,
    /// The device is awake at both ends and nowhere between.
    pub asleep: Vec<(Second, Second)>,
    pub until: Second,
}

impl Series {
    /// The first moment from `at` on at which the device is awake.
    pub fn awake(&self, at: Second) -> Second {
        let inside = self.asleep.iter().find(|(from, to)| *from < at && at < *to);
        inside.map_or(at, |(_, to)| *to)
    }
}

/// What the machine says is to be told. It is asked only when something happens and at its own deadlines.
pub fn machine(series: &Series) -> Vec<(Second, Node)> {
    let path = Path::new(&[9, 0, 1]).unwrap();
    let moment = |second: Second| Mono(second * 1_000_000);
    let mut attributes = AttributeTree::default();
    attributes.write(path, &series.attributes.into()).unwrap();
    let judged = |attributes: &AttributeTree| Conditions::of(&attributes.effective(path));

    let mut reports = Reports::default();
    let key = reports.begin(moment(0), (), [(path, judged(&attributes), Arc::new(series.first.clone()))]);
    let (mut value, mut told) = (series.first.clone(), Vec::new());
    let mut happens = series.happens.iter().peekable();
    loop {
        let next = happens.peek().map(|(at, _)| series.awake(*at));
        let deadline = reports.deadline().map(|at| series.awake(at.0.div_ceil(1_000_000)));
        let Some(now) = next.into_iter().chain(deadline).min().filter(|now| *now <= series.until) else {
            return told;
        };
        while let Some((_, what)) = happens.next_if(|(at, _)| *at <= now) {
            match what {
                Happening::Said(node) | Happening::Silent(node) => value = node.clone(),
                Happening::Written(edit) => {
                    attributes.write(path, edit).unwrap();
                    reports.steer(key, |_, ()| judged(&attributes));
                }
            }
            if matches!(what, Happening::Said(_)) {
                reports.changed(path);
            }
        }
        while let Some(step) = reports.poll(moment(now)) {
            match step {
                Step::Read { ticket, path } => {
                    reports.read(moment(now), path, ticket, &Arc::new(value.clone()));
                }
                Step::Notify(key) => {
                    told.extend(reports.values(key).map(|told| (now, (**told.node).clone())));
                }
            }
        }
    }
}

/// `20`, `20u`, `20.5`, `NaN`, `inf`, `20s`, `true`, `"a"`, `[0=1,1=2]`.
pub fn node(text: &str) -> Node {
    if let Some(inside) = text.strip_prefix('[') {
        let items = inside.strip_suffix(']').unwrap().split(',').filter(|item| !item.is_empty());
        return Node::Multiple(
            items
                .map(|item| item.split_once('=').unwrap())
                .map(|(id, item)| (id.parse().unwrap(), value(item)))
                .collect(),
        );
    }
    Node::Value(value(text))
}

fn value(text: &str) -> Value {
    if let Some(inside) = text.strip_prefix('"') {
        return Value::String(inside.strip_suffix('"').unwrap().to_owned());
    }
    match text.strip_suffix(['u', 's']) {
        Some(number) if text.ends_with('u') => Value::Unsigned(number.parse().unwrap()),
        Some(number) => Value::Time(number.parse().unwrap()),
        None => match text {
            "true" | "false" => Value::Boolean(text == "true"),
            "NaN" | "inf" => Value::Float(text.parse().unwrap()),
            _ if text.contains('.') => Value::Float(text.parse().unwrap()),
            _ => Value::Integer(text.parse().unwrap()),
        },
    }
}

/// One line of `series.txt`: the series, and what is told.
pub fn line(line: &str) -> (Series, Vec<(Second, Node)>) {
    let parts: Vec<_> = line.split(" | ").map(str::trim).collect();
    let [attributes, happens, told] = parts[..] else { panic!("{line}") };
    let told = told.split('#').next().unwrap();
    let edit = |text: &str| AttributeEdit::parse(text.split('&').filter(|part| *part != "-")).unwrap();
    let mut series = Series {
        attributes: *edit(attributes).attributes(),
        first: Node::Value(Value::Boolean(false)),
        happens: Vec::new(),
        asleep: Vec::new(),
        until: 0,
    };
    let happens = happens.replace("{", "\n{").replace("} ", "}\n");
    for word in happens.lines().flat_map(|part| match part.strip_prefix('{') {
        Some(_) => vec![part],
        None => part.split_whitespace().collect(),
    }) {
        if let Some(written) = word.strip_prefix('{') {
            let (at, query) = written.trim_end().strip_suffix('}').unwrap().split_once(' ').unwrap();
            series.happens.push((at.parse().unwrap(), Happening::Written(edit(query))));
        } else if let Some(until) = word.strip_prefix("..") {
            series.until = until.parse().unwrap();
        } else if let Some((from, to)) = word.strip_prefix("zz").and_then(|word| word.split_once('-')) {
            series.asleep.push((from.parse().unwrap(), to.parse().unwrap()));
        } else if let Some((at, silent)) = word.split_once('!') {
            series.happens.push((at.parse().unwrap(), Happening::Silent(node(silent))));
        } else if let Some(first) = word.strip_prefix("0:") {
            series.first = node(first);
        } else {
            let (at, said) = word.split_once(':').unwrap();
            series.happens.push((at.parse().unwrap(), Happening::Said(node(said))));
        }
    }
    assert!(series.happens.is_sorted_by_key(|(at, _)| *at), "{line}");
    let told = told.split_whitespace().filter(|word| *word != "-").map(|word| {
        let (at, node) = word.split_once(':').unwrap();
        (at.parse().unwrap(), self::node(node))
    });
    (series, told.collect())
}
