//! What lists of options do, whatever their form in memory.

use super::*;

fn numbers(options: &Options) -> Vec<u16> {
    options.iter().map(|(number, _)| number.0).collect()
}

#[test]
fn options_are_kept_in_order_whatever_the_order_of_pushing() {
    let options = Options::new()
        .with_uint(OptionNumber::ACCEPT, 112)
        .with_path(["3303", "0"])
        .with(OptionNumber::ETAG, b"a")
        .with_path(["5700"])
        .with(OptionNumber::ETAG, b"b");
    assert_eq!(numbers(&options), [4, 4, 11, 11, 11, 17]);
    assert_eq!(options.uri_path().collect::<Vec<_>>(), ["3303", "0", "5700"]);
    assert_eq!(options.all(OptionNumber::ETAG).collect::<Vec<_>>(), [b"a", b"b"]);
    assert_eq!(options.accept(), Some(ContentFormat::SENML_CBOR));
}

#[test]
fn deltas_and_lengths_of_every_width_round_trip() {
    let values = [0, 1, 12, 13, 14, 268, 269, 270, 65_804].map(|length| vec![7_u8; length]);
    for number in [0, 1, 12, 13, 268, 269, 65_535] {
        for value in &values {
            let options = Options::new().with(OptionNumber(number), value);
            assert_eq!(options.iter().collect::<Vec<_>>(), [(OptionNumber(number), value.as_slice())]);
        }
    }
}

#[test]
fn what_is_longer_than_a_header_can_say_is_cut() {
    let options = Options::new().with(OptionNumber::ETAG, &[1; 70_000]).with_path(["a"]);
    assert_eq!(options.first(OptionNumber::ETAG).map(<[u8]>::len), Some(MAX_VALUE));
    assert_eq!(options.uri_path().collect::<Vec<_>>(), ["a"]);
}

#[test]
fn removing_leaves_the_rest_and_costs_nothing_where_there_is_nothing() {
    let mut options =
        Options::new().with(OptionNumber::ETAG, b"a").with_path(["x"]).with_uint(OptionNumber::ACCEPT, 0);
    let before = options.clone();
    options.remove(OptionNumber::BLOCK1);
    assert_eq!(options, before);
    options.remove(OptionNumber::URI_PATH);
    assert_eq!(numbers(&options), [4, 17]);
    options.push(OptionNumber::ACCEPT, b"b");
    assert_eq!(numbers(&options), [4, 17, 17]);
}

#[test]
fn unsigned_values_are_shortest() {
    for (value, octets) in [(0, &[][..]), (1, &[1]), (255, &[255]), (256, &[1, 0]), (u64::MAX, &[255; 8])] {
        let options = Options::new().with_uint(OptionNumber(2000), value);
        assert_eq!(options.first(OptionNumber(2000)), Some(octets));
        assert_eq!(options.uint(OptionNumber(2000)), Some(value));
    }
}

#[test]
fn an_elective_option_of_wrong_length_is_not_there() {
    let options = Options::new().with(OptionNumber::MAX_AGE, &[0, 0, 0, 0, 60]);
    assert_eq!(options.max_age(), None);
    assert_eq!(options.view().unrecognised(|_| true), None);
}

#[test]
fn critical_options_that_are_unknown_wrong_or_surplus_are_found() {
    let known = |number| number != OptionNumber(65_001);
    let unrecognised = |options: Options| options.view().unrecognised(known);
    assert_eq!(unrecognised(Options::new().with_path(["a", "b"])), None);
    assert_eq!(unrecognised(Options::new().with(OptionNumber(65_001), &[])), Some(OptionNumber(65_001)));
    assert_eq!(unrecognised(Options::new().with(OptionNumber(65_002), &[])), None);
    assert_eq!(unrecognised(Options::new().with(OptionNumber::ACCEPT, &[0; 3])), Some(OptionNumber::ACCEPT));
    let twice = Options::new().with_uint(OptionNumber::ACCEPT, 0).with_uint(OptionNumber::ACCEPT, 0);
    assert_eq!(unrecognised(twice), Some(OptionNumber::ACCEPT));
}

#[test]
fn a_list_takes_little_memory() {
    // Every outstanding request and every observation holds one.
    assert_eq!(size_of::<Options>(), 40);
}

#[test]
fn a_shared_list_grows_by_itself() {
    let frame = Bytes::from_static(&[0x40, 1, 0, 1, 0xb1, b'3']);
    let message = crate::coap::Message::parse(&frame).unwrap();
    let mut options = message.to_options(&frame);
    let shared = options.clone();
    options.push(OptionNumber::ACCEPT, &[40]);
    options.push(OptionNumber::SIZE1, &[7; 40]);
    assert_eq!(numbers(&options), [11, 17, 60]);
    assert_eq!(numbers(&shared), [11]);
}

#[test]
fn debug_reads_like_a_request() {
    let options =
        Options::new().with_path(["3"]).with_uint(OptionNumber::ACCEPT, 112).with(OptionNumber(65_000), &[1]);
    assert_eq!(format!("{options:?}"), r#"{Uri-Path: "3", Accept: 112, option 65000: 1 octets}"#);
}
