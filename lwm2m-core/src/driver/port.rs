//! A transport and the frames that wait for its stalled links.

use std::{
    collections::{BTreeMap, VecDeque},
    task::{Context, Poll},
};

use bytes::Bytes;

use super::counters::Shared;
use crate::{
    Binding, LinkId, Mono, Now,
    transport::{Transport, TransportError, TransportEvent},
};

/// Frames that wait for one link. A reader that lets more wait loses them (datagrams) or its link (streams).
const LINK_FRAMES: usize = 64;
/// Frames that wait for all links of a transport, so that many slow readers together cost no more either.
const PORT_FRAMES: usize = 16_384;

pub(super) struct Port {
    transport: Box<dyn Transport>,
    /// Links that were not writable; ordered, so that a simulation repeats itself. No link is in here while all is well.
    waiting: BTreeMap<LinkId, Outbox>,
    /// Links that may be tried again; each once, and some that are gone.
    ready: VecDeque<LinkId>,
    queued: usize,
}

struct Outbox {
    frames: VecDeque<Bytes>,
    ready: bool,
}

/// What the caller has to do about a send.
#[derive(Debug)]
pub(super) enum Sent {
    /// Nothing.
    Done,
    /// The transport may have an event to tell.
    Look,
    /// The link is no more.
    Cut(TransportError),
}

impl Port {
    pub(super) fn new(transport: Box<dyn Transport>) -> Self {
        Self { transport, waiting: BTreeMap::new(), ready: VecDeque::new(), queued: 0 }
    }

    pub(super) fn transport(&mut self) -> &mut dyn Transport {
        &mut *self.transport
    }

    pub(super) fn deadline(&self) -> Option<Mono> {
        self.transport.deadline()
    }

    pub(super) fn is_flushed(&self) -> bool {
        self.queued == 0
    }

    pub(super) fn poll_event(&mut self, now: Now, cx: &mut Context<'_>) -> Poll<TransportEvent> {
        self.transport.poll_event(now, cx)
    }

    /// Sends at once, or after those that wait for the same link.
    pub(super) fn send(
        &mut self,
        now: Now,
        cx: &mut Context<'_>,
        link: LinkId,
        frame: Bytes,
        counters: &Shared,
    ) -> Sent {
        if !self.waiting.is_empty() && self.waiting.contains_key(&link) {
            return self.wait(link, frame, counters);
        }
        match self.transport.poll_send(now, cx, link, &frame) {
            Poll::Ready(result) => count(result, counters),
            Poll::Pending => self.wait(link, frame, counters),
        }
    }

    fn wait(&mut self, link: LinkId, frame: Bytes, counters: &Shared) -> Sent {
        let reliable = self.transport.binding() == Binding::Tcp;
        let outbox =
            self.waiting.entry(link).or_insert_with(|| Outbox { frames: VecDeque::new(), ready: false });
        if outbox.frames.len() < LINK_FRAMES && self.queued < PORT_FRAMES {
            outbox.frames.push_back(frame);
            self.queued += 1;
            return Sent::Done;
        }
        // A lost datagram is sent again by the machine; a stream with a gap is of no use.
        counters.dropped.add(1);
        if reliable {
            return Sent::Cut(TransportError::Overflow);
        }
        if self.waiting.get(&link).is_some_and(|outbox| outbox.frames.is_empty()) {
            self.waiting.remove(&link);
        }
        Sent::Done
    }

    /// These links may be tried again.
    pub(super) fn writable(&mut self, link: Option<LinkId>) {
        let Self { waiting, ready, .. } = self;
        let mut wake = |link: LinkId, outbox: &mut Outbox| {
            if !outbox.ready {
                outbox.ready = true;
                ready.push_back(link);
            }
        };
        match link {
            Some(link) => {
                if let Some(outbox) = waiting.get_mut(&link) {
                    wake(link, outbox);
                }
            }
            None => waiting.iter_mut().for_each(|(link, outbox)| wake(*link, outbox)),
        }
    }

    /// One frame of the next link that may be tried again. `None`: there is none.
    pub(super) fn flush_one(
        &mut self,
        now: Now,
        cx: &mut Context<'_>,
        counters: &Shared,
    ) -> Option<(LinkId, Sent)> {
        let link = loop {
            let link = self.ready.pop_front()?;
            if self.waiting.contains_key(&link) {
                break link;
            }
        };
        let outbox = self.waiting.get_mut(&link)?;
        let Some(frame) = outbox.frames.front() else { return Some((link, Sent::Done)) };
        let Poll::Ready(result) = self.transport.poll_send(now, cx, link, frame) else {
            outbox.ready = false;
            return Some((link, Sent::Done));
        };
        outbox.frames.pop_front();
        self.queued = self.queued.saturating_sub(1);
        if outbox.frames.is_empty() {
            self.waiting.remove(&link);
            if self.waiting.is_empty() {
                // An empty map may keep a node, and every fresh socket makes its first frame wait.
                self.waiting = BTreeMap::new();
            }
        } else {
            self.ready.push_back(link);
        }
        Some((link, count(result, counters)))
    }

    /// The link is gone, with what waited for it. It is taken off the links to be tried when its turn comes: thousands
    /// may go at once.
    pub(super) fn forget(&mut self, link: LinkId, counters: &Shared) {
        if let Some(outbox) = self.waiting.remove(&link) {
            let lost = outbox.frames.len();
            self.queued = self.queued.saturating_sub(lost);
            counters.dropped.add(lost as u64);
        }
    }
}

fn count(result: Result<(), TransportError>, counters: &Shared) -> Sent {
    match result {
        Ok(()) => {
            counters.frames_out.add(1);
            Sent::Done
        }
        Err(error @ TransportError::Closed) => {
            counters.dropped.add(1);
            Sent::Cut(error)
        }
        // One frame is lost, as the network could have lost it; the machine sends it again or gives up.
        Err(_) => {
            counters.send_errors.add(1);
            Sent::Look
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::Target;

    /// Takes frames when it is told to.
    struct Gate {
        open: bool,
        sent: std::sync::Arc<std::sync::Mutex<Vec<LinkId>>>,
    }

    impl Transport for Gate {
        fn binding(&self) -> Binding {
            Binding::Udp
        }

        fn poll_event(&mut self, _: Now, _: &mut Context<'_>) -> Poll<TransportEvent> {
            Poll::Pending
        }

        fn poll_send(
            &mut self,
            _: Now,
            _: &mut Context<'_>,
            link: LinkId,
            _: &Bytes,
        ) -> Poll<Result<(), TransportError>> {
            if !self.open {
                return Poll::Pending;
            }
            self.sent.lock().unwrap().push(link);
            Poll::Ready(Ok(()))
        }

        fn connect(&mut self, _: &Target) -> Result<LinkId, TransportError> {
            Err(TransportError::Closed)
        }

        fn disconnect(&mut self, _: LinkId) {
            self.open = true;
        }
    }

    #[test]
    fn links_that_go_while_they_wait_do_not_hold_up_the_others() {
        let sent = std::sync::Arc::<std::sync::Mutex<Vec<LinkId>>>::default();
        let mut port = Port::new(Box::new(Gate { open: false, sent: sent.clone() }));
        let (now, counters) = (Now { mono: Mono(0), wall: None }, Shared::default());
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let links: Vec<LinkId> = (0..1000).map(|index| LinkId { index, generation: 0 }).collect();
        for link in &links {
            port.send(now, &mut cx, *link, Bytes::from_static(b"1"), &counters);
            port.send(now, &mut cx, *link, Bytes::from_static(b"2"), &counters);
        }
        port.writable(None);
        for link in links.iter().filter(|link| link.index % 10 != 0) {
            port.forget(*link, &counters);
        }
        port.transport().disconnect(links[1]);
        let mut flushed = 0;
        while port.flush_one(now, &mut cx, &counters).is_some() {
            flushed += 1;
        }
        assert_eq!((flushed, sent.lock().unwrap().len()), (200, 200));
        assert!(sent.lock().unwrap().iter().all(|link| link.index % 10 == 0));
        assert!(port.is_flushed() && port.ready.is_empty());
        assert_eq!(counters.read().dropped, 1800);
    }
}
