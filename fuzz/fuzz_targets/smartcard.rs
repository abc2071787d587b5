//! Files of a smartcard: never a panic, a refusal names a place inside, objects lie inside and do not overlap.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lwm2m_client::smartcard::{BootstrapData, application, bootstrap_path, data_directories};

fuzz_target!(|file: &[u8]| {
    let directories =
        [application(file).err(), data_directories(file).err(), bootstrap_path(file).err()];
    for fault in directories.into_iter().flatten() {
        assert!(fault.offset <= file.len());
    }
    match BootstrapData::parse(file) {
        Ok(data) => {
            let mut end = 4;
            for object in &data.objects {
                assert!(object.offset >= end + 5);
                end = object.offset + object.tlv.len();
                assert_eq!(file.get(object.offset..end), Some(&*object.tlv));
            }
        }
        Err(fault) => assert!(fault.offset <= file.len()),
    }
});
