//! The object definitions that hold for one kind of client: it may have other versions than its neighbour.

use std::{fmt, sync::Arc};

use lwm2m_core::{Links, Model, ObjectDef, ObjectId, ObjectVersion, Version};
use smallvec::SmallVec;

/// The model of the server, seen through the object versions that a client registered. [Core 1.2 §7.2.2]
#[derive(Clone)]
pub(crate) struct ClientModel {
    all: Arc<dyn Model>,
    enabler: Version,
    /// Versions that the client said; the enabler's imply the rest.
    said: SmallVec<[(ObjectId, ObjectVersion); 2]>,
}

impl ClientModel {
    pub(crate) fn new(all: Arc<dyn Model>, enabler: Version, links: &Links) -> Self {
        let said = links.objects.iter().filter_map(|link| link.path.object_id().zip(link.version)).collect();
        Self { all, enabler, said }
    }

    fn version(&self, id: ObjectId) -> ObjectVersion {
        let said = self.said.iter().find(|(object, _)| *object == id).map(|(_, version)| *version);
        said.unwrap_or_else(|| self.enabler.implied_object_version(id))
    }
}

impl Model for ClientModel {
    fn object(&self, id: ObjectId) -> Option<&ObjectDef> {
        self.all.object_in(id, self.version(id))
    }

    fn object_in(&self, id: ObjectId, version: ObjectVersion) -> Option<&ObjectDef> {
        self.all.object_in(id, version)
    }
}

impl fmt::Debug for ClientModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientModel")
            .field("enabler", &self.enabler)
            .field("said", &self.said)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use lwm2m_core::{ObjectLink, Path};

    use super::*;

    #[test]
    fn a_client_is_read_with_the_versions_it_registered() {
        const OLD: &ObjectDef = &ObjectDef::new(3303, "Temperature", &[]).version(1, 0);
        const NEW: &ObjectDef = &ObjectDef::new(3303, "Temperature", &[]).version(1, 1);
        let all: Arc<dyn Model> = Arc::new(vec![NEW, OLD]);
        let mut links = Links::default();
        let silent = ClientModel::new(all.clone(), Version::V1_1, &links);
        let mut link = ObjectLink::new(Path::new(&[3303]).unwrap());
        link.version = Some(ObjectVersion(1, 1));
        links.objects.push(link);
        let said = ClientModel::new(all, Version::V1_1, &links);
        let version = |model: &ClientModel| model.object(ObjectId(3303)).map(ObjectDef::object_version);
        assert_eq!(version(&silent), Some(ObjectVersion(1, 0)));
        assert_eq!(version(&said), Some(ObjectVersion(1, 1)));
    }
}
