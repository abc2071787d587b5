//! Vectors of text: arguments of Execute, attributes of Write-Attributes, links.

use lwm2m_core::{Arguments, AttributeEdit, Attributes, Code, Links, ObjectLink, Rejection, Tree, Version};
use serde_json::Value as Json;

use crate::{Fault, accepted, field::Fields, refused, same};

pub(crate) fn arguments(vector: &Fields<'_>) -> Result<(), Fault> {
    let text = match vector.payload() {
        Ok(octets) => String::from_utf8(octets),
        Err(_) => Ok(vector.text("text")?.to_owned()),
    };
    let parsed = text.map_err(|error| error.to_string());
    match (parsed.and_then(|text| text.parse::<Arguments>().map_err(|e| e.to_string())), vector.yes("valid")?)
    {
        (Ok(_), false) => Err(accepted(vector)),
        (Err(why), true) => Err(Fault::Wrong(format!("refused: {why}"))),
        (Err(why), false) => refused(vector, Code::BAD_REQUEST, why),
        (Ok(arguments), true) => {
            let mut wanted = Vec::new();
            for argument in vector.list("args")? {
                let digit = u8::try_from(argument.number("digit")?).map_err(Fault::wrong)?;
                wanted.push((digit, argument.0.get("value").and_then(Json::as_str)));
            }
            same("the arguments", &arguments.iter().collect::<Vec<_>>(), &wanted)?;
            same("what is written", &arguments.to_string().as_str(), &vector.text("text")?)
        }
    }
}

pub(crate) fn attributes(vector: &Fields<'_>) -> Result<(), Fault> {
    let text = vector.text("text")?;
    let edit = AttributeEdit::parse(text.split('&').filter(|parameter| !parameter.is_empty()));
    let attached = edit.and_then(|edit| {
        edit.apply(&Attributes::default()).map_err(|error| Rejection::bad_request(error.to_string()))?;
        Ok(edit)
    });
    match (attached, vector.yes("valid")?) {
        (Ok(_), false) => Err(accepted(vector)),
        (Err(rejection), true) => Err(Fault::Wrong(format!("refused: {rejection}"))),
        (Err(rejection), false) => refused(vector, rejection.code, &rejection),
        (Ok(edit), true) => {
            let wanted =
                vector.0.get("attrs").and_then(Json::as_object).ok_or("`attrs` is no object".to_owned())?;
            let found: Vec<String> = edit.parameters().collect();
            same("the number of attributes", &found.len(), &wanted.len())?;
            for (name, value) in wanted {
                let of = |parameter: &&String| parameter.split('=').next() == Some(name);
                let found = found.iter().find(of).ok_or_else(|| format!("there is no {name}"))?;
                let found = found
                    .split_once('=')
                    .map(|(_, value)| value.parse::<f64>().map_err(Fault::wrong))
                    .transpose()?;
                same(name, &found, &as_number(value))?;
            }
            Ok(())
        }
    }
}

/// A number, or a flag as 0 or 1.
fn as_number(value: &Json) -> Option<f64> {
    value.as_f64().or_else(|| value.as_bool().map(f64::from))
}

pub(crate) fn links(vector: &Fields<'_>) -> Result<(), Fault> {
    let octets = match vector.payload() {
        Ok(octets) => String::from_utf8(octets).map_err(|error| error.to_string()),
        Err(_) => Ok(vector.text("text")?.to_owned()),
    };
    match (
        octets.and_then(|text| Links::parse(&text).map_err(|error| error.to_string())),
        vector.yes("valid")?,
    ) {
        (Ok(_), false) => Err(accepted(vector)),
        (Err(why), true) => Err(Fault::Wrong(format!("refused: {why}"))),
        (Err(why), false) => refused(vector, Code::BAD_REQUEST, why),
        (Ok(links), true) => {
            let mut objects = links.objects.iter();
            for wanted in vector.list("links")? {
                let target = wanted.text("target")?;
                if target == "/" || wanted.text("rt") == Ok("oma.lwm2m") {
                    root(&links, wanted)?;
                } else {
                    let link = objects.next().ok_or_else(|| format!("the link to {target} is missing"))?;
                    object(&links.tree, link, wanted)?;
                }
            }
            same("what follows the last link", &objects.next(), &None)
        }
    }
}

fn root(links: &Links, wanted: Fields<'_>) -> Result<(), Fault> {
    let tree = if wanted.text("rt") == Ok("oma.lwm2m") { wanted.text("target")? } else { "/" };
    same("the tree", &links.tree, &Tree::below(tree).map_err(Fault::wrong)?)?;
    same("lwm2m", &links.version.map(Version::as_str), &wanted.0.get("lwm2m").and_then(Json::as_str))?;
    let formats: Vec<_> = match wanted.0.get("ct") {
        Some(Json::Array(list)) => list.iter().filter_map(Json::as_u64).collect(),
        Some(one) => one.as_u64().into_iter().collect(),
        None => Vec::new(),
    };
    same("ct", &links.formats.iter().map(|format| u64::from(format.0)).collect(), &formats)
}

fn object(tree: &Tree, link: &ObjectLink, wanted: Fields<'_>) -> Result<(), Fault> {
    let text = |name: &str| wanted.0.get(name).and_then(Json::as_str);
    let number = |name: &str| wanted.0.get(name).and_then(Json::as_u64);
    let float = |name: &str| wanted.0.get(name).and_then(Json::as_f64);
    let target = format!("{}{}", tree.prefix(), link.path);
    same("the target", &target.as_str(), &wanted.text("target")?)?;
    same("ver", &link.version.map(|version| version.to_string()).as_deref(), &text("ver"))?;
    same("dim", &link.dimension.map(u64::from), &number("dim"))?;
    same("ssid", &link.short_server_id.map(u64::from), &number("ssid"))?;
    same("uri", &link.uri.as_deref(), &text("uri"))?;
    let Attributes { pmin, pmax, gt, lt, st, epmin, epmax, .. } = link.attributes;
    for (name, found) in [("pmin", pmin), ("pmax", pmax), ("epmin", epmin), ("epmax", epmax)] {
        same(name, &found.map(u64::from), &number(name))?;
    }
    for (name, found) in [("gt", gt), ("lt", lt), ("st", st)] {
        same(name, &found, &float(name))?;
    }
    Ok(())
}
