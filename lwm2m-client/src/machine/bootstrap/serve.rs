//! Operations of the bootstrap server. They work on the copy, and need no right. [Core 1.2 §6.1.7]

use lwm2m_core::{
    Now, Rejection, Tree, Version,
    coap::{InboundId, Request},
    codec::{Context, Timed},
    ops::bootstrap::{Downlink, DownlinkAnswer, Target},
};

use super::{Phase, SILENCE, stage::Stage};
use crate::machine::ClientMachine;

impl ClientMachine {
    pub(in crate::machine) fn on_bootstrap_request(&mut self, now: Now, id: InboundId, request: &Request) {
        let answer = match (&self.boot.phase, &mut self.boot.stage) {
            // Its operations may overtake the answer to our request.
            (Phase::Open(_) | Phase::Requesting(..), Some(stage)) => {
                let cx = Context { model: &self.table, version: Version::V1_2, tree: &Tree::DEFAULT };
                let downlink = Target::from_coap(request).and_then(|_| Downlink::from_coap(request, &cx));
                let version = self.config.bootstrap.as_ref().map_or(Version::V1_1, |account| account.version);
                match downlink {
                    Ok(Downlink::Finish) => None,
                    Ok(downlink) => {
                        let size = request.payload.bytes().len();
                        Some(operate(stage, downlink, size, version))
                    }
                    Err(rejection) => Some(Err(rejection)),
                }
            }
            (Phase::Finishing(_), _) => {
                Some(Err(Rejection::unavailable("the bootstrap is being finished", super::SOON)))
            }
            _ => Some(Err(Rejection::new(super::REFUSED, "no bootstrap is going on"))),
        };
        let Some(answer) = answer else { return self.begin_finish(now, Some(id)) };
        if matches!(self.boot.phase, Phase::Open(_) | Phase::Requesting(..)) {
            self.boot.phase = Phase::Open(now.mono.after(SILENCE));
        }
        let answer = answer.unwrap_or_else(|rejection| {
            tracing::debug!(endpoint = %self.config.endpoint, %rejection, "bootstrap");
            DownlinkAnswer::Refused(rejection)
        });
        let target = Target::from_coap(request);
        let cx = Context { model: &self.table, version: self.bootstrap_version(), tree: &Tree::DEFAULT };
        let response = match target {
            Ok(target) => answer
                .to_coap(target, &cx, request.options.accept())
                .unwrap_or_else(|error| (&Rejection::from(error)).into()),
            Err(rejection) => (&rejection).into(),
        };
        self.endpoint.respond(now, id, response);
    }
}

fn operate(
    stage: &mut Stage,
    downlink: Downlink,
    size: usize,
    version: Version,
) -> Result<DownlinkAnswer, Rejection> {
    match downlink {
        Downlink::Discover(path) => stage.discover(path, version).map(DownlinkAnswer::Links),
        Downlink::Read(path) => {
            let node = stage.read(path)?;
            let found = Timed { at: None, tree: Tree::DEFAULT, path, node };
            Ok(DownlinkAnswer::Values(vec![found]))
        }
        Downlink::Write(path, node) => stage.write(path, node, size).map(|()| DownlinkAnswer::Done),
        Downlink::Delete(path) => stage.delete(path).map(|()| DownlinkAnswer::Done),
        _ => Err(Rejection::method_not_allowed()),
    }
}
