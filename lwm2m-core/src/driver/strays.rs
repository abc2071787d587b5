//! Datagrams that reached the socket of another shard.

use std::task::{Context, Poll};

use tokio::sync::mpsc;

use crate::transport::{ShardId, Stray};

/// Datagrams that wait for a shard; more are dropped, as a full socket would.
const WAITING: usize = 1024;

/// One shard's end of the queues between the shards of a server.
#[derive(Debug)]
pub struct Strays {
    /// `None`: there are no other shards. A queue costs 3 KiB, and simulated fleets are many.
    inbox: Option<mpsc::Receiver<(u8, Stray)>>,
    shards: Vec<mpsc::Sender<(u8, Stray)>>,
}

impl Strays {
    /// Of a server with one shard.
    #[must_use]
    pub fn alone() -> Self {
        Self { inbox: None, shards: Vec::new() }
    }

    /// The ends of as many shards, in their order.
    #[must_use]
    pub fn mesh(shards: u8) -> Vec<Self> {
        if shards <= 1 {
            return vec![Self::alone()];
        }
        let (senders, inboxes): (Vec<_>, Vec<_>) = (0..shards).map(|_| mpsc::channel(WAITING)).unzip();
        inboxes.into_iter().map(|inbox| Self { inbox: Some(inbox), shards: senders.clone() }).collect()
    }

    /// `false`: it is lost.
    pub(super) fn hand_over(&self, to: ShardId, transport: u8, stray: Stray) -> bool {
        self.shards.get(usize::from(to.0)).is_some_and(|shard| shard.try_send((transport, stray)).is_ok())
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<(u8, Stray)> {
        let Some(inbox) = &mut self.inbox else { return Poll::Pending };
        match inbox.poll_recv(cx) {
            Poll::Ready(Some(stray)) => Poll::Ready(stray),
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}
