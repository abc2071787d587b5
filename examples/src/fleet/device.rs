//! The life of one device.

use std::{error::Error, pin::pin, sync::Arc, time::Duration};

use lwm2m_client::{
    Client, ClientError, ClientEvent, Events, Instance,
    objects::{Device, Temperature},
    transport::{Dtls, UdpClient},
};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use super::{Fleet, now, stats::Kind};

/// The short server ID of the only account.
const SERVER: u16 = 1;

/// Runs one device until the fleet leaves.
pub(super) async fn run(number: u32, group: usize, fleet: Arc<Fleet>) {
    fleet.stats.started.up();
    if let Err(error) = live(number, group, &fleet).await {
        fleet.stats.failed.up();
        eprintln!("{}{number}: {error}", fleet.plan.prefix);
    }
}

async fn live(number: u32, group: usize, fleet: &Fleet) -> Result<(), Box<dyn Error + Send + Sync>> {
    let name = format!("{}{number}", fleet.plan.prefix);
    let account = fleet.keys.account(SERVER, &fleet.plan.server, &name).await?;
    let mut transport = UdpClient::new();
    if let Some(source) = fleet.room.source(number) {
        transport = transport.local(source);
    }
    let builder = Client::builder(name)
        .coap(Arc::clone(&fleet.coap))
        .device(Device { manufacturer: Some("LwM2M fleet".to_owned()), ..Device::default() })
        .server(account.lifetime(fleet.plan.lifetime));
    let builder = if fleet.keys.are_needed() {
        builder.transport(Dtls::client(transport))
    } else {
        builder.transport(transport)
    };
    let sensor = builder.objects().add(0, Temperature { sensor_value: 20.0, ..Temperature::default() })?;
    let events = builder.events();
    let (client, driver) = builder.build()?;
    let story = Story {
        fleet,
        group,
        number,
        events,
        sensor,
        client: Some(client),
        asked: Some(now()),
        was_registered: false,
    };
    let (mut driver, mut story) = (pin!(driver), pin!(story.tell()));
    tokio::select! {
        told = &mut story => {
            // The last frames leave.
            driver.await;
            Ok(told?)
        }
        ended = &mut driver => {
            eprintln!("{}{number}: ended: {ended:?}", fleet.plan.prefix);
            Ok(story.await?)
        }
    }
}

/// What a device does and what happens to it.
struct Story<'a> {
    fleet: &'a Fleet,
    group: usize,
    number: u32,
    events: Events,
    sensor: Instance<Temperature>,
    /// `None` when it leaves.
    client: Option<Client>,
    /// When the operation began that is under way: a registration, or an Update of ours.
    asked: Option<Instant>,
    was_registered: bool,
}

impl Story<'_> {
    async fn tell(mut self) -> Result<(), ClientError> {
        let plan = &self.fleet.plan;
        let mut leave = self.fleet.leave.clone();
        let mut update = Ticks::new(plan.update_every, self.number, plan.devices);
        let mut change = Ticks::new(plan.notify_every, self.number, plan.devices);
        loop {
            tokio::select! {
                event = self.events.next() => match event {
                    Some(event) => self.on_event(&event),
                    None => return Err(ClientError::Ended),
                },
                () = update.next() => self.update().await?,
                () = change.next() => self.change(),
                () = left(&mut leave) => return self.leave().await,
            }
        }
    }

    fn on_event(&mut self, event: &ClientEvent) {
        let stats = &self.fleet.stats;
        match event {
            ClientEvent::Registered { .. } => {
                self.measure(Kind::Registration);
                stats.registered.up();
                if !std::mem::replace(&mut self.was_registered, true) {
                    stats.first.up();
                }
            }
            ClientEvent::Updated { .. } => {
                self.measure(Kind::Update);
                stats.updates.up();
            }
            ClientEvent::Observed { .. } => stats.observed.up(),
            ClientEvent::Unobserved { .. } => stats.observed.down(),
            ClientEvent::Refused { .. } => {
                self.asked = None;
                stats.refused.up();
            }
            ClientEvent::Unreachable { .. } => {
                self.asked = None;
                stats.unreachable.up();
            }
            ClientEvent::Undelivered { .. } => stats.undelivered.up(),
            _ => {}
        }
    }

    /// Times an operation that we began; the client's own Updates are only counted.
    fn measure(&mut self, what: Kind) {
        if let Some(asked) = self.asked.take() {
            self.fleet.stats.took(self.group, what, asked.elapsed());
        }
    }

    async fn update(&mut self) -> Result<(), ClientError> {
        if !self.was_registered || self.asked.is_some() {
            return Ok(());
        }
        let Some(client) = &self.client else { return Ok(()) };
        self.asked = Some(now());
        client.update_registration(SERVER).await
    }

    /// A degree up or down.
    fn change(&mut self) {
        let before = self.sensor.get().sensor_value;
        let after = if before < 25.0 { before + 1.0 } else { 15.0 };
        self.sensor.set(Temperature::SENSOR_VALUE, after);
        self.fleet.stats.changes.up();
    }

    async fn leave(mut self) -> Result<(), ClientError> {
        match self.client.take() {
            Some(client) if self.was_registered => client.shutdown().await,
            _ => Ok(()),
        }
    }
}

async fn left(leave: &mut watch::Receiver<bool>) {
    leave.wait_for(|leave| *leave).await.ok();
}

/// Moments at a distance, for each device at another place in it.
struct Ticks {
    every: Option<Duration>,
    next: Instant,
}

impl Ticks {
    fn new(every: Option<Duration>, number: u32, devices: u32) -> Self {
        let share = f64::from(number) / f64::from(devices.max(1));
        let first = every.map_or(Duration::ZERO, |every| every.mul_f64(share));
        Self { every, next: now() + first }
    }

    /// Dropped before it is ready, it has not ticked.
    async fn next(&mut self) {
        let Some(every) = self.every else { return std::future::pending().await };
        sleep_until(self.next).await;
        self.next += every;
    }
}
