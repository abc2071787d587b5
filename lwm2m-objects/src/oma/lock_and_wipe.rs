//! Lock and Wipe (8), version 1.0.

use std::collections::BTreeMap;

use lwm2m_core::{Enumeration, Executable, Object};

/// Lock and Wipe (8): makes a lost device useless.
#[derive(Object, Clone, Debug, PartialEq)]
#[object(id = 8, version = "1.0", name = "Lock and Wipe", serde)]
pub struct LockAndWipe {
    /// What is locked.
    #[resource(id = 0, ops = "rw", mandatory, range(0, 2))]
    pub state: LockState,
    /// What a partial lock concerns.
    #[resource(id = 1, ops = "w", name = "Lock target", mandatory)]
    pub lock_target: BTreeMap<u16, String>,
    /// What can be wiped.
    #[resource(id = 2, ops = "r", name = "Wipe item")]
    pub wipe_item: BTreeMap<u16, String>,
    /// Erases the [`wipe_target`](Self::wipe_target) for good.
    #[resource(id = 3, execute, mandatory)]
    pub wipe: Executable,
    /// What the next wipe concerns.
    #[resource(id = 4, ops = "w", name = "Wipe target", mandatory)]
    pub wipe_target: BTreeMap<u16, String>,
    /// How the last lock or wipe ended.
    #[resource(id = 5, ops = "r", name = "Lock or Wipe Operation Result", mandatory, range(0, 8))]
    pub lock_or_wipe_operation_result: LockResult,
}

/// Unlocked, without targets.
impl Default for LockAndWipe {
    fn default() -> Self {
        Self {
            state: LockState::Unlocked,
            lock_target: BTreeMap::from([(0, String::new())]),
            wipe_item: BTreeMap::new(),
            wipe: Executable,
            wipe_target: BTreeMap::from([(0, String::new())]),
            lock_or_wipe_operation_result: LockResult::None,
        }
    }
}

/// How far a device is locked.
#[derive(Enumeration, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LockState {
    /// Not at all.
    #[default]
    Unlocked,
    /// The lock targets are.
    PartiallyLocked,
    /// All of it.
    FullyLocked,
    /// A number of a newer version, or of a vendor.
    #[enumeration(other)]
    Other(i64),
}

/// How a lock or wipe ended.
#[derive(Enumeration, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LockResult {
    /// There was none.
    #[default]
    None,
    /// The lock targets are locked.
    PartiallyLocked,
    /// The device is locked.
    FullyLocked,
    /// The device is unlocked.
    Unlocked,
    /// The wipe targets are erased.
    Wiped,
    /// Locking the lock targets failed.
    PartialLockFailed,
    /// Locking the device failed.
    FullLockFailed,
    /// Unlocking failed.
    UnlockFailed,
    /// Erasing failed.
    WipeFailed,
    /// A number of a newer version, or of a vendor.
    #[enumeration(other)]
    Other(i64),
}
