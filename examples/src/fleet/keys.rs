//! The keys of the devices, where the server wants them.

use std::sync::Arc;

use lwm2m_client::ServerAccount;
use lwm2m_core::{
    Credentials, Hint,
    security::{CredentialStore as _, FileKeys},
    transport::{Target, Uri},
};

use super::Plan;

/// None for a server that wants none.
#[derive(Debug)]
pub(super) struct Keys(Option<FileKeys>);

impl Keys {
    /// Refuses a plan whose URI and keys do not go together.
    pub(super) fn of(plan: &Plan) -> Result<Self, String> {
        let uri = Uri::parse(&plan.server).map_err(|error| error.to_string())?;
        let path = match (uri.scheme.is_secure(), &plan.credentials) {
            (false, None) => return Ok(Self(None)),
            (false, Some(_)) => {
                return Err(format!("--credentials needs a server at coaps://, not {}", plan.server));
            }
            (true, None) => {
                return Err(format!(
                    "{} needs keys: --credentials FILE, which `keys psk {} --count {} --credentials FILE` makes",
                    plan.server, plan.prefix, plan.devices
                ));
            }
            (true, Some(path)) => path,
        };
        if !path.exists() {
            return Err(format!("{}: there is no such file; `keys` makes one", path.display()));
        }
        Ok(Self(Some(FileKeys::open(path).map_err(|error| error.to_string())?)))
    }

    /// Has the device its own session?
    pub(super) fn are_needed(&self) -> bool {
        self.0.is_some()
    }

    /// The account of a device at the server, with its key.
    pub(super) async fn account(
        &self,
        short_server_id: u16,
        uri: &str,
        name: &str,
    ) -> Result<ServerAccount, String> {
        let account = ServerAccount::new(short_server_id, Target::new(uri));
        let Some(keys) = &self.0 else { return Ok(account) };
        let hint = Hint::Psk { identity: name.to_owned().into() };
        let entry = keys.lookup(&hint).await.map_err(|error| error.to_string())?;
        let entry = entry.ok_or("the file of credentials has no pre-shared key under that identity")?;
        let credentials: Arc<Credentials> = entry.credentials;
        Ok(account.credentials(Credentials::clone(&credentials)))
    }
}
