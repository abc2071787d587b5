//! Paths between hosts, and what goes wrong on them.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    ops::Range,
    time::Duration,
};

use smallvec::SmallVec;

use super::{Host, Net, Seen, world::Chance};
use crate::Mono;

/// How long a frame takes unless told otherwise.
const DELAY: Range<Duration> = Duration::from_millis(10)..Duration::from_millis(10);

/// The path between two hosts, both ways. Frames keep their order unless [`Wire::reorder`] says otherwise.
#[derive(Clone)]
pub struct Wire {
    net: Net,
    pair: (u32, u32),
}

impl Wire {
    pub(super) fn new(net: Net, pair: (u32, u32)) -> Self {
        Self { net, pair }
    }

    fn path<T>(&self, change: impl FnOnce(&mut Path) -> T) -> T {
        change(self.net.world().path(self.pair))
    }

    /// Each frame is lost with this probability.
    pub fn loss(&self, probability: f64) -> &Self {
        self.path(|path| path.loss = probability);
        self
    }

    /// Loss in bursts (Gilbert–Elliott): a burst begins at a frame with probability `begin`, ends with `end`, and loses
    /// frames with `loss`. Comes on top of [`Wire::loss`].
    pub fn bursts(&self, begin: f64, end: f64, loss: f64) -> &Self {
        self.path(|path| path.bursts = Some(Bursts { begin, end, loss }));
        self
    }

    /// How long frames take: evenly from this range. Default 10 ms.
    pub fn delay(&self, of: Range<Duration>) -> &Self {
        self.path(|path| path.delay = of);
        self
    }

    /// Each frame arrives twice with this probability.
    pub fn duplicate(&self, probability: f64) -> &Self {
        self.path(|path| path.duplicate = probability);
        self
    }

    /// Each frame is overtaken with this probability: it takes up to twice the longest delay more.
    pub fn reorder(&self, probability: f64) -> &Self {
        self.path(|path| path.reorder = probability);
        self
    }

    /// Nothing passes, until called with `false`.
    pub fn partition(&self, cut: bool) -> &Self {
        self.path(|path| path.cut = cut);
        self
    }

    /// The next `n` frames towards `to` vanish.
    pub fn drop_next(&self, to: &Host, n: usize) -> &Self {
        let way = self.way_to(to);
        self.path(|path| *path.drop_next.of(way) = n);
        self
    }

    /// Nothing can be sent towards `to` for now: sends wait, until called with `false`.
    pub fn stall(&self, to: &Host, stalled: bool) -> &Self {
        let way = self.way_to(to);
        self.path(|path| *path.stalled.of(way) = stalled);
        if !stalled {
            let wakers = self.net.world().unstall(self.pair);
            wakers.into_iter().for_each(std::task::Waker::wake);
        }
        self
    }

    /// Sends towards `to` fail, until called with `false`.
    pub fn fail(&self, to: &Host, fails: bool) -> &Self {
        let way = self.way_to(to);
        self.path(|path| *path.failing.of(way) = fails);
        self
    }

    /// Larger frames cannot be sent: the machine is told to send smaller ones. No limit by default.
    pub fn mtu(&self, octets: usize) -> &Self {
        self.path(|path| path.mtu = octets);
        self
    }

    /// `inside` gets a new source address on this path, as after a restart of the NAT router before it: what was sent
    /// to the old one does not arrive any more.
    pub fn rebind_nat(&self, inside: &Host) -> &Self {
        self.net.world().rebind(self.pair, inside.index());
        self
    }

    /// Records nothing any more: for wires without number.
    pub fn untraced(&self) -> &Self {
        self.path(|path| path.traced = false);
        self
    }

    /// What passed or was lost, oldest first; of the last 10,000 of the network those on this path.
    #[must_use]
    pub fn frames(&self) -> Vec<Seen> {
        self.net.world().trace.of(self.pair)
    }

    fn way_to(&self, to: &Host) -> Way {
        if to.index() == self.pair.1 { Way::Up } else { Way::Down }
    }
}

/// From the host with the lower number to the other, or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

#[derive(Default)]
struct Both<T> {
    up: T,
    down: T,
}

impl<T> Both<T> {
    fn of(&mut self, way: Way) -> &mut T {
        match way {
            Way::Up => &mut self.up,
            Way::Down => &mut self.down,
        }
    }
}

struct Bursts {
    begin: f64,
    end: f64,
    loss: f64,
}

/// State of a path.
pub(super) struct Path {
    pub(super) traced: bool,
    pub(super) mtu: usize,
    loss: f64,
    bursts: Option<Bursts>,
    delay: Range<Duration>,
    duplicate: f64,
    reorder: f64,
    cut: bool,
    drop_next: Both<usize>,
    stalled: Both<bool>,
    failing: Both<bool>,
    in_burst: Both<bool>,
    last: Both<Mono>,
    nat: Option<Box<Nat>>,
}

/// Address translation in front of one of the two.
struct Nat {
    inside: u32,
    outer: IpAddr,
    /// Inner port to outer port, and back.
    ports: HashMap<u16, u16>,
    back: HashMap<u16, u16>,
    next: u16,
}

impl Default for Path {
    fn default() -> Self {
        Self {
            traced: false,
            mtu: usize::MAX,
            loss: 0.0,
            bursts: None,
            delay: DELAY,
            duplicate: 0.0,
            reorder: 0.0,
            cut: false,
            drop_next: Both::default(),
            stalled: Both::default(),
            failing: Both::default(),
            in_burst: Both::default(),
            last: Both::default(),
            nat: None,
        }
    }
}

impl Path {
    pub(super) fn way(&self, from: u32, pair: (u32, u32)) -> Way {
        if from == pair.0 { Way::Up } else { Way::Down }
    }

    pub(super) fn is_stalled(&mut self, way: Way) -> bool {
        *self.stalled.of(way)
    }

    pub(super) fn fails(&mut self, way: Way) -> bool {
        *self.failing.of(way)
    }

    /// Decides what becomes of a frame.
    pub(super) fn fate(&mut self, way: Way, now: Mono, chance: &mut Chance) -> Fate {
        if self.is_lost(way, chance) {
            return Fate::lost();
        }
        let mut fate = Fate(SmallVec::new());
        let copies = 1 + usize::from(chance.happens(self.duplicate));
        for _ in 0..copies {
            let arrival = self.arrival(way, now, chance);
            fate.0.push(arrival);
        }
        fate
    }

    fn is_lost(&mut self, way: Way, chance: &mut Chance) -> bool {
        if self.cut {
            return true;
        }
        let to_drop = self.drop_next.of(way);
        if *to_drop > 0 {
            *to_drop -= 1;
            return true;
        }
        if let Some(bursts) = &self.bursts {
            let in_burst = self.in_burst.of(way);
            *in_burst = if *in_burst { !chance.happens(bursts.end) } else { chance.happens(bursts.begin) };
            if *in_burst && chance.happens(bursts.loss) {
                return true;
            }
        }
        chance.happens(self.loss)
    }

    fn arrival(&mut self, way: Way, now: Mono, chance: &mut Chance) -> Mono {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let (least, most) = (micros(self.delay.start), micros(self.delay.end));
        let delay = least.saturating_add(chance.below(most.saturating_sub(least)));
        let at = Mono(now.0.saturating_add(delay));
        if chance.happens(self.reorder) {
            return Mono(at.0.saturating_add(chance.below(most.max(least).saturating_mul(2))));
        }
        let last = self.last.of(way);
        *last = at.max(*last);
        *last
    }

    pub(super) fn rebind(&mut self, inside: u32, outer: IpAddr) -> Option<IpAddr> {
        let next = self.nat.as_ref().map_or(10_000, |nat| nat.next);
        let nat = Nat { inside, outer, ports: HashMap::new(), back: HashMap::new(), next };
        self.nat.replace(Box::new(nat)).map(|before| before.outer)
    }

    pub(super) fn is_inside(&self, host: u32) -> bool {
        self.nat.as_ref().is_some_and(|nat| nat.inside == host)
    }

    /// What the receiver sees as source.
    pub(super) fn outer(&mut self, host: u32, source: SocketAddr) -> SocketAddr {
        let Some(nat) = self.nat.as_mut().filter(|nat| nat.inside == host) else { return source };
        let port = *nat.ports.entry(source.port()).or_insert_with(|| {
            nat.next = nat.next.checked_add(1).unwrap_or(10_000);
            nat.back.insert(nat.next, source.port());
            nat.next
        });
        SocketAddr::new(nat.outer, port)
    }

    /// Which port of the host inside is meant.
    pub(super) fn inner_port(&self, from: u32, to: SocketAddr) -> Option<u16> {
        let nat = self.nat.as_ref().filter(|nat| nat.inside != from && nat.outer == to.ip())?;
        nat.back.get(&to.port()).copied()
    }
}

/// When a frame arrives: not at all, once or twice.
pub(super) struct Fate(SmallVec<[Mono; 2]>);

impl Fate {
    pub(super) fn lost() -> Self {
        Self(SmallVec::new())
    }

    pub(super) fn is_lost(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn arrivals(&self) -> impl Iterator<Item = Mono> {
        self.0.iter().copied()
    }
}
