//! A fleet in the simulated network: server, devices and time in one thread, for numbers of devices that no machine has
//! sockets for.

use std::time::Duration;

use lwm2m_client::{
    Client, ServerAccount,
    objects::{Device, Temperature},
    transport::Target,
};
use lwm2m_core::sim::{Host, Net};
use lwm2m_server::Server;

use super::{Plan, report};
use crate::say;

/// Runs a fleet in virtual time and prints what it cost in computing time. `loss`: share of the frames that are lost.
///
/// # Errors
/// A device could not be made, or not every one stayed registered.
pub fn simulate(plan: &Plan, loss: f64) -> Result<(), String> {
    let net = Net::seeded(1);
    net.run(Box::pin(async { fleet(&net, plan, loss).await }))
}

async fn fleet(net: &Net, plan: &Plan, loss: f64) -> Result<(), String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let host = net.host("server");
    let server = Server::builder().start_in(&host).await.map_err(|error| text(&error))?;
    let empty = report::resident();
    let mut clients = Vec::new();
    let mut cost = Cost { since: report::computed().unwrap_or_default(), frames: 0 };
    for number in 0..plan.devices {
        let client = device(net, plan, number, loss, &host).await.map_err(|error| text(&error))?;
        clients.push(client);
        net.sleep(Duration::from_secs(1) / plan.rate).await;
    }
    // The last ones may repeat their Register.
    net.sleep(Duration::from_secs(100)).await;
    cost.print(net, "registration");
    if let (Some(empty), Some(full)) = (empty, report::resident()) {
        let each = full.saturating_sub(empty) as f64 / f64::from(plan.devices);
        say!("resident memory {each:.0} octets a device, its client and its part of the server");
    }
    let duration = plan.duration.unwrap_or(plan.lifetime * 4);
    net.sleep(duration).await;
    cost.print(net, &format!("{} s of virtual time", duration.as_secs()));
    let stats = server.stats().await.map_err(|error| text(&error))?;
    let registered: usize = stats.iter().map(|shard| shard.registrations).sum();
    say!("{registered} of {} devices are registered", plan.devices);
    if registered == clients.len() { Ok(()) } else { Err("some devices were lost".to_owned()) }
}

async fn device(
    net: &Net,
    plan: &Plan,
    number: u32,
    loss: f64,
    server: &Host,
) -> Result<Client, lwm2m_client::ClientError> {
    let name = format!("{}{number}", plan.prefix);
    let host = net.host(&name);
    if loss > 0.0 {
        net.between(&host, server).untraced().loss(loss);
    }
    let builder = Client::builder(name)
        .seed(net.seed())
        .device(Device::default())
        .transport(host.udp(0))
        .server(ServerAccount::new(1, Target::new("coap://server")).lifetime(plan.lifetime));
    builder.objects().add(0, Temperature::default())?;
    builder.start_in(&host).await
}

/// Computing time and frames since it was printed last.
struct Cost {
    since: Duration,
    frames: u64,
}

impl Cost {
    fn print(&mut self, net: &Net, what: &str) {
        let (frames, lost) = net.totals();
        let computed = report::computed().unwrap_or_default();
        let (took, passed) = (computed.saturating_sub(self.since), frames - self.frames);
        say!(
            "{what}: {passed} frames in {:.2} s, {:.1} µs a frame for both ends and the network; {lost} lost so far",
            took.as_secs_f64(),
            took.as_secs_f64() * 1e6 / passed.max(1) as f64,
        );
        *self = Self { since: computed, frames };
    }
}
