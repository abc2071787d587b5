//! The sessions of the vectors as operations: every request is understood and written again as it came, every answer
//! too, and what a request is refused with is what its answer says.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod vectors;

use std::collections::HashMap;

use bytes::{Bytes, BytesMut};
use lwm2m_core::{
    Code, Kind, ObjectDef, Ops, ResourceDef, Tree, Version,
    coap::{Message, Observe, OptionNumber, Options, Response, Token},
    codec::Context,
    ops::{Downlink, DownlinkAnswer, Target, Uplink, UplinkAnswer, UplinkVerb, Verb, bootstrap},
};

macro_rules! object {
    ($name:ident, $id:literal, [$($resource:expr),* $(,)?]) => {
        static $name: ObjectDef = {
            const RESOURCES: &[ResourceDef] = &const { [$($resource),*] };
            ObjectDef::new($id, stringify!($name), RESOURCES).multiple()
        };
    };
}

object!(
    SERVER,
    1,
    [
        ResourceDef::new(0, "Short Server ID", Kind::Integer, Ops::R),
        ResourceDef::new(1, "Lifetime", Kind::Integer, Ops::RW),
        ResourceDef::new(8, "Registration Update Trigger", Kind::Executable, Ops::E),
    ]
);
object!(
    DEVICE,
    3,
    [
        ResourceDef::new(0, "Manufacturer", Kind::String, Ops::R),
        ResourceDef::new(5, "Factory Reset", Kind::Executable, Ops::E),
        ResourceDef::new(6, "Available Power Sources", Kind::Integer, Ops::R).multiple(),
        ResourceDef::new(9, "Battery Level", Kind::Integer, Ops::R),
    ]
);
object!(PORTFOLIO, 16, [ResourceDef::new(0, "Identity", Kind::String, Ops::RW).multiple()]);

/// What a peer remembers of its requests.
#[derive(Default)]
struct Open {
    uplinks: HashMap<Token, UplinkVerb>,
    /// What it addresses, or what it is refused with.
    downlinks: HashMap<Token, Result<Target, Code>>,
    /// The request that a bootstrap began with: all that follows are operations of a bootstrap server.
    bootstrap: Option<bootstrap::Uplink>,
    bootstraps: HashMap<Token, bootstrap::Target>,
}

#[test]
fn every_session() {
    let mut understood = 0;
    for session in vectors::extras("session") {
        let mut open = Open::default();
        for message in session["messages"].as_array().unwrap() {
            let frame = Bytes::from(vectors::hex(message, "hex"));
            let parsed = Message::parse(&frame).unwrap();
            let from_client = message["from"] == "client";
            let description = message["desc"].as_str().unwrap();
            understood += u32::from(match (from_client, parsed.code.is_request()) {
                (true, true) => open.uplink(&parsed, &frame, description),
                (false, true) => open.downlink(&parsed, &frame, description),
                (true, false) => open.downlink_answer(&parsed, &frame, description),
                (false, false) => open.uplink_answer(&parsed, &frame, description),
            });
        }
    }
    assert_eq!(understood, 65, "messages that were compared as operations");
}

impl Open {
    fn uplink(&mut self, message: &Message<'_>, frame: &Bytes, description: &str) -> bool {
        let request = message.to_request(frame);
        if bootstrap::Uplink::is_addressed(&request) {
            let uplink = bootstrap::Uplink::from_coap(&request).unwrap();
            assert_eq!(uplink.to_coap().unwrap(), request, "{description}");
            self.bootstrap = Some(uplink);
            return true;
        }
        let uplink = Uplink::from_coap(&request, &cx()).unwrap();
        let again = uplink.to_coap(&cx()).unwrap();
        assert_eq!(again.options, request.options, "{description}");
        // The list may be worded otherwise; it must say the same.
        assert_eq!(Uplink::from_coap(&again, &cx()).unwrap(), uplink, "{description}");
        self.uplinks.insert(message.token, uplink.verb());
        true
    }

    fn uplink_answer(&mut self, message: &Message<'_>, frame: &Bytes, description: &str) -> bool {
        if let Some(uplink) = &self.bootstrap {
            let answer = bootstrap::UplinkAnswer::from_coap(&message.to_response(frame), uplink, &cx());
            same(message, &answer.unwrap().to_coap(&cx(), None).unwrap(), frame, description);
            return true;
        }
        let Some(verb) = self.uplinks.get(&message.token).copied() else { return false };
        let answer = UplinkAnswer::from_coap(&message.to_response(frame), verb).unwrap();
        same(message, &answer.to_coap(verb), frame, description);
        true
    }

    fn downlink(&mut self, message: &Message<'_>, frame: &Bytes, description: &str) -> bool {
        let request = message.to_request(frame);
        if self.bootstrap.is_some() {
            let downlink = bootstrap::Downlink::from_coap(&request, &cx()).unwrap();
            let format = request.options.content_format().or(request.options.accept());
            assert_eq!(downlink.to_coap(&cx(), format).unwrap(), request, "{description}");
            self.bootstraps.insert(message.token, downlink.target());
            return true;
        }
        let observe = match request.options.observe() {
            Some(0) => Some(Observe::Register),
            Some(_) => Some(Observe::Deregister),
            None => None,
        };
        let inbound = request.clone().with_options(without_observe(&request.options));
        let downlink = match Downlink::from_coap(&inbound, observe, &cx()) {
            Ok(downlink) => downlink,
            Err(rejection) => {
                self.downlinks.insert(message.token, Err(rejection.code));
                return false;
            }
        };
        let format = request.options.content_format().or(request.options.accept());
        let again = downlink.to_coap(&cx(), format).unwrap();
        if downlink.target().verb == Verb::WriteComposite {
            // Names may be divided otherwise; they must say the same.
            assert_eq!(again.options, request.options, "{description}");
            assert_eq!(Downlink::from_coap(&again, observe, &cx()), Ok(downlink.clone()), "{description}");
        } else {
            assert_eq!(again, request, "{description}");
        }
        self.downlinks.insert(message.token, Ok(downlink.target()));
        true
    }

    fn downlink_answer(&mut self, message: &Message<'_>, frame: &Bytes, description: &str) -> bool {
        let response = message.to_response(frame);
        if let Some(target) = self.bootstraps.get(&message.token) {
            let answer = bootstrap::DownlinkAnswer::from_coap(&response, *target, &cx()).unwrap();
            let again = answer.to_coap(*target, &cx(), response.options.content_format()).unwrap();
            assert_eq!(again.options, response.options, "{description}");
            // Links may be worded otherwise; they must say the same.
            assert_eq!(
                bootstrap::DownlinkAnswer::from_coap(&again, *target, &cx()),
                Ok(answer),
                "{description}"
            );
            return true;
        }
        let target = match self.downlinks.get(&message.token) {
            None => return false,
            Some(Err(code)) => {
                assert_eq!(response.code, *code, "{description}");
                return true;
            }
            Some(Ok(target)) => target,
        };
        let answer = DownlinkAnswer::from_coap(&response, target, &cx()).unwrap();
        let again = answer.to_coap(target, &cx(), response.options.content_format()).unwrap();
        let plain = again.clone().with_options(without_observe(&again.options));
        let wanted = response.clone().with_options(without_observe(&response.options));
        if matches!(target.verb, Verb::ReadComposite | Verb::ObserveComposite | Verb::CancelObserveComposite)
        {
            // Names may be divided otherwise; they must say the same.
            assert_eq!(plain.options, wanted.options, "{description}");
            assert_eq!(DownlinkAnswer::from_coap(&again, target, &cx()).unwrap(), answer, "{description}");
            return true;
        }
        assert_eq!(plain, wanted, "{description}");
        true
    }
}

/// The endpoint takes the option off an inbound request and numbers notifications.
fn without_observe(options: &Options) -> Options {
    let mut options = options.clone();
    options.remove(OptionNumber::OBSERVE);
    options
}

fn same(message: &Message<'_>, response: &Response, frame: &Bytes, description: &str) {
    let mut out = BytesMut::new();
    let (code, options, payload) = (response.code, response.options.view(), response.payload.bytes());
    Message { code, options, payload, ..*message }.encode(&mut out);
    assert_eq!(out, frame, "{description}");
}

fn cx() -> Context<'static> {
    static MODEL: std::sync::LazyLock<Vec<&'static ObjectDef>> =
        std::sync::LazyLock::new(|| vec![&SERVER, &DEVICE, &PORTFOLIO]);
    static TREE: Tree = Tree::DEFAULT;
    Context { model: &*MODEL, version: Version::V1_1, tree: &TREE }
}
