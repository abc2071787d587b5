//! Whatever arrives, the client lives on, keeps its registration and answers. [RFC 7252 §4.2, §4.3]

mod common;

use std::time::Duration;

use common::{account, builder, gadget::Gadget, scene_seeded};
use lwm2m_client::{
    Bytes, Code,
    lwm2m_core::coap::{MessageType, OptionNumber, Options},
};

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn octet(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap_or(0)
    }
}

/// Requests that are nearly right: known paths, all methods, formats that fit or not, payloads that are nothing.
fn request(chance: &mut Chance) -> (Code, String, Options, Vec<u8>) {
    let pick = |chance: &mut Chance, of: &[u16]| {
        usize::try_from(chance.below(of.len() as u64)).ok().and_then(|i| of.get(i).copied()).unwrap_or(0)
    };
    let method = Code(chance.octet() % 9 + 1);
    let mut uri = String::new();
    for ids in [&[0, 1, 3, 5, 32800, 65535][..], &[0, 1, 7], &[0, 1, 2, 3, 4, 5, 6, 7, 8], &[0, 1, 9]] {
        if chance.below(5) > 0 {
            uri.push_str(&format!("/{}", pick(chance, ids)));
        }
    }
    let mut options = Options::new();
    if chance.below(5) == 0 {
        options = options.with_uint(OptionNumber::OBSERVE, chance.below(3));
    }
    if chance.below(2) == 0 {
        let format = pick(chance, &[0, 40, 42, 112, 11542, 11543, 9999]);
        options = options.with_uint(OptionNumber::CONTENT_FORMAT, u64::from(format));
    }
    if chance.below(4) == 0 {
        uri.push_str("?pmin=10");
    }
    if chance.below(3) == 0 {
        let format = pick(chance, &[0, 40, 42, 112, 11542, 9999]);
        options = options.with_uint(OptionNumber::ACCEPT, u64::from(format));
    }
    let length = chance.below(40);
    (method, uri, options, (0..length).map(|_| chance.octet()).collect())
}

#[test]
fn nonsense_from_the_server_costs_nothing_but_an_answer() {
    for seed in 0..5 {
        let (net, mut server, device) = scene_seeded(seed);
        let clock = net.clone();
        net.run(async move {
            let mut chance = Chance(seed);
            let builder = builder(&device).server(account());
            builder.objects().add(0, Gadget::default()).unwrap();
            builder.objects().creatable(|_| Gadget::default()).unwrap();
            let client = builder.start_in(&device).await.unwrap();
            let register = server.register().await;
            client.registered().await.unwrap();
            for _ in 0..1500 {
                if chance.below(2) == 0 {
                    let length = chance.below(60);
                    let mut frame: Vec<u8> = (0..length).map(|_| chance.octet()).collect();
                    if let Some(first) = frame.first_mut().filter(|_| chance.below(4) > 0) {
                        *first = 0x40 | (*first & 0x3f);
                    }
                    server.raw(register.from, Bytes::from(frame));
                } else {
                    let (method, uri, options, payload) = request(&mut chance);
                    server.begin(method, &uri, options, &payload);
                }
                if chance.below(8) == 0 {
                    clock.sleep(Duration::from_millis(chance.below(500))).await;
                }
            }
            clock.sleep(Duration::from_secs(1)).await;
            // Whatever the client wanted to say meanwhile is answered now.
            while let Some(frame) = server.next_within(Duration::from_secs(400)).await {
                let location = Options::new().with(OptionNumber::LOCATION_PATH, b"rd");
                match frame.path().as_str() {
                    "/rd" => server.answer(&frame, Code::CREATED, &location, b""),
                    path if path.starts_with("/rd/") => {
                        server.answer(&frame, Code::CHANGED, &Options::new(), b"");
                    }
                    _ if frame.kind == MessageType::Confirmable => server.acknowledge(&frame),
                    _ => {}
                }
                if clock.now().mono.0 > 3_600_000_000 {
                    break;
                }
            }
            assert_eq!(server.read("/3/0/16").await.text(), "U");
            assert_eq!(client.status().await.unwrap().registered, [1]);
        });
    }
}
