//! An object behind a handler that keeps a log of what reached it.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use bytes::Bytes;
use lwm2m_client::{
    BodyReader, Change, Code, Cx, FromNode as _, InstanceId, IntoNode as _, Kind, ObjectDef, ObjectHandler,
    Ops, Path, Prepared, Rejection, ResourceChange, ResourceDef, ResourceId, Selection, Values, async_trait,
};
use lwm2m_core::sim::Net;

const VALUE: ResourceId = ResourceId(0);
const SLOW: ResourceId = ResourceId(1);
const IMAGE: ResourceId = ResourceId(2);
const FIRMWARE: ResourceId = ResourceId(3);

const RESOURCES: &[ResourceDef] = &[
    ResourceDef::new(0, "Value", Kind::Integer, Ops::RW).mandatory(),
    ResourceDef::new(1, "Slow", Kind::Integer, Ops::R),
    ResourceDef::new(2, "Image", Kind::Opaque, Ops::RW),
    ResourceDef::new(3, "Firmware", Kind::Opaque, Ops::W),
];

pub static DEFINITION: ObjectDef = definition();

pub const fn definition() -> ObjectDef {
    ObjectDef::new(32801, "Vault", RESOURCES)
}

/// Object 32801: resource 0 logs every write, 1 takes its time, 2 is an opaque value that is collected in memory, 3 one
/// that is streamed. Clones are the same vault.
#[derive(Clone)]
pub struct Vault {
    net: Net,
    held: Arc<Mutex<Held>>,
}

#[derive(Default)]
pub struct Held {
    /// Every value written to resource 0.
    pub written: Vec<i64>,
    /// Every image written.
    pub images: Vec<Bytes>,
    /// How long a read of resource 1 takes.
    pub slow: Duration,
    /// How often it was asked.
    pub asked: usize,
    /// Octets of the firmware that were kept.
    pub streamed: u64,
    /// The largest part of it.
    pub largest_part: usize,
    /// What it was announced to have.
    pub announced: Option<u64>,
    /// Streams that ended, and those that broke off.
    pub whole: usize,
    pub broken: usize,
    /// How long each part takes to be kept.
    pub burn: Duration,
    /// Refuse it after so many octets.
    pub refuse_after: Option<u64>,
}

impl Vault {
    pub fn new(net: &Net) -> Self {
        Self { net: net.clone(), held: Arc::default() }
    }

    /// How many streams came to their end, and how many broke off.
    pub fn ends(&self) -> (usize, usize) {
        let held = self.held();
        (held.whole, held.broken)
    }

    /// One at a time: a second one in the same expression waits for ever.
    pub fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap()
    }
}

#[async_trait]
impl ObjectHandler for Vault {
    async fn instances(&self) -> Vec<InstanceId> {
        vec![InstanceId(0)]
    }

    async fn read(&self, _: &Cx, _: InstanceId, wanted: &Selection) -> Result<Values, Rejection> {
        if *wanted == Selection::Only(vec![(SLOW, None)]) {
            let slow = {
                let mut held = self.held();
                held.asked += 1;
                held.slow
            };
            self.net.sleep(slow).await;
            return Ok(vec![(SLOW, 1_i64.into_node())]);
        }
        let held = self.held();
        let value = held.written.last().copied().unwrap_or_default();
        let image = held.images.last().cloned().unwrap_or_default();
        Ok(vec![(VALUE, value.into_node()), (IMAGE, image.into_node())])
    }

    async fn prepare(&self, _: &Cx, batch: Vec<Change>) -> Result<Prepared, Rejection> {
        let wrong = |error: lwm2m_core::ValueError| Rejection::bad_request(error.to_string());
        let (mut values, mut images) = (Vec::new(), Vec::new());
        for change in batch {
            match change {
                Change::Resource { change: ResourceChange::Set(VALUE, node), .. } => {
                    values.push(i64::from_node(node).map_err(wrong)?);
                }
                Change::Resource { change: ResourceChange::Set(IMAGE, node), .. } => {
                    images.push(Bytes::from_node(node).map_err(wrong)?);
                }
                _ => return Err(Rejection::method_not_allowed()),
            }
        }
        let vault = self.clone();
        Ok(Prepared::new(async move {
            let mut held = vault.held();
            held.written.extend(values);
            held.images.extend(images);
        }))
    }

    fn streamed(&self) -> &[ResourceId] {
        &[FIRMWARE]
    }

    async fn write_stream(&self, _: &Cx, _: Path, mut body: BodyReader) -> Result<(), Rejection> {
        {
            let mut held = self.held();
            held.streamed = 0;
            held.announced = body.size();
        }
        while let Some(part) = body.next().await {
            let Ok(part) = part else {
                self.held().broken += 1;
                return Err(Rejection::internal("broke off"));
            };
            let burn = {
                let mut held = self.held();
                if part != pattern(held.streamed, part.len()) {
                    return Err(Rejection::new(Code::BAD_REQUEST, "octets are lost or mixed up"));
                }
                held.streamed += part.len() as u64;
                held.largest_part = held.largest_part.max(part.len());
                if held.refuse_after.is_some_and(|most| held.streamed > most) {
                    return Err(Rejection::new(Code::BAD_REQUEST, "not for this device"));
                }
                held.burn
            };
            self.net.sleep(burn).await;
        }
        self.held().whole += 1;
        Ok(())
    }
}

/// Octets of which none looks like its neighbours or like the same place of another block.
pub fn pattern(offset: u64, octets: usize) -> Bytes {
    (offset..).take(octets).map(|at| (at ^ (at >> 7) ^ (at >> 13)) as u8).collect()
}
