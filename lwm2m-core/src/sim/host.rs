//! Hosts.

use std::{
    fmt,
    future::Future,
    net::{IpAddr, SocketAddr},
};

use super::{
    Net, RawUdp, SimUdp,
    task::{Task, TaskWaker},
};
use crate::{
    driver::{Handle, Shard, Strays},
    machine::{Machine, Perform},
    transport::{Listen, Transport},
};

/// Where machines run: a name, an address, a wall clock, and what a crash takes with it. Clones are the same host.
#[derive(Clone)]
pub struct Host {
    net: Net,
    index: u32,
}

impl Host {
    pub(super) fn new(net: Net, index: u32) -> Self {
        Self { net, index }
    }

    pub(super) fn index(&self) -> u32 {
        self.index
    }

    /// The network it is in.
    #[must_use]
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> String {
        self.net.world().name(self.index).to_owned()
    }

    /// Its address, unless behind a NAT.
    #[must_use]
    pub fn ip(&self) -> IpAddr {
        self.net.world().ip(self.index)
    }

    /// Its address with this port.
    #[must_use]
    pub fn at(&self, port: u16) -> SocketAddr {
        SocketAddr::new(self.ip(), port)
    }

    /// A socket for a machine. Port 0: one is chosen. Several of one port share what arrives, by its source.
    #[must_use]
    pub fn udp(&self, port: u16) -> SimUdp {
        SimUdp::new(&self.net, self.index, port)
    }

    /// Listens on this UDP port; for a server of one shard.
    #[must_use]
    pub fn listen(&self, port: u16) -> Listen {
        let host = self.clone();
        Listen::with(move |_, _| {
            let socket: Box<dyn Transport> = Box::new(host.udp(port));
            async move { Ok(socket) }
        })
    }

    /// A socket for the test itself.
    #[must_use]
    pub fn raw(&self, port: u16) -> RawUdp {
        RawUdp::new(&self.net, self.index, port)
    }

    /// Runs a machine, as a driver does over sockets. It ends when the last handle is gone, or when the host crashes.
    pub fn spawn<M: Machine>(
        &self,
        machine: M,
        perform: impl Perform<M>,
        transports: Vec<Box<dyn Transport>>,
    ) -> Handle<M::Command> {
        self.spawn_shard(machine, perform, transports, Strays::alone())
    }

    /// Runs the machine of one shard of several, see [`Strays::mesh`].
    pub fn spawn_shard<M: Machine>(
        &self,
        machine: M,
        perform: impl Perform<M>,
        transports: Vec<Box<dyn Transport>>,
        strays: Strays,
    ) -> Handle<M::Command> {
        let (shard, handle) = Shard::new(machine, perform, transports, strays);
        self.start(Box::new(shard));
        handle
    }

    /// Runs a future, until it ends or the host crashes.
    pub fn task(&self, future: impl Future<Output = ()> + Send + 'static) {
        let future: crate::BoxFuture<'static, ()> = Box::pin(future);
        self.start(Box::new(future));
    }

    /// Power cut and restart: memory is gone, stores stay. Frames on their way still arrive, at whoever has the port then.
    pub fn crash(&self) {
        let gone = self.net.world().crash(self.index);
        drop(gone);
    }

    fn start(&self, task: Box<dyn Task>) {
        let ready = &self.net.0.ready;
        let waker = self.net.world().spawn(self.index, task, |key| TaskWaker::new(key, ready));
        std::task::Wake::wake(waker);
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Host({})", self.name())
    }
}
