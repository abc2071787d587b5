//! Everything there is in a network, behind one lock.

use std::{
    collections::{HashMap, VecDeque},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    task::Waker,
};

use bytes::Bytes;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use slab::Slab;

use super::{
    agenda::{Agenda, Datagram, Item},
    task::{Task, TaskKey, TaskWaker},
    trace::Trace,
    wire::{Fate, Path},
};
use crate::{Mono, Now, UnixTime};

/// 2026-01-01.
const BEGIN: UnixTime = UnixTime::from_secs(1_767_225_600);
/// Datagrams that wait in a socket; more are lost, as in a real one.
const INBOX: usize = 1024;
/// First port of those that are chosen for a socket.
const EPHEMERAL: u16 = 49_152;

pub(super) struct World {
    mono: Mono,
    pub(super) chance: Chance,
    pub(super) agenda: Agenda,
    pub(super) trace: Trace,
    pub(super) tasks: Slab<Running>,
    hosts: Vec<HostState>,
    names: HashMap<String, u32>,
    places: HashMap<IpAddr, Place>,
    sockets: Slab<SocketState>,
    /// By host numbers, the lower first.
    paths: HashMap<(u32, u32), Path>,
    outside: u32,
    made: u64,
    sent: u64,
    lost: u64,
}

/// A task and what the network knows of it.
pub(super) struct Running {
    pub(super) host: u32,
    pub(super) generation: u64,
    pub(super) waker: Arc<TaskWaker>,
    pub(super) epoch: Mono,
    /// Times at which the agenda wakes it, ascending.
    pub(super) wakes: Vec<Mono>,
    /// Away while it is polled.
    pub(super) task: Option<Box<dyn Task>>,
}

struct HostState {
    name: String,
    ip: IpAddr,
    /// Deviation of its wall clock in microseconds.
    wall: Option<i64>,
    ports: HashMap<u16, Vec<SocketKey>>,
    next_port: u16,
}

/// Who has an address.
#[derive(Clone, Copy)]
enum Place {
    Host(u32),
    /// The outer side of the address translation on this path.
    Outside((u32, u32)),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SocketKey {
    index: usize,
    made: u64,
}

struct SocketState {
    made: u64,
    host: u32,
    local: SocketAddr,
    inbox: VecDeque<(SocketAddr, Bytes)>,
    waker: Option<Waker>,
    /// A wire that was stalled is no longer.
    unstalled: bool,
}

/// How a send went.
pub(super) enum Sent {
    Done,
    Stalled,
    Failed,
    /// Frames up to this size can be sent.
    TooLarge(usize),
    /// The socket is of a host that crashed.
    Closed,
}

/// What a socket has to say.
pub(super) enum Got {
    Frame(SocketAddr, Bytes),
    Unstalled,
    Nothing,
    Closed,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            mono: Mono(0),
            chance: Chance(ChaCha8Rng::seed_from_u64(seed)),
            agenda: Agenda::default(),
            trace: Trace::default(),
            tasks: Slab::new(),
            hosts: Vec::new(),
            names: HashMap::new(),
            places: HashMap::new(),
            sockets: Slab::new(),
            paths: HashMap::new(),
            outside: 0,
            made: 0,
            sent: 0,
            lost: 0,
        }
    }

    pub(super) fn now(&self) -> Now {
        Now { mono: self.mono, wall: Some(BEGIN.after(self.mono.since(Mono(0)))) }
    }

    /// As a task of that host sees it, whose own time began at `epoch`.
    pub(super) fn now_at(&self, host: u32, epoch: Mono) -> Now {
        let wall = self.hosts.get(host as usize).and_then(|host| host.wall);
        let passed = self.mono.since(Mono(0));
        let since = self.mono.since(epoch);
        Now {
            mono: Mono(0).after(since),
            wall: wall.map(|deviation| UnixTime(BEGIN.after(passed).0.saturating_add(deviation))),
        }
    }

    pub(super) fn jump_wall(&mut self, host: u32, microseconds: i64) {
        if let Some(host) = self.hosts.get_mut(host as usize) {
            host.wall = Some(host.wall.unwrap_or(0).saturating_add(microseconds));
        }
    }

    pub(super) fn no_wall(&mut self, host: u32) {
        if let Some(host) = self.hosts.get_mut(host as usize) {
            host.wall = None;
        }
    }

    pub(super) fn seed(&mut self) -> [u8; 32] {
        let mut seed = [0; 32];
        self.chance.0.fill_bytes(&mut seed);
        seed
    }

    pub(super) fn totals(&self) -> (u64, u64) {
        (self.sent, self.lost)
    }

    pub(super) fn host_names(&self) -> Vec<(String, IpAddr)> {
        self.hosts.iter().map(|host| (host.name.clone(), host.ip)).collect()
    }

    pub(super) fn host(&mut self, name: &str) -> u32 {
        if let Some(index) = self.names.get(name) {
            return *index;
        }
        let index = u32::try_from(self.hosts.len()).expect("fewer hosts");
        assert!(index < 1 << 23, "too many hosts");
        // 10.0.0.1 and on.
        let ip = IpAddr::V4(Ipv4Addr::from(0x0a00_0001 + index));
        self.hosts.push(HostState {
            name: name.to_owned(),
            ip,
            wall: Some(0),
            ports: HashMap::new(),
            next_port: EPHEMERAL,
        });
        self.names.insert(name.to_owned(), index);
        self.places.insert(ip, Place::Host(index));
        index
    }

    pub(super) fn name(&self, host: u32) -> &str {
        self.hosts.get(host as usize).map_or("?", |host| &host.name)
    }

    pub(super) fn ip(&self, host: u32) -> IpAddr {
        self.hosts.get(host as usize).map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |host| host.ip)
    }

    pub(super) fn lookup(&self, name: &str) -> Option<IpAddr> {
        self.names.get(name).map(|host| self.ip(*host))
    }

    pub(super) fn path(&mut self, pair: (u32, u32)) -> &mut Path {
        self.paths.entry(pair).or_default()
    }

    pub(super) fn traced(&mut self, a: u32, b: u32) -> (u32, u32) {
        let pair = (a.min(b), a.max(b));
        self.path(pair).traced = true;
        pair
    }

    /// Puts `inside` behind a new outer address on this path; its sockets get new ports there.
    pub(super) fn rebind(&mut self, pair: (u32, u32), inside: u32) {
        // 198.18.0.1 and on, a block for tests of networks.
        self.outside += 1;
        let outer = IpAddr::V4(Ipv4Addr::from(0xc612_0000 + self.outside));
        if let Some(before) = self.path(pair).rebind(inside, outer) {
            self.places.remove(&before);
        }
        self.places.insert(outer, Place::Outside(pair));
    }

    /// Sockets of one port share what arrives, by its source, as with SO_REUSEPORT.
    pub(super) fn open(&mut self, host: u32, port: u16) -> (SocketKey, SocketAddr) {
        self.made += 1;
        let made = self.made;
        let state = self.hosts.get_mut(host as usize).expect("a host of this network");
        let port = if port == 0 { state.free_port() } else { port };
        let local = SocketAddr::new(state.ip, port);
        let entry = self.sockets.vacant_entry();
        let key = SocketKey { index: entry.key(), made };
        entry.insert(SocketState {
            made,
            host,
            local,
            inbox: VecDeque::new(),
            waker: None,
            unstalled: false,
        });
        state.ports.entry(port).or_default().push(key);
        (key, local)
    }

    pub(super) fn close(&mut self, key: SocketKey) {
        if self.socket(key).is_none() {
            return;
        }
        let socket = self.sockets.remove(key.index);
        if let Some(host) = self.hosts.get_mut(socket.host as usize)
            && let Some(sharers) = host.ports.get_mut(&socket.local.port())
        {
            sharers.retain(|sharer| *sharer != key);
            if sharers.is_empty() {
                host.ports.remove(&socket.local.port());
            }
        }
    }

    /// Closes its sockets and hands out its tasks, to be dropped where nothing is locked.
    pub(super) fn crash(&mut self, host: u32) -> Vec<Running> {
        let tasks: Vec<_> = self.tasks.iter().filter(|(_, t)| t.host == host).map(|(i, _)| i).collect();
        let sockets = self.sockets.iter().filter(|(_, s)| s.host == host);
        let sockets: Vec<_> = sockets.map(|(index, s)| SocketKey { index, made: s.made }).collect();
        for key in sockets {
            self.close(key);
        }
        tasks.into_iter().map(|index| self.tasks.remove(index)).collect()
    }

    pub(super) fn spawn(
        &mut self,
        host: u32,
        task: Box<dyn Task>,
        waker: impl FnOnce(TaskKey) -> Arc<TaskWaker>,
    ) -> Arc<TaskWaker> {
        self.made += 1;
        let entry = self.tasks.vacant_entry();
        let waker = waker(TaskKey { index: entry.key(), generation: self.made });
        entry.insert(Running {
            host,
            generation: self.made,
            waker: Arc::clone(&waker),
            epoch: self.mono,
            wakes: Vec::new(),
            task: Some(task),
        });
        waker
    }

    pub(super) fn send(&mut self, from: SocketKey, to: SocketAddr, frame: &Bytes) -> Sent {
        let Some(socket) = self.socket(from) else { return Sent::Closed };
        let (host, source) = (socket.host, socket.local);
        let Some(place) = self.places.get(&to.ip()).copied() else {
            self.count(false);
            return Sent::Done;
        };
        let (pair, direct) = match place {
            Place::Host(other) => ((host.min(other), host.max(other)), Some(other)),
            Place::Outside(pair) => (pair, None),
        };
        let other = direct.unwrap_or(if pair.0 == host { pair.1 } else { pair.0 });
        let mono = self.mono;
        let path = self.paths.entry(pair).or_default();
        let way = path.way(host, pair);
        if path.is_stalled(way) {
            return Sent::Stalled;
        }
        if path.fails(way) {
            return Sent::Failed;
        }
        if frame.len() > path.mtu {
            return Sent::TooLarge(path.mtu);
        }
        let inner = match direct {
            // Behind a translated address the real one cannot be reached.
            Some(other) if path.is_inside(other) => None,
            Some(_) => Some(to.port()),
            None => path.inner_port(host, to),
        };
        let source = path.outer(host, source);
        let fate = match inner {
            Some(_) => path.fate(way, mono, &mut self.chance),
            None => Fate::lost(),
        };
        let traced = path.traced;
        let to = SocketAddr::new(self.ip(other), inner.unwrap_or(to.port()));
        for at in fate.arrivals() {
            let datagram = Datagram { from: source, to, host: other, frame: frame.clone() };
            self.agenda.add(at, Item::Arrive(Box::new(datagram)));
        }
        self.count(!fate.is_lost());
        if traced {
            let names = (self.name(host).to_owned(), self.name(other).to_owned());
            self.trace.add(pair, mono, names, fate.is_lost(), frame.clone());
        }
        Sent::Done
    }

    /// The time has come for an entry: returns whom to wake.
    pub(super) fn advance(&mut self) -> Option<Option<Waker>> {
        let (at, item) = self.agenda.take()?;
        self.mono = self.mono.max(at);
        Some(match item {
            Item::Wake(waker) => Some(waker),
            Item::Arrive(datagram) => self.arrive(*datagram),
            Item::Task(key) => {
                let task = self.tasks.get_mut(key.index).filter(|t| t.generation == key.generation);
                task.map(|task| {
                    task.wakes.retain(|wake| *wake > at);
                    Arc::clone(&task.waker).into()
                })
            }
        })
    }

    fn arrive(&mut self, datagram: Datagram) -> Option<Waker> {
        let sharers = self.hosts.get(datagram.host as usize)?.ports.get(&datagram.to.port())?;
        let key = *sharers.get(share(datagram.from) % sharers.len().max(1))?;
        let socket = self.sockets.get_mut(key.index)?;
        if socket.inbox.len() >= INBOX {
            self.lost += 1;
            return None;
        }
        socket.inbox.push_back((datagram.from, datagram.frame));
        socket.waker.take()
    }

    pub(super) fn receive(&mut self, key: SocketKey, waker: &Waker) -> Got {
        let Some(socket) = self.sockets.get_mut(key.index).filter(|s| s.made == key.made) else {
            return Got::Closed;
        };
        if std::mem::take(&mut socket.unstalled) {
            return Got::Unstalled;
        }
        match socket.inbox.pop_front() {
            Some((from, frame)) => Got::Frame(from, frame),
            None => {
                socket.waker = Some(waker.clone());
                Got::Nothing
            }
        }
    }

    /// How many datagrams wait in a socket.
    pub(super) fn waiting(&self, key: SocketKey) -> usize {
        self.socket(key).map_or(0, |socket| socket.inbox.len())
    }

    /// Sockets of these hosts may send again; returns whom to wake.
    pub(super) fn unstall(&mut self, pair: (u32, u32)) -> Vec<Waker> {
        let of = |socket: &SocketState| socket.host == pair.0 || socket.host == pair.1;
        let sockets = self.sockets.iter_mut().map(|(_, socket)| socket).filter(|socket| of(socket));
        sockets
            .filter_map(|socket| {
                socket.unstalled = true;
                socket.waker.take()
            })
            .collect()
    }

    fn count(&mut self, arrived: bool) {
        self.sent += 1;
        self.lost += u64::from(!arrived);
    }

    fn socket(&self, key: SocketKey) -> Option<&SocketState> {
        self.sockets.get(key.index).filter(|socket| socket.made == key.made)
    }
}

impl HostState {
    fn free_port(&mut self) -> u16 {
        for _ in EPHEMERAL..=u16::MAX {
            let port = self.next_port;
            self.next_port = if port == u16::MAX { EPHEMERAL } else { port + 1 };
            if !self.ports.contains_key(&port) {
                return port;
            }
        }
        panic!("{} has no free port", self.name);
    }
}

/// Which of several sockets gets what comes from there: the same one every time.
fn share(from: SocketAddr) -> usize {
    let ip = match from.ip() {
        IpAddr::V4(v4) => u32::from(v4),
        IpAddr::V6(v6) => u128::from(v6) as u32,
    };
    (ip.wrapping_mul(31).wrapping_add(u32::from(from.port())).wrapping_mul(0x9e37_79b9) >> 16) as usize
}

/// Chance, from the seed.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    /// True so often, of one.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        probability > 0.0 && self.unit() < probability
    }

    /// From zero to just below `limit`.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        (self.unit() * limit as f64) as u64
    }

    fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
