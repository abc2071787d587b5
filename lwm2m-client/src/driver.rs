//! Clients that run on tokio, or in the simulated network.

use std::{fmt, future::Future, pin::Pin, task};

use lwm2m_core::{
    driver::{Driver, Ended},
    transport::UdpClient,
};

use crate::{Client, ClientBuilder, ClientError, Dispatch, machine::ClientMachine};

/// The future that runs a client: spawn it, or poll it among others. It ends some moments after the last [`Client`] is
/// gone, or when its last transport has failed.
#[must_use = "a client runs while its driver is polled"]
pub struct ClientDriver(Driver<ClientMachine, Dispatch>);

impl Future for ClientDriver {
    type Output = Ended;
    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> task::Poll<Ended> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl fmt::Debug for ClientDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ClientBuilder {
    /// The client, and the future that runs it. For programs that poll many clients in a few tasks; needs the context
    /// of a tokio runtime.
    ///
    /// # Errors
    /// There is no account, or one cannot be served: two have one short server ID, or no transport carries the URI.
    pub fn build(mut self) -> Result<(Client, ClientDriver), ClientError> {
        if self.transports.is_empty() {
            self = self.add_transports();
        }
        let (machine, dispatch, transports) = self.into_machine()?;
        let client = Client::prepare(&dispatch);
        let (driver, handle) = Driver::new(machine, dispatch, transports);
        Ok((client(handle), ClientDriver(driver)))
    }

    /// Those that the URIs of the accounts ask for.
    fn add_transports(mut self) -> Self {
        let secure = |account: &crate::ServerAccount| account.uri().starts_with("coaps:");
        // A bootstrap server or a card may name servers of either kind.
        let unknown = self.bootstrap.is_some() || self.card.is_some();
        let any_secure = unknown || self.accounts.iter().any(secure);
        let any_plain = unknown || self.accounts.iter().any(|account| !secure(account));
        if any_plain || !any_secure {
            self = self.transport(UdpClient::new());
        }
        #[cfg(feature = "dtls")]
        if any_secure {
            self = self.transport(lwm2m_core::transport::Dtls::client(UdpClient::new()));
        }
        self
    }

    /// Starts the client in a task of its own; it connects and registers by itself.
    ///
    /// # Errors
    /// As [`ClientBuilder::build`].
    #[allow(
        clippy::disallowed_methods,
        clippy::unused_async,
        reason = "a facade; other clients take time to start"
    )]
    pub async fn start(self) -> Result<Client, ClientError> {
        let (client, driver) = self.build()?;
        tokio::spawn(driver);
        Ok(client)
    }

    /// Starts the client on a host of the simulated network.
    ///
    /// # Errors
    /// As [`ClientBuilder::build`].
    #[cfg(feature = "test-util")]
    #[allow(clippy::unused_async, reason = "as `start`")]
    pub async fn start_in(self, host: &lwm2m_core::sim::Host) -> Result<Client, ClientError> {
        let (machine, dispatch, transports) = self.into_machine()?;
        let client = Client::prepare(&dispatch);
        Ok(client(host.spawn(machine, dispatch, transports)))
    }
}
