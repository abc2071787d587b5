//! What servers' machines have in common: the order in which their outputs leave.

use super::{Call, Machine, Output};
use crate::{CallId, Hint, Mono, Now, coap};

/// A machine above one [`coap::Endpoint`] whose own outputs wait until the endpoint's have left: what it tells and asks
/// comes after the answers that it is about.
pub trait AboveCoap: Machine {
    /// The endpoint.
    fn endpoint(&mut self) -> &mut coap::Endpoint;
    /// The endpoint has something to say.
    fn on_event(&mut self, now: Now, event: coap::Event);
    /// The endpoint needs keys.
    fn on_credentials(&mut self, now: Now, id: CallId, hint: Hint);
    /// The endpoint wants nothing more until `endpoint`: the next output of the machine's own, [`Output::Timeout`] last.
    /// `None`: the endpoint has got something new to do.
    fn own_output(
        &mut self,
        now: Now,
        endpoint: Option<Mono>,
    ) -> Option<Output<Call<Self::Call>, Self::Event>>;
}

/// The [`Machine::poll_output`] of such a machine.
pub fn poll_output<M: AboveCoap>(machine: &mut M, now: Now) -> Output<Call<M::Call>, M::Event> {
    loop {
        match machine.endpoint().poll_output(now) {
            Output::Transmit { route, frame } => return Output::Transmit { route, frame },
            Output::Event(event) => machine.on_event(now, event),
            Output::Call { id, what: coap::Call::Credentials(hint) } => machine.on_credentials(now, id, hint),
            Output::Timeout(at) => {
                if let Some(output) = machine.own_output(now, at) {
                    return output;
                }
            }
        }
    }
}
