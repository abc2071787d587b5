use std::sync::Arc;

use lwm2m_core::{Bytes, Secret, StoreError, async_trait, security::SessionStore};

use super::{Edit, Record, StateStore, layout};

/// Sessions of DTLS, as records of the state.
pub(crate) struct Sessions(pub(crate) Arc<dyn StateStore>);

#[async_trait]
impl SessionStore for Sessions {
    async fn load(&self) -> Result<Vec<(String, Secret)>, StoreError> {
        let records = self.0.load_all().await?;
        let sessions = records.iter().filter_map(|record| {
            let uri = layout::session_of(&record.key)?;
            Some((uri.to_owned(), Secret::new(record.value.to_vec())))
        });
        Ok(sessions.collect())
    }

    async fn save(&self, name: &str, session: &Secret) -> Result<(), StoreError> {
        let (key, value) = (layout::session(name), Bytes::copy_from_slice(session.expose()));
        self.0.commit(&[Edit::Put(Record { key, value })]).await
    }

    async fn remove(&self, name: &str) -> Result<(), StoreError> {
        self.0.commit(&[Edit::Delete { key: layout::session(name) }]).await
    }
}
