//! mbedTLS.

use std::ffi::{CString, c_char, c_int};

use crate::{IDENTITY, KEY, RECORD, Stack};

#[repr(C)]
struct Pair {
    _opaque: [u8; 0],
}

unsafe extern "C" {
    fn mbed_begin(identity: *const c_char, key: *const u8) -> c_int;
    fn mbed_establish() -> *mut Pair;
    fn mbed_record(pair: *mut Pair, data: *const u8, length: usize) -> c_int;
    fn mbed_forget_client(pair: *mut Pair);
    fn mbed_end(pair: *mut Pair);
}

/// A session, both ends of it.
pub(crate) struct Session(*mut Pair);

impl Session {
    fn establish() -> Self {
        // SAFETY: the library was set up by `Both::new`, in this thread, the only one.
        let pair = unsafe { mbed_establish() };
        assert!(!pair.is_null(), "established");
        Self(pair)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: made by `mbed_establish`, ended once.
        unsafe { mbed_end(self.0) };
    }
}

pub(crate) struct Both(Option<Session>);

impl Both {
    pub(crate) fn new() -> Self {
        let identity = CString::new(IDENTITY).expect("without zeros");
        // SAFETY: both are copied before it returns.
        let failed = unsafe { mbed_begin(identity.as_ptr(), KEY.as_ptr()) };
        assert_eq!(failed, 0, "mbedTLS is set up");
        Self(None)
    }
}

impl Stack for Both {
    fn handshake(&mut self) {
        drop(Session::establish());
    }

    fn connect(&mut self) {
        self.0 = Some(Session::establish());
    }

    fn record(&mut self, data: &[u8; RECORD]) {
        let session = self.0.as_ref().expect("connected");
        // SAFETY: the pair lives, the length is that of the data.
        let received = unsafe { mbed_record(session.0, data.as_ptr(), data.len()) };
        assert_eq!(usize::try_from(received), Ok(RECORD));
    }
}

/// So many idle sessions of a server; the clients are gone.
pub(crate) fn hold(count: u32) -> Vec<Session> {
    let _library = Both::new();
    let forget = |session: Session| {
        // SAFETY: the pair lives.
        unsafe { mbed_forget_client(session.0) };
        session
    };
    (0..count).map(|_| forget(Session::establish())).collect()
}
