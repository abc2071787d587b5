//! Datagrams as operations, in both directions: what is understood is written and understood as the same.

#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use lwm2m_core::{
    Code, NoModel, Tree, Version,
    coap::{Message, Observe, OptionNumber, Request},
    codec::Context,
    ops::{Downlink, DownlinkAnswer, Target, Uplink, UplinkAnswer, UplinkVerb, Verb},
};

fuzz_target!(|datagram: &[u8]| {
    let frame = Bytes::copy_from_slice(datagram);
    let Ok(message) = Message::parse(&frame) else { return };
    // The endpoint refuses these before an operation is made of them.
    if message.options.unrecognised(|_| true).is_some() {
        return;
    }
    for version in Version::ALL {
        let cx = Context { model: &NoModel, version, tree: &Tree::DEFAULT };
        if message.code.is_request() {
            requests(message.to_request(&frame), &cx);
        } else if message.code.is_response() {
            answers(&message, &frame, &cx);
        }
    }
});

fn requests(mut request: Request, cx: &Context<'_>) {
    match Uplink::from_coap(&request, cx) {
        // Not every value that is read is one that we would write; the fuzz targets of the formats compare them.
        Ok(send @ Uplink::Send { .. }) => drop(send.to_coap(cx)),
        Ok(uplink) => {
            let again = uplink.to_coap(cx).expect("what came in an option fits one");
            assert_eq!(Uplink::from_coap(&again, cx), Ok(uplink));
        }
        Err(_) => {}
    }
    let observe = match request.options.observe() {
        Some(0) => Some(Observe::Register),
        Some(_) => Some(Observe::Deregister),
        None => None,
    };
    request.options.remove(OptionNumber::OBSERVE);
    if let Ok(downlink) = Downlink::from_coap(&request, observe, cx) {
        let format = match request.method {
            Code::GET => request.options.accept(),
            _ => request.options.content_format(),
        };
        if let Ok(again) = downlink.to_coap(cx, format)
            && request.method != Code::IPATCH
        {
            assert_eq!(Downlink::from_coap(&again, observe, cx), Ok(downlink));
        }
    }
}

fn answers(message: &Message<'_>, frame: &Bytes, cx: &Context<'_>) {
    let response = message.to_response(frame);
    for verb in [UplinkVerb::Register, UplinkVerb::Update, UplinkVerb::Send] {
        if let Ok(answer) = UplinkAnswer::from_coap(&response, verb) {
            assert_eq!(UplinkAnswer::from_coap(&answer.to_coap(verb), verb), Ok(answer));
        }
    }
    for (verb, path) in [
        (Verb::Read, "/3/0"),
        (Verb::Read, "/3/0/9"),
        (Verb::Discover, "/3"),
        (Verb::Create, "/3"),
        (Verb::ReadComposite, "/"),
    ] {
        let to = Target { verb, tree: Tree::DEFAULT, path: path.parse().expect("a path") };
        let _ = DownlinkAnswer::from_coap(&response, &to, cx);
    }
}
