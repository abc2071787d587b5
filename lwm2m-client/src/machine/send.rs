//! Values that the program sends of its own accord. [Core 1.2 §6.4.6]
//!
//! Each account has a queue of its own, of which the first is on its way. What cannot be delivered stays at its place
//! until the server can be reached again, and then says when its values were taken; over a restart too, see
//! [`backlog`](super::backlog).

use std::{collections::VecDeque, sync::Arc, time::Duration};

use lwm2m_core::{
    Code, Mono, Node, Now, Path, Rejection, StoreError, Version,
    coap::{Delivery, ExchangeError, ExchangeId, Response},
    codec::{
        ContentFormat, Context, Timed,
        negotiate::{self, Content},
    },
    ops::{Uplink, UplinkAnswer, UplinkVerb, Verb},
};

use super::{
    ClientMachine,
    access::Rights,
    account::{Account, Phase},
    call::{NewSend, Reply, What},
    check::check,
    operation::Work,
    snapshot::{self, FoundMany},
    table::SERVER,
};
use crate::{
    ClientEvent, SendError,
    state_store::{layout::Key, values::Taken},
};

/// Messages that may wait for one server. More are refused: a server that is away must not grow the client.
const MAX_WAITING: usize = 64;
/// Values of all that waits for one server, for the same reason.
const MAX_VALUES: usize = 16_384;
/// A longer payload goes in several messages; a server that cannot take so much says so (4.13), and gets it in halves.
const MAX_OCTETS: usize = 16 * 1024;
/// Values that are older say when they were taken.
const FRESH: Duration = Duration::from_secs(1);
/// A caller's number; messages of an earlier life have none.
const NOBODY: u64 = 0;
/// After a failure that may pass.
const AGAIN: Duration = Duration::from_secs(5);

/// What waits for one server.
#[derive(Default)]
pub(super) struct Outbox {
    waiting: VecDeque<Message>,
    /// The first of them.
    sending: Option<ExchangeId>,
    /// Not before.
    rests_until: Mono,
}

/// One message, or what will become several.
pub(super) struct Message {
    /// Whose result it is part of.
    pub(super) batch: u64,
    pub(super) values: Arc<[Timed]>,
    pub(super) taken: Taken,
    pub(super) format: Option<ContentFormat>,
    /// The server did not know us: an Update has been sent since.
    pub(super) unknown: bool,
    /// The number of its record, if it was ever to have one.
    pub(super) record: Option<u32>,
    /// Not to be sent before it is in the store.
    pub(super) held: bool,
}

/// A call of the program: answered when every part has its result.
pub(super) struct Batch {
    number: u64,
    reply: u64,
    left: usize,
    result: Result<(), SendError>,
    /// Answered as soon as it is in the store.
    stored: bool,
}

/// Waits for its places to be read.
pub(super) struct Gather {
    pub(super) paths: Vec<Path>,
    order: Order,
    /// Short server IDs: bootstrap may take accounts away meanwhile.
    to: Vec<u16>,
}

/// What the caller wants.
#[derive(Clone, Copy)]
struct Order {
    reply: u64,
    format: Option<ContentFormat>,
    stored: bool,
}

impl ClientMachine {
    pub(super) fn on_send(&mut self, now: Now, new: NewSend) {
        let NewSend { reply, what, to, format, stored } = new;
        if stored && !self.config.keeps {
            return self.reply(reply, Reply::Sent(Err(SendError::NotKept(None))));
        }
        let order = Order { reply, format, stored };
        let accounts = match self.receivers(to) {
            Ok(accounts) => accounts,
            Err(error) => return self.reply(reply, Reply::Sent(Err(error))),
        };
        let paths: Vec<Path> = match &what {
            What::Places(paths) => paths.clone(),
            What::Values(values) => values.iter().map(|value| value.path).collect(),
        };
        if let Err(error) = self.may_send(&accounts, &paths) {
            return self.reply(reply, Reply::Sent(Err(error)));
        }
        match what {
            What::Places(paths) => {
                let mut objects: Vec<_> = paths.iter().filter_map(Path::object_id).collect();
                objects.sort_unstable();
                objects.dedup();
                let to = accounts.into_iter().map(|position| self.server_of(position)).collect();
                let gather = Gather { paths, order, to };
                let key = self.operations.push(SERVER, Work::Gather(gather), None);
                if let Some(operation) = self.operations.get_mut(key) {
                    operation.others = objects;
                }
            }
            What::Values(values) => self.enqueue(now, order, &accounts, values),
        }
    }

    /// The accounts that it goes to.
    fn receivers(&self, to: Option<u16>) -> Result<Vec<usize>, SendError> {
        let Some(server) = to else {
            let takers = self.accounts.iter().enumerate().filter(|(_, account)| account.takes_sends());
            let all: Vec<usize> = takers.map(|(position, _)| position).collect();
            return if all.is_empty() { Err(SendError::NoServer) } else { Ok(all) };
        };
        let known = self.account_with(server).and_then(|at| Some((at, self.accounts.get(at)?)));
        let (position, account) = known.ok_or(SendError::UnknownServer(server))?;
        match account.takes_sends() {
            true => Ok(vec![position]),
            false if account.settings.mute_send => Err(SendError::Muted(server)),
            false => Err(SendError::NoServer),
        }
    }

    /// Only what is registered, and what the servers could read.
    fn may_send(&self, accounts: &[usize], paths: &[Path]) -> Result<(), SendError> {
        if paths.is_empty() {
            return Err(SendError::Empty);
        }
        for account in accounts {
            let version = self.version(*account);
            for path in paths.iter().filter(|path| !path.is_root()) {
                check(Verb::Read, *path, &self.table, version, Rights::All)
                    .map_err(|rejection| SendError::NotReadable { path: *path, rejection })?;
            }
        }
        Ok(())
    }

    pub(super) fn gather(&mut self, now: Now, key: usize) {
        let Some(Work::Gather(gather)) = self.operations.get_mut(key).map(|operation| &operation.work) else {
            return;
        };
        let paths = gather.paths.clone();
        self.read_many(now, key, &paths);
    }

    pub(super) fn gathered(&mut self, now: Now, key: usize, found: &FoundMany) {
        let Some(Work::Gather(Gather { paths, order, to })) =
            self.operations.remove(key).map(|operation| operation.work)
        else {
            return;
        };
        let mut values = Vec::new();
        for path in paths {
            match snapshot::node_among(&self.table, path, found) {
                Some(node) => values.push(self.own(path, node)),
                None => {
                    let rejection = super::check::missing(path, "value");
                    let error = SendError::NotReadable { path, rejection };
                    return self.reply(order.reply, Reply::Sent(Err(error)));
                }
            }
        }
        let accounts: Vec<usize> = to.iter().filter_map(|server| self.account_with(*server)).collect();
        if accounts.is_empty() {
            return self.reply(order.reply, Reply::Sent(Err(SendError::NoServer)));
        }
        self.enqueue(now, order, &accounts, values);
    }

    pub(super) fn not_gathered(&mut self, gather: &Gather, rejection: Rejection) {
        let path = gather.paths.first().copied().unwrap_or(Path::ROOT);
        self.reply(gather.order.reply, Reply::Sent(Err(SendError::NotReadable { path, rejection })));
    }

    fn own(&self, path: Path, node: Node) -> Timed {
        Timed { at: None, tree: self.config.tree.clone(), path, node }
    }

    fn enqueue(&mut self, now: Now, order: Order, to: &[usize], values: Vec<Timed>) {
        let Order { reply, format, stored } = order;
        let values = self.leaves(values);
        let full = to.iter().filter_map(|position| self.accounts.get(*position)).find(|account| {
            let outbox = &account.outbox;
            let waiting: usize = outbox.waiting.iter().map(|message| message.values.len()).sum();
            outbox.waiting.len() >= MAX_WAITING || waiting.saturating_add(values.len()) > MAX_VALUES
        });
        let refused = match full {
            Some(account) => Some(SendError::Full(account.server())),
            None => values.is_empty().then_some(SendError::Empty),
        };
        if let Some(error) = refused {
            return self.reply(reply, Reply::Sent(Err(error)));
        }
        self.last_batch = self.last_batch.wrapping_add(1);
        let (batch, values): (u64, Arc<[Timed]>) = (self.last_batch, values.into());
        self.batches.push(Batch { number: batch, reply, left: to.len(), result: Ok(()), stored });
        for position in to {
            if let Some(account) = self.accounts.get_mut(*position) {
                self.backlog.grows(values.len());
                let (values, taken) = (values.clone(), Taken::now(now));
                let (unknown, record) = (false, None);
                let message = Message { batch, values, taken, format, unknown, record, held: stored };
                account.outbox.waiting.push_back(message);
            }
        }
        if stored {
            self.backlog.hurries();
        }
    }

    /// One item a value, so that a long message can be divided anywhere.
    fn leaves(&self, values: Vec<Timed>) -> Vec<Timed> {
        let leaves = values.into_iter().flat_map(|Timed { at, path, node, .. }| {
            let leaf = |(path, value): (Path, &lwm2m_core::Value)| Timed {
                at,
                ..self.own(path, Node::Value(value.clone()))
            };
            node.leaves(path).into_iter().map(leaf).collect::<Vec<_>>()
        });
        leaves.collect()
    }

    /// Sends what can be sent.
    pub(super) fn drive_sends(&mut self, now: Now) -> bool {
        let mut progress = false;
        for position in 0..self.accounts.len() {
            while self.send_first(now, position) {
                progress = true;
            }
        }
        progress
    }

    fn send_first(&mut self, now: Now, position: usize) -> bool {
        let Some(account) = self.accounts.get(position) else { return false };
        let outbox = &account.outbox;
        let Some(first) = outbox.waiting.front().filter(|first| !first.held) else { return false };
        let (Some(peer), true) = (account.peer, account.can_send()) else { return false };
        if outbox.sending.is_some() || now.mono < outbox.rests_until || self.stopping.is_some() {
            return false;
        }
        if account.settings.mute_send {
            let muted = SendError::Muted(account.server());
            self.sent(position, Err(muted));
            return true;
        }
        let cx = Context { model: &self.table, version: account.version, tree: &self.config.tree };
        // Not before now: a right may come and go while a message waits.
        let rights = self.rights(Some(position));
        let mut values = first.stamped(now);
        let asked = values.first().map(|value| value.path);
        values.retain(|value| match (value.path.object_id(), value.path.instance_id()) {
            (Some(object), Some(instance)) => rights.may_read(object, instance),
            _ => true,
        });
        if let Some(path) = asked.filter(|_| values.is_empty()) {
            let rejection = Rejection::unauthorized("the server has no right to read it");
            self.sent(position, Err(SendError::NotReadable { path, rejection }));
            return true;
        }
        let timed = values.iter().any(|value| value.at.is_some());
        let usual = || negotiate::preferred(&cx, Content::Many { timed }).next();
        let format = first.format.or_else(usual).unwrap_or(ContentFormat::SENML_CBOR);
        let divisible = first.values.len() > 1;
        match (Uplink::Send { values, format }).to_coap(&cx) {
            Err(error) => self.sent(position, Err(error.into())),
            Ok(request) if divisible && request.payload.bytes().len() > MAX_OCTETS => self.divide(position),
            Ok(request) => {
                let exchange = self.endpoint.request(now, peer, request, Delivery::Confirmable);
                if let Some(account) = self.accounts.get_mut(position) {
                    account.outbox.sending = Some(exchange);
                }
            }
        }
        true
    }

    /// The first message becomes two.
    fn divide(&mut self, position: usize) {
        let Some(account) = self.accounts.get_mut(position) else { return };
        let Some(first) = account.outbox.waiting.pop_front() else { return };
        let (one, two) = first.values.split_at(first.values.len() / 2);
        let (one, two): (Arc<[Timed]>, Arc<[Timed]>) = (one.into(), two.into());
        if let Some(batch) = self.batches.iter_mut().find(|batch| batch.number == first.batch) {
            batch.left = batch.left.saturating_add(1);
        }
        for values in [two, one] {
            account.outbox.waiting.push_front(Message { values, ..first });
        }
    }

    /// Is it the answer to a Send?
    pub(super) fn on_sent(
        &mut self,
        now: Now,
        id: ExchangeId,
        result: Result<Response, ExchangeError>,
    ) -> Option<Result<Response, ExchangeError>> {
        let Some(position) = self.accounts.iter().position(|account| account.outbox.sending == Some(id))
        else {
            return Some(result);
        };
        let Some(account) = self.accounts.get_mut(position) else { return Some(result) };
        account.outbox.sending = None;
        let server = account.server();
        match result.map(|response| UplinkAnswer::from_coap(&response, UplinkVerb::Send)) {
            Ok(Ok(UplinkAnswer::Refused(rejection))) => self.send_refused(now, position, rejection),
            Ok(Ok(_)) => self.sent(position, Ok(())),
            Ok(Err(_)) => {
                let error = ExchangeError::BadAnswer("no answer to this operation");
                self.sent(position, Err(SendError::Exchange { server, error }));
            }
            Err(ExchangeError::HoldOff(pause)) => account.outbox.rests_until = now.mono.after(pause),
            Err(error @ (ExchangeError::Reset | ExchangeError::BadAnswer(_))) => {
                self.sent(position, Err(SendError::Exchange { server, error }));
            }
            // It stays where it is. Whether the server is still there, an Update tells.
            Err(_) => {
                account.outbox.rests_until = now.mono.after(AGAIN);
                account.update_wanted |= account.registered.is_some();
            }
        }
        None
    }

    fn send_refused(&mut self, now: Now, position: usize, rejection: Rejection) {
        let Some(account) = self.accounts.get_mut(position) else { return };
        let server = account.server();
        let Some(first) = account.outbox.waiting.front_mut() else { return };
        match rejection.code {
            _ if rejection.is_temporary() => {
                let wait = rejection.retry_after.unwrap_or(AGAIN).max(FRESH);
                account.outbox.rests_until = now.mono.after(wait);
            }
            Code::REQUEST_ENTITY_TOO_LARGE if first.values.len() > 1 => self.divide(position),
            // It may have forgotten us: an Update tells, and brings a Register if so.
            Code::NOT_FOUND if !first.unknown => {
                first.unknown = true;
                account.outbox.rests_until = now.mono.after(AGAIN);
                account.update_wanted = true;
            }
            _ => self.sent(position, Err(SendError::Refused { server, rejection })),
        }
    }

    /// The first message of an account has its result.
    fn sent(&mut self, position: usize, result: Result<(), SendError>) {
        let Some(account) = self.accounts.get_mut(position) else { return };
        let server = account.server();
        let Some(first) = account.outbox.waiting.pop_front() else { return };
        if first.record.is_some() {
            self.backlog.changes();
        }
        let known = self.batches.iter().position(|batch| batch.number == first.batch);
        let Some((at, batch)) = known.and_then(|at| Some((at, self.batches.get_mut(at)?))) else {
            // Its caller was told that it is kept, or was of an earlier life.
            if let Err(error) = result {
                self.publish(ClientEvent::NotSent { server, error });
            }
            return;
        };
        batch.left = batch.left.saturating_sub(1);
        if batch.result.is_ok() {
            batch.result = result;
        }
        if batch.left == 0 {
            let Batch { reply, result, .. } = self.batches.swap_remove(at);
            self.reply(reply, Reply::Sent(result));
        }
    }

    /// These are in the store: callers that wanted no more are told, and the messages may go.
    pub(super) fn sends_kept(&mut self, records: &[Key]) {
        for account in &mut self.accounts {
            let server = account.server();
            for message in &mut account.outbox.waiting {
                message.held &= !message.record.is_some_and(|n| records.contains(&Key::Send(server, n)));
            }
        }
        let held = |batch: &Batch| {
            let mut messages = self.accounts.iter().flat_map(|account| &account.outbox.waiting);
            messages.any(|message| message.batch == batch.number && message.held)
        };
        let kept: Vec<u64> = self
            .batches
            .iter()
            .filter(|batch| batch.stored && !held(batch))
            .map(|batch| batch.reply)
            .collect();
        self.batches.retain(|batch| !kept.contains(&batch.reply));
        for reply in kept {
            self.reply(reply, Reply::Sent(Ok(())));
        }
    }

    /// These are not: they are not sent, and callers that wanted them kept hear why.
    pub(super) fn sends_not_kept(&mut self, records: &[Key], error: &StoreError) {
        let mut refused = Vec::new();
        for account in &mut self.accounts {
            let server = account.server();
            let waiting = account.outbox.waiting.iter().filter(|message| message.held);
            let tried =
                |message: &&Message| message.record.is_some_and(|n| records.contains(&Key::Send(server, n)));
            refused.extend(waiting.filter(tried).map(|message| message.batch));
        }
        for account in &mut self.accounts {
            account.outbox.waiting.retain(|message| !refused.contains(&message.batch));
        }
        let (gone, left) =
            std::mem::take(&mut self.batches).into_iter().partition(|batch| refused.contains(&batch.number));
        self.batches = left;
        for Batch { reply, .. } in gone {
            self.reply(reply, Reply::Sent(Err(SendError::NotKept(Some(error.clone())))));
        }
    }

    /// What was found in the store goes before what has come since.
    pub(super) fn restored_sends(&mut self) {
        for account in &mut self.accounts {
            let outbox = &mut account.outbox;
            outbox.waiting.make_contiguous().sort_by_key(|message| message.batch != NOBODY);
        }
    }

    /// The account is gone: nothing reaches its server any more.
    pub(super) fn abandon_sends(&mut self, position: usize) {
        let server = self.server_of(position);
        while self.accounts.get(position).is_some_and(|account| !account.outbox.is_empty()) {
            self.sent(position, Err(SendError::UnknownServer(server)));
        }
        if let Some(account) = self.accounts.get_mut(position) {
            account.outbox.sending = None;
        }
    }

    pub(super) fn sends_deadline(&self) -> Option<Mono> {
        let waiting = self.accounts.iter().filter(|account| account.can_send());
        let waiting = waiting.filter(|account| {
            let waits = account.outbox.waiting.front().is_some_and(|first| !first.held);
            waits && account.outbox.sending.is_none() && self.stopping.is_none()
        });
        waiting.map(|account| account.outbox.rests_until).min()
    }
}

impl Account {
    /// Send is of LwM2M 1.1, and muted unless the Server instance says otherwise.
    fn takes_sends(&self) -> bool {
        !self.is_gone() && self.version >= Version::V1_1 && !self.settings.mute_send
    }

    /// Registered, and the server can be reached as far as we know.
    fn can_send(&self) -> bool {
        matches!(self.phase, Phase::Idle | Phase::Updating(..)) && self.can_be_told()
    }
}

impl Outbox {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(super) fn messages_mut(&mut self) -> impl Iterator<Item = &mut Message> {
        self.waiting.iter_mut()
    }

    /// One of an earlier life.
    pub(super) fn restore(&mut self, message: Message) {
        self.waiting.push_back(message);
    }
}

impl Message {
    /// Its values; those that have waited with the time at which they were taken.
    fn stamped(&self, now: Now) -> Vec<Timed> {
        let fresh = u128::from(self.taken.age(now)) < FRESH.as_micros();
        let at = (!fresh).then(|| self.taken.stamp(now));
        self.values.iter().map(|value| Timed { at: value.at.or(at), ..value.clone() }).collect()
    }
}
