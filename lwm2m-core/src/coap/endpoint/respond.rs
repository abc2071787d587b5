//! Our answers: in the acknowledgement while it is time, in a message of their own later. [RFC 7252 §5.2]

use super::{Endpoint, block::Asked, inbound::Stage, observe::Relation, reliability::Purpose, table::Key};
use crate::{
    Now,
    coap::{
        DeliveryId, Event, ExchangeError, Message, MessageId, MessageType, OptionNumber, Payload, Response,
        Token,
    },
};

/// Where a response goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct To {
    pub(super) peer: u32,
    pub(super) token: Token,
    /// What it answers.
    pub(super) asked: Asked,
}

impl To {
    pub(super) fn message(self, kind: MessageType, id: MessageId, response: &Response) -> Message<'_> {
        Message {
            kind,
            code: response.code,
            id,
            token: self.token,
            options: response.options.view(),
            payload: response.payload.bytes(),
        }
    }
}

impl Endpoint {
    pub(super) fn begin_response(&mut self, now: Now, key: Key, response: Response) -> DeliveryId {
        let delivery = self.next_delivery();
        match self.inbound.get(key).map(|inbound| inbound.stage) {
            None | Some(Stage::Answered) => {
                self.event(Event::Undelivered { id: delivery, error: ExchangeError::Cancelled });
            }
            Some(Stage::Between) => self.hold_response(key, delivery, response),
            Some(_) if matches!(response.payload, Payload::Streamed { .. }) => {
                self.begin_stream(now, key, delivery, response);
            }
            Some(_) => {
                self.leave_stream(key);
                self.respond_whole(now, key, Some(delivery), response);
            }
        }
        delivery
    }

    /// Answers for good; without `delivery`, in the application's stead. With Observe the request lives on as a relation.
    pub(super) fn respond_whole(
        &mut self,
        now: Now,
        key: Key,
        delivery: Option<DeliveryId>,
        mut response: Response,
    ) {
        let Some(inbound) = self.inbound.get_mut(key) else { return };
        let stage = inbound.stage;
        let (peer, asked, may_observe) = (inbound.peer, inbound.asked, inbound.may_observe);
        self.timers.cancel(&mut inbound.timer);
        let begins = may_observe && response.options.observe().is_some() && response.code.is_success();
        response.options.remove(OptionNumber::OBSERVE);
        let repeated = stage == Stage::Acknowledged;
        let mut response = self.cut_response(now, peer, &asked, response, repeated);
        if begins {
            let format = response.options.content_format();
            let mut relation = Relation::new(now.mono, self.last_sequence, format);
            response.options.push_uint(OptionNumber::OBSERVE, u64::from(relation.next_sequence()));
            self.begin_relation(key, relation);
        }
        let purpose = match delivery {
            Some(delivery) if begins => Purpose::Notification(key, delivery),
            Some(delivery) => Purpose::Response(delivery),
            None => Purpose::Own,
        };
        self.send_response(now, key, &response, stage, purpose);
        if !begins {
            self.remove_inbound(key);
        }
    }

    /// Sends a response to the request as it stands.
    pub(super) fn send_response(
        &mut self,
        now: Now,
        key: Key,
        response: &Response,
        stage: Stage,
        purpose: Purpose,
    ) {
        let Some(inbound) = self.inbound.get(key) else { return };
        let (peer, id, token, remembered) = (inbound.peer, inbound.id, inbound.token, inbound.remembered);
        let to = To { peer, token, asked: inbound.asked };
        match stage {
            Stage::Fresh => {
                let message = to.message(MessageType::Acknowledgement, id, response);
                let frame = self.transmit(now, peer, &message);
                if let Some(frame) = &frame {
                    self.remember_reply(remembered, frame);
                }
                self.sent_once(purpose, frame.is_some());
            }
            Stage::Acknowledged => {
                let sending = self.send_separate(now, to, response, true, purpose);
                if let (Some(sending), Purpose::Notification(..)) = (sending, purpose)
                    && let Some(relation) =
                        self.inbound.get_mut(key).and_then(|inbound| inbound.relation.as_mut())
                {
                    relation.set_sending(sending);
                    self.count_notifying(peer);
                }
            }
            Stage::Unacknowledged | Stage::Between | Stage::Answered => {
                self.send_separate(now, to, response, false, purpose);
            }
        }
    }

    /// A response in a message of its own. It does not wait for a turn: the peer has asked for it.
    pub(super) fn send_separate(
        &mut self,
        now: Now,
        to: To,
        response: &Response,
        confirmable: bool,
        purpose: Purpose,
    ) -> Option<Key> {
        let Some(id) = self.peers.next_id(now.mono, to.peer) else {
            self.not_sent(purpose, ExchangeError::Busy("message IDs in use"));
            return None;
        };
        if confirmable {
            let message = to.message(MessageType::Confirmable, id, response);
            let sending = self.send_confirmable(now, to.peer, &message, purpose, Some(to.asked));
            if sending.is_none() {
                self.sent_once(purpose, false);
            }
            return sending;
        }
        let message = to.message(MessageType::NonConfirmable, id, response);
        let sent = self.transmit(now, to.peer, &message).is_some();
        self.sent_once(purpose, sent);
        None
    }

    /// What is sent once is delivered when it has left.
    pub(super) fn sent_once(&mut self, purpose: Purpose, sent: bool) {
        match purpose {
            Purpose::Response(id) | Purpose::Notification(_, id) if sent => {
                self.event(Event::Delivered { id });
            }
            _ if sent => {}
            _ => self.not_sent(purpose, ExchangeError::Protection),
        }
    }

    fn not_sent(&mut self, purpose: Purpose, error: ExchangeError) {
        if let Purpose::Response(id) | Purpose::Notification(_, id) = purpose {
            self.event(Event::Undelivered { id, error });
        }
    }

    pub(super) fn next_delivery(&mut self) -> DeliveryId {
        self.deliveries += 1;
        DeliveryId(self.deliveries)
    }
}
