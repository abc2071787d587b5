//! How values, links and errors look: one line each, for people and for scripts.

use std::{
    fmt::{self, Write as _},
    time::Duration,
};

use lwm2m_core::{
    Attributes, Binding, Kind, Model, Node, ObjectLink, Path, ResourceDef, ResourceId, UnixTime, Value,
    codec::Stamp,
};
use lwm2m_server::{Presence, Registration, machine::Queued};

/// Octets of an opaque value that are shown.
const OCTETS_SHOWN: usize = 64;

/// The lines of a node: `/3303/0/5700 Temperature/0/Sensor Value = 21.5 Cel`, one a value.
pub fn values(model: &dyn Model, at: Path, node: &Node) -> Vec<String> {
    values_in(model, &Units::default(), at, node)
}

/// The same, where the units of some instances are known.
pub fn values_in(model: &dyn Model, known: &Units, at: Path, node: &Node) -> Vec<String> {
    let units = Units::of(at, node).and(known);
    let leaf = |(path, found): (Path, &Value)| {
        let known = path.object_id().is_some_and(|object| model.object(object).is_some());
        let name = if known { format!(" {}", place(model, path)) } else { String::new() };
        format!("{path}{name} = {}", value(model, &units, path, found))
    };
    let lines: Vec<_> = node.leaves(at).into_iter().map(leaf).collect();
    if lines.is_empty() { vec![format!("{at} is empty")] } else { lines }
}

/// What a place is called: `Temperature/0/Sensor Value`; a number where there is no name.
#[must_use]
pub fn place(model: &dyn Model, path: Path) -> String {
    let Some(object) = path.object_id() else { return "/".to_owned() };
    let mut text = model.object(object).map_or_else(|| object.to_string(), |def| def.name().to_owned());
    for (level, id) in path.ids().iter().enumerate().skip(1) {
        let resource = if level == 2 { model.resource(object, ResourceId(*id)) } else { None };
        let _ = match resource {
            Some(def) => write!(text, "/{}", def.name()),
            None => write!(text, "/{id}"),
        };
    }
    text
}

/// The units that instances say themselves, in Sensor Units (5701).
#[derive(Clone, Debug, Default)]
pub struct Units(Vec<(Path, String)>);

/// Where an instance says its unit.
pub const SENSOR_UNITS: u16 = 5701;

impl Units {
    /// Those of a node.
    #[must_use]
    pub fn of(at: Path, node: &Node) -> Self {
        let unit = |(path, value): (Path, &Value)| match (path.ids(), value) {
            ([object, instance, SENSOR_UNITS], Value::String(unit)) => {
                Some((Path::new(&[*object, *instance]).ok()?, unit.clone()))
            }
            _ => None,
        };
        Self(node.leaves(at).into_iter().filter_map(unit).collect())
    }

    /// And these.
    #[must_use]
    pub fn and(mut self, more: &Self) -> Self {
        self.0.extend_from_slice(&more.0);
        self
    }

    /// The unit of an instance.
    pub fn say(&mut self, instance: Path, unit: String) {
        self.0.push((instance, unit));
    }

    /// Instances with a measured value in the node, whose unit neither the definition nor the node says.
    #[must_use]
    pub fn missing(model: &dyn Model, at: Path, node: &Node) -> Vec<Path> {
        let units = Self::of(at, node);
        let unknown = |(path, _): (Path, &Value)| {
            let (object, resource) = path.object_id().zip(path.resource_id())?;
            let instance = Self::measured(path)?;
            model.resource(object, ResourceId(SENSOR_UNITS))?;
            let said = model.resource(object, resource).and_then(ResourceDef::unit_name);
            (said.is_none() && units.unit(path).is_none()).then_some(instance)
        };
        let mut missing: Vec<_> = node.leaves(at).into_iter().filter_map(unknown).collect();
        missing.dedup();
        missing
    }

    /// The instance, if this is a measured value, its extremes or its range.
    fn measured(path: Path) -> Option<Path> {
        let [object, instance, 5601..=5604 | 5700 | 5702..=5704] = *path.ids() else { return None };
        Path::new(&[object, instance]).ok()
    }

    fn unit(&self, path: Path) -> Option<&str> {
        let instance = Self::measured(path)?;
        self.0.iter().find(|(said, _)| *said == instance).map(|(_, unit)| unit.as_str())
    }
}

/// A link with the name of what it leads to, and its attributes: `/3303/0/5700 Sensor Value pmin=10`.
pub fn link(model: &dyn Model, link: &ObjectLink) -> String {
    let mut text = link.path.to_string();
    if let Some(name) = name_of(model, link.path) {
        let _ = write!(text, " {name}");
    }
    if let Some(version) = link.version {
        let _ = write!(text, " version {version}");
    }
    if let Some(dimension) = link.dimension {
        let _ = write!(text, " dim={dimension}");
    }
    if let Some(server) = link.short_server_id {
        let _ = write!(text, " ssid={server}");
    }
    if let Some(uri) = &link.uri {
        let _ = write!(text, " uri={uri:?}");
    }
    text.push_str(&attributes(&link.attributes));
    text
}

/// A registration in one line: `thermo-1 at 127.0.0.1:40123, LwM2M 1.1, lifetime 300 s, objects 1 3 3303`.
#[must_use]
pub fn registration_line(registration: &Registration) -> String {
    let Registration { endpoint, address, version, .. } = registration;
    let (lifetime, objects) = (lifetime(registration.lifetime), objects(registration));
    let presence = match registration.presence {
        Presence::Active => String::new(),
        other => format!(", {other}"),
    };
    format!("{endpoint} at {address}, LwM2M {version}, {lifetime}, objects {objects}{presence}")
}

/// A registration, one thing a line.
#[must_use]
pub fn registration(model: &dyn Model, registration: &Registration) -> Vec<String> {
    let moment = |time: UnixTime| date(time.0.div_euclid(1_000_000));
    let mut lines = vec![
        format!("endpoint {}", registration.endpoint),
        format!("address {}", registration.address),
        format!("version {}", registration.version),
        lifetime(registration.lifetime),
        format!(
            "binding {}{}",
            letters(&registration.bindings),
            if registration.queue_mode { " Q" } else { "" }
        ),
        format!("presence {}", registration.presence),
        format!("registered {}", moment(registration.registered)),
        format!("updated {}", moment(registration.updated)),
    ];
    lines.extend(registration.expires.map(|expires| format!("expires {}", moment(expires))));
    lines.extend(registration.sms.as_ref().map(|sms| format!("sms {sms}")));
    lines.extend(registration.profile.as_ref().map(|profile| format!("profile {profile}")));
    lines.extend(registration.extra.iter().map(|(name, value)| match value {
        Some(value) => format!("parameter {name}={value}"),
        None => format!("parameter {name}"),
    }));
    if !registration.tree().is_default() {
        lines.push(format!("tree {}", registration.tree()));
    }
    lines.extend(registration.objects().iter().map(|found| link(model, found)));
    lines
}

/// A request that waits, in one line: `17 Write /3/0/14, until 2026-11-22T21:00:00Z`.
#[must_use]
pub fn queued(queued: &Queued) -> String {
    let what = match queued.operation {
        Some((verb, path)) => format!("{verb:?} {path}"),
        None => "a request".to_owned(),
    };
    let state = match (queued.sent, queued.expires) {
        (true, _) => ", on its way".to_owned(),
        (false, Some(at)) => format!(", until {}", date(at.as_secs())),
        (false, None) => String::new(),
    };
    format!("{} {what}{state}", queued.number)
}

/// What an Update has changed, or nothing.
#[must_use]
pub fn changes(before: &Registration, after: &Registration) -> Vec<String> {
    let mut changes = Vec::new();
    if before.address != after.address {
        changes.push(format!("at {}", after.address));
    }
    if before.lifetime != after.lifetime {
        changes.push(lifetime(after.lifetime));
    }
    if before.bindings != after.bindings {
        changes.push(format!("binding {}", letters(&after.bindings)));
    }
    let has = |registration: &Registration, path| registration.objects().iter().any(|link| link.path == path);
    for (sign, here, there) in [('+', after, before), ('-', before, after)] {
        let only_here = here.objects().iter().filter(|link| !has(there, link.path));
        changes.extend(only_here.map(|link| format!("{sign}{}", link.path)));
    }
    changes
}

fn letters(bindings: &[Binding]) -> String {
    bindings.iter().map(|binding| binding.letter()).collect()
}

fn lifetime(lifetime: Duration) -> String {
    match lifetime.as_secs() {
        0 => "lifetime without end".to_owned(),
        seconds => format!("lifetime {seconds} s"),
    }
}

/// The numbers of the objects.
fn objects(registration: &Registration) -> String {
    let mut ids: Vec<_> = registration.objects().iter().filter_map(|link| link.path.object_id()).collect();
    ids.dedup();
    let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
    ids.join(" ")
}

/// ` pmin=10 pmax=60`
fn attributes(attributes: &Attributes) -> String {
    attributes.to_string().replace(';', " ")
}

/// The name of the object, of an instance too, or of the resource.
fn name_of(model: &dyn Model, path: Path) -> Option<&str> {
    let object = path.object_id()?;
    match path.resource_id() {
        Some(resource) => model.resource(object, resource).map(ResourceDef::name),
        None => model.object(object).map(|def| def.name()),
    }
}

/// A value with its unit; a time also as a date.
pub fn value<'a>(
    model: &'a dyn Model,
    units: &'a Units,
    path: Path,
    value: &'a Value,
) -> impl fmt::Display + use<'a> {
    let def = path.object_id().zip(path.resource_id()).and_then(|(o, r)| model.resource(o, r));
    let kind = def.map_or(value.kind(), ResourceDef::kind);
    Shown { value, unit: def.and_then(ResourceDef::unit_name).or_else(|| units.unit(path)), kind }
}

struct Shown<'a> {
    value: &'a Value,
    unit: Option<&'a str>,
    kind: Kind,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Value::Opaque(octets) if octets.len() > OCTETS_SHOWN => {
                let first = octets.slice(..OCTETS_SHOWN);
                write!(f, "{}.. ({} octets)", Value::Opaque(first), octets.len())?;
            }
            Value::Time(seconds) | Value::Integer(seconds) if self.kind == Kind::Time => {
                write!(f, "{seconds} ({})", date(*seconds))?;
            }
            value => value.fmt(f)?,
        }
        self.unit.map_or(Ok(()), |unit| write!(f, " {unit}"))
    }
}

/// `2023-11-14T22:13:20Z`
#[must_use]
pub fn date(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Years begin in March here, so that the leap day is the last of its year. Day 0 is 0000-03-01.
    let days = days.saturating_add(719_468);
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = year + era * 400 + carry;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// When a value was measured, behind the value: ` at 2023-11-14T22:13:20Z` or ` 12 s ago`.
#[must_use]
pub fn stamp(at: Stamp) -> String {
    match at {
        Stamp::At(time) => format!(" at {}", date(time.0.div_euclid(1_000_000))),
        Stamp::Ago(ago) => format!(" {} s ago", ago / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use lwm2m_core::{Bytes, IntoNode as _, NoModel};
    use lwm2m_objects::{Device, Registry, Temperature};

    use super::*;

    fn path(text: &str) -> Path {
        text.parse().unwrap()
    }

    #[test]
    fn values_have_names_and_units() {
        let level = Node::Value(Value::Integer(95));
        assert_eq!(values(&Registry, path("/3/0/9"), &level), ["/3/0/9 Device/0/Battery Level = 95 /100"]);
        assert_eq!(values(&NoModel, path("/3/0/9"), &level), ["/3/0/9 = 95"]);
        assert_eq!(values(&Registry, path("/9999/0/9"), &level), ["/9999/0/9 = 95"]);
    }

    #[test]
    fn a_sensor_says_the_unit_of_what_it_measures() {
        let sensor = Temperature {
            sensor_value: 21.5,
            min_measured_value: Some(-3.0),
            sensor_units: Some("Cel".to_owned()),
            ..Temperature::default()
        };
        assert_eq!(
            values(&Registry, path("/3303/0"), &sensor.clone().into_node()),
            [
                "/3303/0/5601 Temperature/0/Min Measured Value = -3 Cel",
                "/3303/0/5700 Temperature/0/Sensor Value = 21.5 Cel",
                "/3303/0/5701 Temperature/0/Sensor Units = \"Cel\"",
            ]
        );
        assert!(Units::missing(&Registry, path("/3303/0"), &sensor.into_node()).is_empty());
    }

    #[test]
    fn a_unit_that_is_said_elsewhere_is_missing_and_can_be_given() {
        let (at, number) = (path("/3303/2/5700"), Node::Value(Value::Float(21.5)));
        assert_eq!(Units::missing(&Registry, at, &number), [path("/3303/2")]);
        let mut units = Units::default();
        units.say(path("/3303/1"), "K".to_owned());
        units.say(path("/3303/2"), "Cel".to_owned());
        let lines = values_in(&Registry, &units, at, &number);
        assert_eq!(lines, ["/3303/2/5700 Temperature/2/Sensor Value = 21.5 Cel"]);
        // The definition says it, or there is nothing to measure.
        for at in ["/10243/0/4", "/3311/0/5851", "/3303/0/5750"] {
            assert!(Units::missing(&Registry, path(at), &number).is_empty(), "{at}");
        }
        let meter = values_in(&Registry, &units, path("/10243/0/4"), &number);
        assert_eq!(meter, ["/10243/0/4 Single-Phase Power Meter/0/Tension = 21.5 V"]);
    }

    #[test]
    fn instances_are_one_line_a_value() {
        let device = Device {
            manufacturer: Some("Acme \"Ltd\"".into()),
            power_source_voltage: BTreeMap::from([(0, 3800), (4, 5000)]),
            ..Device::default()
        };
        assert_eq!(
            values(&Registry, path("/3/0"), &device.into_node()),
            [
                r#"/3/0/0 Device/0/Manufacturer = "Acme \"Ltd\"""#,
                "/3/0/7/0 Device/0/Power Source Voltage/0 = 3800",
                "/3/0/7/4 Device/0/Power Source Voltage/4 = 5000",
                "/3/0/11/0 Device/0/Error Code/0 = 0",
                r#"/3/0/16 Device/0/Supported Binding and Modes = "U""#,
            ]
        );
        assert_eq!(values(&Registry, path("/3304"), &Node::Object(BTreeMap::new())), ["/3304 is empty"]);
    }

    #[test]
    fn times_are_also_dates_and_long_octets_are_cut() {
        let now = Node::Value(Value::Time(1_700_000_000));
        assert_eq!(
            values(&Registry, path("/3/0/13"), &now),
            ["/3/0/13 Device/0/Current Time = 1700000000 (2023-11-14T22:13:20Z)"]
        );
        let long = Node::Value(Value::Opaque(Bytes::from(vec![0xab; 65])));
        let [line] = &values(&Registry, path("/5/0/0"), &long)[..] else { panic!() };
        assert!(line.ends_with("abab.. (65 octets)"), "{line}");
    }

    #[test]
    fn dates_know_leap_years_and_the_past() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(date(seconds), text);
        }
        assert!(date(i64::MAX).ends_with('Z') && date(i64::MIN).ends_with('Z'), "no overflow");
    }

    #[test]
    fn links_say_what_they_lead_to() {
        let mut here = ObjectLink::new(path("/3303/0/5700"));
        here.attributes.pmin = Some(10);
        here.attributes.lt = Some(42.5);
        assert_eq!(link(&Registry, &here), "/3303/0/5700 Sensor Value pmin=10 lt=42.5");
        let mut object = ObjectLink::new(path("/3303"));
        object.version = Some("1.1".parse().unwrap());
        assert_eq!(link(&Registry, &object), "/3303 Temperature version 1.1");
        assert_eq!(link(&Registry, &ObjectLink::new(path("/3311/0"))), "/3311/0 Light Control");
        let mut account = ObjectLink::new(path("/0/1"));
        (account.short_server_id, account.uri) = (Some(101), Some("coaps://a\u{1b}".to_owned()));
        assert_eq!(link(&Registry, &account), "/0/1 LWM2M Security ssid=101 uri=\"coaps://a\\u{1b}\"");
    }
}
