//! A server that a device is to know. [Core 1.2 §E.1, §E.2]

use std::time::Duration;

use lwm2m_core::{Bytes, Secret, UnixTime};
use lwm2m_objects::{
    Security, Server,
    oma::{ApnConnectionProfile, Oscore, SecurityMode},
};

/// An account: one instance of Security (0) and, unless it is that of a bootstrap server, one of Server (1).
///
/// Instance ids are chosen so that nothing else on the device is overwritten, unless [`Account::at`] fixes them: the
/// ids that the same server had, or else free ones.
///
/// ```
/// # use std::time::Duration;
/// # use lwm2m_bootstrap::Account;
/// let account = Account::psk(123, "coaps://lwm2m.example", "thermo-7", b"sixteen byte key".to_vec())
///     .lifetime(Duration::from_secs(300));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    pub(crate) security: Security,
    /// `None`: a bootstrap server's.
    pub(crate) server: Option<Server>,
    pub(crate) oscore: Option<Oscore>,
    pub(crate) apn: Option<Box<ApnConnectionProfile>>,
    pub(crate) at: Option<(u16, u16)>,
}

impl Account {
    fn new(short_server_id: u16, uri: impl Into<String>, mode: SecurityMode) -> Self {
        let security = Security {
            server_uri: uri.into(),
            security_mode: mode,
            short_server_id: Some(i64::from(short_server_id)),
            ..Security::default()
        };
        let server = Some(Server::new(short_server_id, 86_400));
        Self { security, server, oscore: None, apn: None, at: None }
    }

    /// A server without protection: `coap://`. For laboratories.
    pub fn no_sec(short_server_id: u16, uri: impl Into<String>) -> Self {
        Self::new(short_server_id, uri, SecurityMode::NoSec)
    }

    /// A server that is reached with a pre-shared key of up to 64 octets.
    pub fn psk(
        short_server_id: u16,
        uri: impl Into<String>,
        identity: impl Into<String>,
        key: impl Into<Vec<u8>>,
    ) -> Self {
        let mut account = Self::new(short_server_id, uri, SecurityMode::PreSharedKey);
        account.security.public_key_or_identity = Bytes::from(identity.into());
        account.security.secret_key = Secret::new(key.into());
        account
    }

    /// A server that is reached with raw public keys: the device's (SubjectPublicKeyInfo and PKCS#8, DER) and the
    /// server's.
    pub fn rpk(
        short_server_id: u16,
        uri: impl Into<String>,
        public_key: impl Into<Bytes>,
        private_key: impl Into<Vec<u8>>,
        server_public_key: impl Into<Bytes>,
    ) -> Self {
        let account = Self::new(short_server_id, uri, SecurityMode::RawPublicKey);
        account.keys(public_key.into(), private_key.into(), server_public_key.into())
    }

    /// A server that is reached with certificates: the device's and its key (PKCS#8), and what the server's is compared
    /// with, all DER. Unless [`Account::security`] says another certificate usage, that is the server's own certificate.
    pub fn x509(
        short_server_id: u16,
        uri: impl Into<String>,
        certificate: impl Into<Bytes>,
        private_key: impl Into<Vec<u8>>,
        server_certificate: impl Into<Bytes>,
    ) -> Self {
        let account = Self::new(short_server_id, uri, SecurityMode::Certificate);
        account.keys(certificate.into(), private_key.into(), server_certificate.into())
    }

    fn keys(mut self, public: Bytes, private: Vec<u8>, server: Bytes) -> Self {
        self.security.public_key_or_identity = public;
        self.security.secret_key = Secret::new(private);
        self.security.server_public_key = server;
        self
    }

    /// Makes it the account of a bootstrap server. It has no short server ID and no Server instance, and takes the place
    /// of the one the device has.
    #[must_use]
    pub fn bootstrap_server(mut self) -> Self {
        self.security.bootstrap_server = true;
        self.security.short_server_id = None;
        self.server = None;
        self
    }

    /// Lifetime of the registration, in whole seconds; zero: without end. Default one day.
    #[must_use]
    pub fn lifetime(self, lifetime: Duration) -> Self {
        self.server(|server| server.lifetime = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX))
    }

    /// Letters of the bindings. Default `U`.
    #[must_use]
    pub fn binding(self, binding: impl Into<String>) -> Self {
        self.server(|server| server.binding = binding.into())
    }

    /// Another place of the same server, with the same keys. Since 1.2.
    #[must_use]
    pub fn secondary(mut self, uri: impl Into<String>) -> Self {
        let all = &mut self.security.secondary_lwm2m_server_uri;
        let next = all.last_key_value().map_or(0, |(last, _)| last.saturating_add(1));
        all.insert(next, uri.into());
        self
    }

    /// The way into the cellular network that leads to this server: an instance of object 11, linked from Server.
    #[must_use]
    pub fn apn(mut self, profile: ApnConnectionProfile) -> Self {
        self.apn = Some(Box::new(profile));
        self
    }

    /// Messages are protected by this context: an instance of object 21, linked from Security.
    #[must_use]
    pub fn oscore(mut self, context: Oscore) -> Self {
        self.oscore = Some(context);
        self
    }

    /// When the device was bootstrapped to this account. [Core 1.2 §E.2, resource 12]
    #[must_use]
    pub fn bootstrapped_at(self, at: UnixTime) -> Self {
        self.server(|server| server.last_bootstrapped = Some(lwm2m_core::Time(at.0 / 1_000_000)))
    }

    /// Sets other resources of Security.
    #[must_use]
    pub fn security(mut self, change: impl FnOnce(&mut Security)) -> Self {
        change(&mut self.security);
        self
    }

    /// Sets other resources of Server. A bootstrap server has none.
    #[must_use]
    pub fn server(mut self, change: impl FnOnce(&mut Server)) -> Self {
        if let Some(server) = &mut self.server {
            change(server);
        }
        self
    }

    /// Fixes the instance ids of Security and Server: what stands there is overwritten.
    #[must_use]
    pub fn at(mut self, security: u16, server: u16) -> Self {
        self.at = Some((security, server));
        self
    }

    /// `None`: a bootstrap server.
    #[must_use]
    pub fn short_server_id(&self) -> Option<u16> {
        self.security.short_server_id.and_then(|id| u16::try_from(id).ok())
    }
}
