//! The loop behind the sale: push what only this machine holds, pull what changed, wait, again. It never loses its place:
//! what is still to be sent follows from what the hub says it holds, so an answer that was lost, a request that was doubled
//! or a hub that went back to a copy of its database all end the same way.

mod outbox;
mod pacing;
mod report;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use journal::{Head, verify_countersignature};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::client::HubClient;
use crate::client_error::ClientError;
use crate::engine::pacing::Pacing;
use crate::wire::{MAX_BODY_BYTES, MAX_ENTRIES_PER_PUSH, ProblemKind, PushAnswer};

pub use outbox::{Identity, Outbox, OutboxError};
pub use report::{Report, ReportedProblem, State, StepSummary, SyncError};

/// How often changes are asked for while nothing is sold.
const PULL_EVERY: Duration = Duration::from_secs(5);
/// How often open incidents are asked for.
const INCIDENTS_EVERY: Duration = Duration::from_secs(30);
/// Room left in a request for what is not entries.
const BODY_BYTES_FOR_ENTRIES: usize = MAX_BODY_BYTES - 1_024;
/// How many entries before a contradiction go along with it, so that the last common one is likely among them.
const COMMON_PAST: u64 = 100;

/// The sync of one terminal with its hub.
pub struct Engine<O> {
    client: HubClient,
    outbox: Arc<O>,
    identity: Identity,
    observer: Box<dyn Fn(&Report) + Send + Sync>,
    report: Report,
    /// Why the last push was refused, until one is taken.
    refusal: Option<ReportedProblem>,
    /// The last entry the hub is known to hold; `None` until it was asked.
    held: Option<u64>,
    /// This journal's end and the hub's when the hub was last told that the two contradict each other.
    testified: Option<(u64, u64)>,
    last_pull: Option<Instant>,
    last_incidents: Option<Instant>,
}

impl<O: Outbox> Engine<O> {
    /// An engine over `outbox`. `observer` is told every change of the [`Report`]; it must not block.
    pub fn new(
        client: HubClient,
        outbox: Arc<O>,
        identity: Identity,
        observer: impl Fn(&Report) + Send + Sync + 'static,
    ) -> Self {
        Self {
            client,
            outbox,
            identity,
            observer: Box::new(observer),
            report: Report::default(),
            refusal: None,
            held: None,
            testified: None,
            last_pull: None,
            last_incidents: None,
        }
    }

    /// What is known now.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Pushes until nothing is unsent and pulls until nothing is new. A push that the hub refuses does not keep changes from
    /// being pulled; its error is the result all the same.
    pub async fn step(&mut self) -> Result<StepSummary, SyncError> {
        self.turn(true, true).await
    }

    /// Runs until `shutdown`. `wake` is notified after every entry written and when the user asks to sync now; waits grow with
    /// failures, at random within their bounds so that tills do not come all at once, and end early after the machine slept.
    pub async fn run(mut self, wake: Arc<Notify>, shutdown: impl Future<Output = ()>) {
        let looping = async {
            let mut pacing = Pacing::default();
            loop {
                let pull_is_due = self.last_pull.is_none_or(|last| last.elapsed() >= PULL_EVERY);
                let wait = match self.turn(pacing.may_push(), pull_is_due).await {
                    Ok(_) => pacing.succeeded(PULL_EVERY),
                    Err(error) => {
                        tracing::warn!(%error, "sync failed");
                        if error.is_refusal() { pacing.refused(PULL_EVERY) } else { pacing.failed() }
                    }
                };
                pacing.wait(wait, &wake).await;
            }
        };
        tokio::select! {
            () = looping => {}
            () = shutdown => {}
        }
    }

    /// One turn of the loop, told to the observer.
    async fn turn(&mut self, push: bool, pull: bool) -> Result<StepSummary, SyncError> {
        let result = self.push_and_pull(push, pull).await;
        self.report.clock_drift_seconds = self.client.clock_drift_seconds();
        (self.report.state, self.report.problem) = match (&result, &self.refusal) {
            (Err(error), _) if !error.is_refusal() => (State::Offline, Some(error.brief())),
            (Err(error), None) => (State::Refused, Some(error.brief())),
            (_, Some(refusal)) => (State::Refused, Some(refusal.clone())),
            (Ok(_), None) => (State::Synced, None),
        };
        (self.observer)(&self.report);
        result
    }

    async fn push_and_pull(&mut self, push: bool, pull: bool) -> Result<StepSummary, SyncError> {
        let mut summary = StepSummary::default();
        let mut refused = None;
        if push {
            match self.push().await {
                Ok(pushed) => {
                    self.refusal = None;
                    summary.pushed = pushed;
                }
                Err(error) if error.is_refusal() => {
                    self.testify(&error).await?;
                    self.refusal = Some(error.brief());
                    refused = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        if pull {
            summary.pulled = self.pull().await?;
            self.look_at_incidents(refused.is_some()).await?;
        }
        refused.map_or(Ok(summary), Err)
    }

    /// Pushes until nothing is unsent; how many entries the hub took.
    async fn push(&mut self) -> Result<u64, SyncError> {
        let mut asked_again = false;
        let mut pushed = 0;
        loop {
            let held = match self.held {
                Some(held) => held,
                None => self.ask_head().await?,
            };
            let batch = self.batch_after(held).await?;
            if batch.is_empty() {
                return Ok(pushed);
            }
            self.sending();
            let answer = match self.client.push(&batch).await {
                Err(ClientError::Refused(problem)) if is_out_of_step(problem.kind) && !asked_again => {
                    // The hub holds more or less than this machine believed: ask, then send what is really missing.
                    asked_again = true;
                    self.held = None;
                    continue;
                }
                answer => answer?,
            };
            let now_held = self.take_answer(&answer).await?;
            if now_held <= held {
                self.held = None;
                return Err(SyncError::NoProgress { held });
            }
            pushed += now_held - held;
        }
    }

    /// When this journal contradicts what the hub holds, the hub is told this side of it once, so that a manager sees an
    /// incident with its evidence.
    async fn testify(&mut self, error: &SyncError) -> Result<(), SyncError> {
        let held = match error {
            SyncError::Truncated { held } => *held,
            SyncError::Forked { seq } => *seq,
            _ => return Ok(()),
        };
        let last = self.ask_outbox(O::last_seq).await?;
        if self.testified == Some((last, held)) {
            return Ok(());
        }
        let before = last.min(held).saturating_sub(COMMON_PAST);
        let entries = self.batch_after(before).await?;
        match self.client.contradict(&entries, last).await {
            Ok(_) | Err(ClientError::Refused(_)) => {
                self.testified = Some((last, held));
                self.last_incidents = None;
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn ask_head(&mut self) -> Result<u64, SyncError> {
        let answer = self.client.head().await?;
        self.take_answer(&answer).await
    }

    /// Checks the hub's word on what it holds against its key and this journal, and keeps it.
    async fn take_answer(&mut self, answer: &PushAnswer) -> Result<u64, SyncError> {
        self.answered();
        let (terminal, head) = verify_countersignature(&answer.countersignature, &self.identity.hub_key)
            .map_err(|_| SyncError::WrongCountersignature)?;
        let says_the_same = head.seq == answer.acked && head.hash.to_string() == answer.head;
        if terminal != self.identity.terminal || !says_the_same {
            return Err(SyncError::WrongCountersignature);
        }
        self.compare_with_journal(head).await?;
        let answer = answer.clone();
        self.ask_outbox(move |outbox| outbox.acknowledge(&answer)).await?;
        self.held = Some(head.seq);
        Ok(head.seq)
    }

    async fn compare_with_journal(&self, head: Head) -> Result<(), SyncError> {
        if head.seq == 0 {
            return Ok(());
        }
        match self.ask_outbox(move |outbox| outbox.hash_at(head.seq)).await? {
            Some(ours) if ours == head.hash => Ok(()),
            Some(_) => Err(SyncError::Forked { seq: head.seq }),
            None => Err(SyncError::Truncated { held: head.seq }),
        }
    }

    /// The next entries to send, as many as one request may carry.
    async fn batch_after(&self, seq: u64) -> Result<Vec<String>, SyncError> {
        let mut batch = self.ask_outbox(move |outbox| outbox.entries_after(seq, MAX_ENTRIES_PER_PUSH)).await?;
        let mut bytes = 0;
        let fits = batch.iter().take_while(|entry| {
            bytes += entry.len() + 3;
            bytes <= BODY_BYTES_FOR_ENTRIES
        });
        // One entry alone always goes: the client says so if it is more than the hub takes.
        let count = fits.count().max(1);
        batch.truncate(count);
        Ok(batch)
    }

    /// Pulls until nothing is new; how many changes came.
    async fn pull(&mut self) -> Result<u64, SyncError> {
        let mut pulled = 0;
        let mut position = self.ask_outbox(O::feed_position).await?;
        if position == 0 {
            let changes;
            (position, changes) = self.load_snapshot().await?;
            pulled += changes;
        }
        loop {
            let page = self.client.feed(self.identity.store, position).await?;
            self.answered();
            if page.next < position {
                // The hub went back to a copy of its database: its state as a whole is what counts now.
                let changes;
                (position, changes) = self.load_snapshot().await?;
                pulled += changes;
                continue;
            }
            let (more, count, stuck) = (page.more, page.changes.len() as u64, page.next == position);
            position = page.next;
            if count > 0 || !stuck {
                self.ask_outbox(move |outbox| outbox.apply(page)).await?;
            }
            pulled += count;
            if !more || stuck {
                self.last_pull = Some(Instant::now());
                return Ok(pulled);
            }
        }
    }

    async fn load_snapshot(&mut self) -> Result<(u64, u64), SyncError> {
        let outbox = Arc::clone(&self.outbox);
        let loaded = self.client.snapshot(self.identity.store, move |snapshot| {
            let size = (snapshot.feed(), snapshot.changes());
            outbox.load_snapshot(snapshot).map(|()| size)
        });
        let size = loaded.await?.map_err(SyncError::Outbox)?;
        self.answered();
        Ok(size)
    }

    async fn look_at_incidents(&mut self, now: bool) -> Result<(), SyncError> {
        let due = self.last_incidents.is_none_or(|last| last.elapsed() >= INCIDENTS_EVERY);
        if now || due {
            let incidents = self.client.incidents(self.identity.store).await?;
            self.last_incidents = Some(Instant::now());
            self.report.incidents = incidents.incidents;
        }
        Ok(())
    }

    async fn ask_outbox<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&O) -> Result<T, OutboxError> + Send + 'static,
    ) -> Result<T, SyncError> {
        let outbox = Arc::clone(&self.outbox);
        match tokio::task::spawn_blocking(move || ask(&outbox)).await {
            Ok(answer) => answer.map_err(SyncError::Outbox),
            Err(stopped) => Err(SyncError::Outbox(Box::new(stopped))),
        }
    }

    fn answered(&mut self) {
        self.report.last_at = Some(Timestamp::now());
        self.report.clock_drift_seconds = self.client.clock_drift_seconds();
    }

    fn sending(&mut self) {
        if self.report.state != State::Sending {
            self.report.state = State::Sending;
            (self.observer)(&self.report);
        }
    }
}

/// Refusals that may only mean that this machine's idea of what the hub holds is old.
fn is_out_of_step(kind: ProblemKind) -> bool {
    matches!(kind, ProblemKind::Gap | ProblemKind::BrokenChain | ProblemKind::Fork)
}

#[cfg(test)]
mod tests;
