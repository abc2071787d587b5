//! The switch that makes the scenarios run over DTLS: every device has a pre-shared key that goes with its name.

use std::{cell::Cell, sync::Arc, time::SystemTime};

use lwm2m_client::{ClientBuilder, ServerAccount, lwm2m_core::Credentials};
use lwm2m_core::{
    Bytes, Endpoints, Entry, Hint, Secret, StoreError, async_trait,
    dtls::{Config, prf::sha256},
    security::CredentialStore,
    sim::{Host, Net},
    transport::{Dtls, Listen, Transport},
};
use lwm2m_server::ServerBuilder;

thread_local! {
    static SECURE: Cell<bool> = const { Cell::new(false) };
    static SHARDS: Cell<u8> = const { Cell::new(1) };
}

/// Does the scenario run over DTLS?
pub fn is_secure() -> bool {
    SECURE.get()
}

pub(super) fn set(secure: bool) {
    SECURE.set(secure);
}

pub(super) fn shards_are(shards: u8) {
    SHARDS.set(shards);
}

/// The key that goes with a name.
pub fn key_of(name: &[u8]) -> Vec<u8> {
    sha256(&[b"key of ", name])[..16].to_vec()
}

/// Knows every device: its PSK identity is its endpoint name.
pub struct AnyDevice;

#[async_trait]
impl CredentialStore for AnyDevice {
    async fn lookup(&self, hint: &Hint) -> Result<Option<Entry>, StoreError> {
        let Hint::Psk { identity } = hint else { return Ok(None) };
        let (key, identity) = (Secret::new(key_of(identity)), identity.clone());
        let name = String::from_utf8_lossy(&identity).into_owned();
        let credentials = Arc::new(Credentials::Psk { identity, key });
        Ok(Some(Entry { credentials, endpoints: Endpoints::Only(vec![name.as_str().into()]) }))
    }
}

pub(super) fn plain(host: &Host) -> Listen {
    let host = host.clone();
    Listen::with(move |_, _| {
        let socket: Box<dyn Transport> = Box::new(host.udp(5683));
        async move { Ok(socket) }
    })
}

/// Port 5684 of a host, for a server of so many shards.
pub fn over_dtls(host: &Host, shards: u8) -> Listen {
    let host = host.clone();
    Listen::with(move |shard, keys| {
        let over = Dtls::over(host.udp(5684), keys, Config::server(shard.0)).shards(shards);
        let over: Box<dyn Transport> = Box::new(over.seeded(host.net().seed()));
        async move { Ok(over) }
    })
}

/// Lets a server listen on port 5684, too.
pub fn listen(server: ServerBuilder, host: &Host) -> ServerBuilder {
    server.listen(over_dtls(host, SHARDS.get())).credentials(AnyDevice)
}

/// Certificates of this moment are good in the simulated network, too.
pub fn set_clock(net: &Net, host: &Host) {
    #[allow(clippy::disallowed_methods, reason = "certificates are made by the real clock")]
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let simulated = net.now().wall.unwrap().0;
    net.jump_wall(host, i64::try_from(now.as_micros()).unwrap() - simulated);
}

/// The account, with its keys where it has a use for them.
pub(super) fn add(
    builder: ClientBuilder,
    net: &Net,
    host: &Host,
    endpoint: &str,
    account: ServerAccount,
) -> ClientBuilder {
    if !account.uri().starts_with("coaps:") {
        return builder.server(account);
    }
    let (identity, key) = (Bytes::copy_from_slice(endpoint.as_bytes()), key_of(endpoint.as_bytes()));
    let account = account.credentials(Credentials::Psk { identity, key: Secret::new(key) });
    builder.transport(Dtls::client(host.udp(0)).seeded(net.seed())).server(account)
}
