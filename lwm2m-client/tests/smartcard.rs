//! The way through the files of a card: what an issuer makes is found, and what is cut off, too long or of another kind
//! is refused with file and offset. [Core 1.2 Appendix G] HLF-023.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

use std::task::{Context, Poll, Waker};

use lwm2m_client::{
    Bytes, CardError, ServerAccount,
    objects::{Security, Server},
    smartcard::{
        self, BootstrapData, CardFile, Found, MAX_BOOTSTRAP_FILE, MAX_DIRECTORY_FILE, application,
        bootstrap_path, data_directories,
        image::{CardDirectory, CardImage, Files, SimulatedCard},
    },
};
use proptest::prelude::*;

fn find(files: Files) -> Result<Option<Found>, CardError> {
    let card = SimulatedCard::with(files);
    let mut found = std::pin::pin!(smartcard::find(&card));
    match found.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(found) => found,
        Poll::Pending => panic!("a simulated card answers at once"),
    }
}

fn image(uri: &str) -> CardImage {
    let account = Security {
        server_uri: uri.to_owned(),
        security_mode: lwm2m_client::objects::oma::SecurityMode::NoSec,
        short_server_id: Some(1),
        ..Security::default()
    };
    CardImage::new().object([(0, account)]).object([(0, Server::new(1, 300))])
}

/// The files in the order in which they are read.
fn in_order(files: &Files) -> Vec<CardFile> {
    let mut order: Vec<_> = files.keys().cloned().collect();
    order.sort_by_key(|file| (file.application().is_some(), file.path().to_vec()));
    order
}

#[test]
fn the_bootstrap_file_is_found_from_the_directory_on() {
    let image = image("coap://s1");
    let found = find(image.files()).unwrap().unwrap();
    assert_eq!(found.file.to_string(), "A000000063504B43532D3135/6432");
    assert_eq!(found.data, BootstrapData::parse(&image.bootstrap()).unwrap());
    let objects: Vec<_> = found.data.objects.iter().map(|object| object.object.0).collect();
    assert_eq!(objects, [0, 1]);
    // The directory of applications may be missing: the application still has its name.
    let mut files = image.files();
    files.remove(&CardFile::dir());
    assert_eq!(find(files).unwrap().unwrap().data, found.data);
}

/// Each file is cut at every octet: nothing is taken from it, and what is said of it lies within what there is.
#[test]
fn a_file_that_is_cut_off_anywhere_gives_nothing() {
    let image = image("coaps://lwm2m.example:5684");
    let whole = image.files();
    let data = image.bootstrap().len();
    for file in in_order(&whole) {
        let octets = &whole[&file];
        let fill = octets.iter().rev().take_while(|octet| **octet == 0xFF).count();
        for end in 0..octets.len() - fill {
            let mut files = whole.clone();
            files.insert(file.clone(), octets.slice(..end));
            match find(files) {
                Err(CardError::Malformed { file: named, offset, .. }) => {
                    assert_eq!(named, file, "cut at {end}");
                    assert!(offset <= end, "{file} cut at {end}, but {offset}");
                }
                // A directory may end between two entries: then it has one less.
                Ok(None) => assert!(file.path().last() != Some(&0x6432), "{file} cut at {end}"),
                other => panic!("{file} cut at {end}: {other:?}"),
            }
            if file.path().last() == Some(&0x6432) {
                assert!(end < data);
            }
        }
    }
}

#[test]
fn files_without_bounds_are_refused() {
    let whole = image("coap://s1").files();
    for file in in_order(&whole) {
        let most = if file.path().last() == Some(&0x6432) { MAX_BOOTSTRAP_FILE } else { MAX_DIRECTORY_FILE };
        let mut files = whole.clone();
        let mut octets = whole[&file].to_vec();
        octets.resize(most, 0xFF);
        files.insert(file.clone(), octets.clone().into());
        assert!(find(files.clone()).unwrap().is_some(), "{file} of {most} octets");
        octets.push(0xFF);
        files.insert(file.clone(), octets.into());
        let Err(CardError::Malformed { file: named, offset, .. }) = find(files) else { panic!("{file}") };
        assert_eq!((named, offset), (file, most));
    }
}

#[test]
fn cards_for_something_else_bring_nothing() {
    assert_eq!(find(Files::new()), Ok(None), "no file at all");
    let usim = Bytes::from_static(&[0x61, 9, 0x4F, 7, 0xA0, 0, 0, 0, 0x87, 0x10, 2]);
    assert_eq!(find(Files::from([(CardFile::dir(), usim)])), Ok(None), "no PKCS#15");
    let whole = image("coap://s1").files();
    let mut files = whole.clone();
    let odf = in_order(&whole)[1].clone();
    files.insert(odf, Bytes::from_static(&[0xA4, 6, 0x30, 4, 4, 2, 0x44, 1]));
    assert_eq!(find(files), Ok(None), "certificates, but no data objects");
    let mut files = whole.clone();
    files.remove(&in_order(&whole)[3]);
    let Err(CardError::Malformed { offset: 0, why, .. }) = find(files) else { panic!("a dangling path") };
    assert!(why.contains("not there"), "{why}");
    let empty = SimulatedCard::default();
    let mut found = std::pin::pin!(smartcard::find(&empty));
    let absent = found.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(absent, Poll::Ready(Err(CardError::Absent)));
}

#[test]
fn a_card_in_the_file_system_is_the_same_card() {
    let directory = std::env::temp_dir().join(format!("lwm2m-card-{}", std::process::id()));
    let image = image("coap://s1");
    image.write_to(&directory).unwrap();
    let card = CardDirectory::new(&directory);
    let mut found = std::pin::pin!(smartcard::find(&card));
    let Poll::Ready(found) = found.as_mut().poll(&mut Context::from_waker(Waker::noop())) else { panic!() };
    assert_eq!(found.unwrap().unwrap().data, BootstrapData::parse(&image.bootstrap()).unwrap());
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn keys_on_a_card_are_not_printed() {
    let account = ServerAccount::psk(1, "coaps://s1", "device", *b"KEYKEYKEYKEYKEYK");
    let image = CardImage::new().accounts(None, &[account]);
    assert!(image.bootstrap().windows(16).any(|octets| octets == b"KEYKEYKEYKEYKEYK"));
    let shown = format!("{image:?} {:?} {:?}", SimulatedCard::with(image.files()), find(image.files()));
    let digits = "75, 69, 89, 75, 69, 89";
    assert!(!shown.contains("KEYKEY") && !shown.contains(digits), "{shown}");
}

proptest! {
    /// Whatever the octets are, the answer is a value or a place within them.
    #[test]
    fn no_octets_break_the_parsers(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
        let faults = [
            application(&octets).err(),
            data_directories(&octets).err(),
            bootstrap_path(&octets).err(),
            BootstrapData::parse(&octets).err(),
        ];
        for fault in faults.into_iter().flatten() {
            prop_assert!(fault.offset <= octets.len());
        }
    }

    /// One octet of one file is another: nothing breaks, and what is refused is named.
    #[test]
    fn a_changed_octet_is_survived(which in 0_usize..4, at in any::<prop::sample::Index>(), octet in any::<u8>()) {
        let whole = image("coap://s1").files();
        let file = in_order(&whole)[which].clone();
        let mut octets = whole[&file].to_vec();
        let at = at.index(octets.len());
        octets[at] = octet;
        let len = octets.len();
        let mut files = whole;
        files.insert(file, octets.into());
        if let Err(error) = find(files) {
            let CardError::Malformed { offset, .. } = &error else { panic!("{error}") };
            prop_assert!(*offset <= len, "{error}");
        }
    }
}
