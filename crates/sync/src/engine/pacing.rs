//! How long the engine waits between two tries.

use std::time::{Duration, SystemTime};

use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

/// The longest first wait; it doubles with every failure.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait of all.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The shortest wait, so that a hub that fails at once is not hammered.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);
/// A refused push is tried again after this: before somebody has acted it cannot help.
const AFTER_REFUSAL: Duration = Duration::from_mins(1);
/// A sale or the user's wish does not make the engine repeat a refused push sooner than this.
const REFUSAL_REST: Duration = Duration::from_secs(5);
/// How often a wait looks whether the machine slept.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// The wall clock running ahead of the steady one by this much means sleep (or a clock set forward, which is as good).
const SLEPT: Duration = Duration::from_secs(10);

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wake {
    /// It was over.
    Time,
    /// Something was sold, or the user asked.
    Notified,
    /// The machine slept meanwhile.
    MachineSlept,
}

/// The waits' memory.
#[derive(Debug, Default)]
pub(super) struct Pacing {
    failures: u32,
    refused_at: Option<Instant>,
    notified: bool,
}

impl Pacing {
    /// The last turn went well; the wait asked for.
    pub(super) fn succeeded(&mut self, wait: Duration) -> Duration {
        self.failures = 0;
        if self.may_push() {
            self.refused_at = None;
        }
        self.notified = false;
        wait
    }

    /// The last push was refused; the wait asked for, while [`Pacing::may_push`] counts the longer one.
    pub(super) fn refused(&mut self, wait: Duration) -> Duration {
        *self = Self { refused_at: Some(Instant::now()), ..Self::default() };
        wait
    }

    /// No usable answer came; how long to wait: at random up to a bound that doubles (full jitter).
    pub(super) fn failed(&mut self) -> Duration {
        let bound = longest_wait(self.failures);
        self.failures = self.failures.saturating_add(1);
        bound.mul_f64(rand::random::<f64>()).max(SHORTEST_WAIT)
    }

    /// False while a refused push rests.
    pub(super) fn may_push(&self) -> bool {
        let rest = if self.notified { REFUSAL_REST } else { AFTER_REFUSAL };
        self.refused_at.is_none_or(|at| at.elapsed() >= rest)
    }

    /// Waits; a notification or the end of a sleep ends it early, and the latter begins the waits anew.
    pub(super) async fn wait(&mut self, wait: Duration, wake: &Notify) -> Wake {
        let until = Instant::now() + wait;
        loop {
            let (wall, steady) = (SystemTime::now(), Instant::now());
            let left = until.saturating_duration_since(steady);
            if left.is_zero() {
                return Wake::Time;
            }
            if timeout(left.min(LOOK_EVERY), wake.notified()).await.is_ok() {
                self.notified = true;
                return Wake::Notified;
            }
            if slept(wall.elapsed().unwrap_or_default(), steady.elapsed()) {
                self.failures = 0;
                return Wake::MachineSlept;
            }
        }
    }
}

fn longest_wait(failures: u32) -> Duration {
    FIRST_WAIT.saturating_mul(2_u32.saturating_pow(failures.min(16))).min(LONGEST_WAIT)
}

fn slept(wall: Duration, steady: Duration) -> bool {
    wall.saturating_sub(steady) >= SLEPT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_thirty_seconds() {
        let waits: Vec<u128> = (0..8).map(|failures| longest_wait(failures).as_millis()).collect();
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        assert_eq!(longest_wait(u32::MAX), LONGEST_WAIT);
    }

    #[test]
    fn a_wait_lies_at_random_within_its_bound() {
        let waits: Vec<Duration> = (0..50).map(|_| Pacing { failures: 4, ..Pacing::default() }.failed()).collect();
        assert!(waits.iter().all(|wait| (SHORTEST_WAIT..=Duration::from_secs(8)).contains(wait)));
        assert!(waits.iter().any(|wait| *wait != waits[0]), "tills must not come all at once");
    }

    #[test]
    fn success_begins_the_waits_anew() {
        let mut pacing = Pacing { failures: 9, ..Pacing::default() };
        pacing.succeeded(Duration::ZERO);
        assert!(pacing.failed() <= FIRST_WAIT);
    }

    #[test]
    fn a_refused_push_rests_a_minute_or_shortly_when_something_was_sold() {
        let mut pacing = Pacing::default();
        pacing.refused(Duration::ZERO);
        assert!(!pacing.may_push());
        pacing.succeeded(Duration::ZERO);
        assert!(!pacing.may_push(), "a pull that went well does not end the rest");

        pacing.refused_at = Instant::now().checked_sub(REFUSAL_REST);
        assert!(!pacing.may_push());
        pacing.notified = true;
        assert!(pacing.may_push());

        pacing.notified = false;
        pacing.refused_at = Instant::now().checked_sub(AFTER_REFUSAL);
        assert!(pacing.may_push());
    }

    #[test]
    fn a_wall_clock_that_ran_ahead_means_sleep() {
        assert!(slept(Duration::from_hours(1), Duration::from_secs(5)));
        assert!(!slept(Duration::from_secs(6), Duration::from_secs(5)));
        assert!(!slept(Duration::ZERO, Duration::from_secs(5)), "a clock set back");
    }

    #[tokio::test]
    async fn a_notification_ends_a_wait() {
        let wake = Notify::new();
        wake.notify_one();
        assert_eq!(Pacing::default().wait(Duration::from_hours(1), &wake).await, Wake::Notified);
    }
}
