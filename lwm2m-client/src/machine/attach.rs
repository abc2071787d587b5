//! Attributes that servers attach: written, shown in a Discover, gone with their node. [Core 1.2 §5.1.2, §6.3.4]

use lwm2m_core::{
    AttributeError, Now, ObjectId, ObjectLink, Path, Rejection,
    ops::{Downlink, DownlinkAnswer},
};

use super::{
    CALL_TIMEOUT, ClientMachine,
    call::{Call, Purpose},
    operation::{Stage, Work},
};

impl ClientMachine {
    /// The node is there: what the server wants attached to it counts once it is kept.
    pub(super) fn attach(&mut self, now: Now, key: usize) {
        let Some(operation) = self.operations.get_mut(key) else { return };
        let Work::Serve(serve) = &operation.work else { return };
        let Downlink::WriteAttributes { edit, path, .. } = serve.downlink else { return };
        let Some(account) = self.accounts.get(serve.account) else { return };
        let mut attributes = account.attributes.clone();
        match attributes.write(path, &edit) {
            Ok(()) if self.config.keeps => {
                let edits = self.keep_attributes(account.server(), &attributes);
                if let Some(operation) = self.operations.get_mut(key) {
                    operation.stage = Stage::Committing;
                }
                let deadline = Some(now.mono.after(CALL_TIMEOUT));
                self.call(Purpose::Commit(key), deadline, Call::Commit { edits, prepared: Vec::new() });
            }
            Ok(()) => self.attached(now, key),
            Err(error @ AttributeError::Full) => {
                self.refuse(now, key, Rejection::internal(error.to_string()));
            }
            Err(error) => self.refuse(now, key, Rejection::bad_request(error.to_string())),
        }
    }

    /// From now on it counts.
    pub(super) fn attached(&mut self, now: Now, key: usize) {
        let Some(operation) = self.operations.get_mut(key) else { return };
        let late = operation.stage == Stage::Late;
        let Work::Serve(serve) = &operation.work else { return };
        let Downlink::WriteAttributes { edit, path, .. } = serve.downlink else { return };
        let position = serve.account;
        if let Some(account) = self.accounts.get_mut(position)
            && let Err(error) = account.attributes.write(path, &edit)
        {
            return self.refuse(now, key, Rejection::bad_request(error.to_string()));
        }
        self.judge_anew(position, Some(path));
        if late {
            self.operations.remove(key);
        } else {
            self.respond(now, key, &DownlinkAnswer::Done);
        }
    }

    /// Adds to each link what this server has attached to its node; to the node that was asked for also what it
    /// inherits, where it can be read. [Core 1.2 §6.3.2]
    pub(super) fn show_attributes(&self, account: usize, target: Path, links: &mut [ObjectLink]) {
        let Some(account) = self.accounts.get(account) else { return };
        if account.attributes.is_empty() {
            return;
        }
        for link in links {
            let inherits = link.path == target && self.is_readable(target);
            link.attributes = if inherits {
                account.attributes.effective(target)
            } else {
                account.attributes.at(link.path)
            };
        }
    }

    fn is_readable(&self, path: Path) -> bool {
        let (Some(object), Some(resource)) = (path.object_id(), path.resource_id()) else { return true };
        let known = self.table.get(object).and_then(|known| known.def.resource(resource));
        known.is_none_or(|def| def.ops().can_read())
    }

    /// A node is gone, and with it what servers had attached to it and to what was below.
    pub(super) fn detach(&mut self, path: Path) {
        for account in &mut self.accounts {
            account.attributes.remove(path);
        }
    }

    /// The same of the instances that an object had and has no more.
    pub(super) fn detach_gone(&mut self, now: Now, object: ObjectId, before: &[lwm2m_core::InstanceId]) {
        let gone = before.iter().filter(|instance| !self.table.has_instance(object, **instance));
        let gone: Vec<Path> = gone.filter_map(|instance| Path::new(&[object.0, instance.0]).ok()).collect();
        self.forget_gone(now, object, &gone);
        gone.into_iter().for_each(|path| self.detach(path));
    }
}
