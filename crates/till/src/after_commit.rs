//! The doorbell that rings after every commit, so that push, mirror and printer start at once and never poll.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

/// Rung after something was recorded or queued. Ringing costs a lock that nobody holds for long; several rings before
/// anybody looked count as one.
#[derive(Debug, Default)]
pub struct AfterCommit {
    rings: Mutex<u64>,
    rung: Condvar,
    push: Arc<Notify>,
    joined: Notify,
}

impl AfterCommit {
    /// Wakes everybody who waits.
    pub fn ring(&self) {
        let mut rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        *rings += 1;
        drop(rings);
        self.rung.notify_all();
        self.push.notify_one();
    }

    /// Waits on the calling thread until it was rung since `seen`, at most `at_most`. Keeps `seen` up to date and tells whether
    /// it was rung.
    pub(crate) fn wait(&self, seen: &mut u64, at_most: Duration) -> bool {
        let rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        let (rings, _) =
            self.rung.wait_timeout_while(rings, at_most, |rings| *rings == *seen).unwrap_or_else(PoisonError::into_inner);
        let was_rung = *rings != *seen;
        *seen = *rings;
        was_rung
    }

    /// What the sync task waits on for something to push; one task only.
    pub(crate) fn push(&self) -> &Arc<Notify> {
        &self.push
    }

    /// Wakes the sync task because the terminal has joined a hub, or its hub has moved.
    pub(crate) fn joined_a_hub(&self) {
        self.joined.notify_one();
        self.ring();
    }

    /// What the sync task waits on for a hub to be joined; one task only.
    pub(crate) fn joined(&self) -> &Notify {
        &self.joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_before_the_wait_is_not_missed() {
        let bell = AfterCommit::default();
        let mut seen = 0;
        bell.ring();
        bell.ring();
        assert!(bell.wait(&mut seen, Duration::from_mins(1)));
        assert!(!bell.wait(&mut seen, Duration::ZERO), "two rings count as one");
    }
}
