//! Sync behind the sale: a thread with the engine that pushes after each commit and pulls what changed, and the view of how
//! far it is.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use sync::{Engine, Report, State, SyncError};
use tokio::sync::watch;

use crate::api::{IncidentView, Problem, SyncView, TillEvent};
use crate::background::no_thread;
use crate::error::TillError;
use crate::hub_connection::{clock_drift, not_enrolled, problem_of_report, problem_of_sync, runtime};
use crate::outbox::{StoreOutbox, identity};
use crate::present;
use crate::status::{MirrorState, SyncState};
use crate::terminal::Terminal;

/// A clock further off than this is told.
const TELL_DRIFT_SECONDS: i64 = 300;
/// Pauses of [`Terminal::sync_until_quiet`] between its tries when the network fails.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// The thread that syncs; stops when dropped.
#[derive(Debug)]
pub struct SyncTask {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for SyncTask {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the sync thread ended by a panic");
        }
    }
}

impl Terminal {
    /// Starts syncing behind the sale. A terminal that has not joined a hub waits until it has.
    pub fn start_sync(self: &Arc<Self>) -> Result<SyncTask, TillError> {
        let (stop, stopped) = watch::channel(false);
        let runtime = runtime()?;
        let terminal = Arc::clone(self);
        self.status.lock().syncing = true;
        let thread = std::thread::Builder::new().name("sync".into()).spawn(move || {
            runtime.block_on(keep_in_sync(&terminal, stopped));
            terminal.status.lock().syncing = false;
        });
        Ok(SyncTask { stop, thread: Some(thread.map_err(|error| no_thread(&error))?) })
    }

    /// Pushes and pulls on the calling thread until nothing is left to do; tries again a few times when the network fails.
    pub fn sync_until_quiet(&self) -> Result<(), TillError> {
        let hub = self.hub().ok_or_else(not_enrolled)?;
        let connection = self.connection()?;
        let outbox = Arc::new(StoreOutbox::new(Arc::clone(&self.store), || {}));
        let identity = identity(&self.store, self.id, hub.hub_key);
        let result = connection.wait_for(|client| async {
            let mut engine = Engine::new(client, outbox, identity, |_| {});
            let mut result = engine.step().await;
            for pause in PAUSES {
                match &result {
                    Err(error) if !error.is_refusal() && is_of_the_network(error) => {}
                    _ => break,
                }
                tokio::time::sleep(pause).await;
                result = engine.step().await;
            }
            self.keep_report(engine.report());
            result
        });
        self.catalogue_changed();
        self.fetch_card_keys_when_needed();
        result.map(drop).map_err(|error| problem_of_sync(error).into())
    }

    /// Asks the background to reach the hub and the printer now; how things stand.
    pub fn sync_now(&self) -> SyncView {
        self.after_commit.ring();
        self.sync_view()
    }

    /// How far sync, mirror and printer are.
    pub fn sync_view(&self) -> SyncView {
        if let Some(view) = self.practised.as_ref().and_then(|practised| self.practice_sync_view(practised)) {
            return view;
        }
        let shop = self.store.shop();
        let hub = self.hub();
        let unsent = self.store.unsent_count().unwrap_or_else(|error| {
            tracing::warn!(%error, "the store cannot be read");
            0
        });
        let prints = self.store.print_stats().unwrap_or_default();
        let status = self.status.lock();
        let SyncState { last_at, state, problem, incidents, clock_drift_seconds } = &status.sync;
        SyncView {
            state: state_word(hub.is_some(), *state, unsent).to_owned(),
            unsent: u32::try_from(unsent).unwrap_or(u32::MAX),
            last_at: last_at.map(|at| present::moment(at, &shop)).unwrap_or_default(),
            problem: problem.clone().or_else(|| drift_problem(*clock_drift_seconds)).or_else(|| mirror_problem(&status.mirror)),
            incidents: incidents
                .iter()
                .map(|incident| IncidentView {
                    kind: kind_word(incident.kind),
                    detail: incident.detail.clone(),
                    at: present::moment(incident.at, &shop),
                })
                .collect(),
            hub: hub.map(|hub| hub.url).unwrap_or_default(),
            mirror_folder: self.settings().mirror_folder.clone(),
            mirror: mirror_word(&status.mirror).to_owned(),
            clock_drift_seconds: i32::try_from(*clock_drift_seconds).unwrap_or(i32::MAX),
            catalogue_complete: self.store.catalogue_complete(),
            print_jobs: prints.waiting,
            print_problem: status.print_problem(),
        }
    }

    /// Tells the screens how far sync, mirror and printer are, when that has changed.
    pub(crate) fn announce_sync(&self) {
        let view = self.sync_view();
        let news = {
            let mut status = self.status.lock();
            let news = status.announced.as_ref() != Some(&view);
            status.announced = Some(view.clone());
            news
        };
        if news {
            self.emit(TillEvent::Sync(view));
        }
    }

    fn keep_report(&self, report: &Report) {
        self.status.lock().sync = SyncState {
            last_at: report.last_at,
            state: report.state,
            problem: report.problem.clone().map(problem_of_report),
            incidents: report.incidents.clone(),
            clock_drift_seconds: report.clock_drift_seconds,
        };
        self.announce_sync();
    }
}

/// Runs the engine for the hub that the terminal has joined, anew whenever it joins another or its hub moves.
async fn keep_in_sync(terminal: &Arc<Terminal>, mut stopped: watch::Receiver<bool>) {
    loop {
        let Some(hub) = terminal.hub() else {
            terminal.announce_sync();
            tokio::select! {
                () = terminal.after_commit.joined().notified() => continue,
                () = terminal.after_commit.push().notified() => continue,
                _ = stopped.wait_for(|stop| *stop) => return,
            }
        };
        match terminal.client(&hub) {
            Ok(client) => {
                let changed = {
                    let terminal = Arc::downgrade(terminal);
                    move || {
                        if let Some(terminal) = terminal.upgrade() {
                            terminal.catalogue_changed();
                            terminal.fetch_card_keys_behind();
                        }
                    }
                };
                let outbox = Arc::new(StoreOutbox::new(Arc::clone(terminal.store()), changed));
                let identity = identity(terminal.store(), terminal.id(), hub.hub_key);
                let observer = {
                    let terminal = Arc::downgrade(terminal);
                    move |report: &Report| {
                        if let Some(terminal) = terminal.upgrade() {
                            terminal.keep_report(report);
                        }
                    }
                };
                let engine = Engine::new(client, outbox, identity, observer);
                let wake = Arc::clone(terminal.after_commit.push());
                engine.run(wake, interrupted(terminal, &mut stopped)).await;
            }
            Err(error) => {
                let problem = error.problem();
                tracing::warn!(%problem, "the hub cannot be asked");
                terminal.status.lock().sync.problem = Some(problem);
                terminal.announce_sync();
                interrupted(terminal, &mut stopped).await;
            }
        }
        if *stopped.borrow() {
            return;
        }
    }
}

/// Ends when the task is to stop, or the terminal has joined another hub.
async fn interrupted(terminal: &Terminal, stopped: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = terminal.after_commit.joined().notified() => {}
        // An error says that the task's handle is gone, which means the same.
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}

fn is_of_the_network(error: &SyncError) -> bool {
    matches!(error, SyncError::Client(sync::ClientError::Unreachable { .. } | sync::ClientError::Refused(_)))
}

fn state_word(enrolled: bool, state: State, unsent: u64) -> &'static str {
    match state {
        _ if !enrolled => "not_enrolled",
        State::Synced if unsent > 0 => "sending",
        State::Synced => "synced",
        State::Sending => "sending",
        State::Offline => "offline",
        State::Refused => "refused",
    }
}

fn mirror_word(mirror: &MirrorState) -> &'static str {
    match mirror {
        MirrorState::Off => "off",
        MirrorState::Ok => "ok",
        MirrorState::Failing(_) => "failing",
    }
}

fn mirror_problem(mirror: &MirrorState) -> Option<Problem> {
    match mirror {
        MirrorState::Failing(problem) => Some(problem.clone()),
        MirrorState::Off | MirrorState::Ok => None,
    }
}

fn drift_problem(seconds: i64) -> Option<Problem> {
    let far_off = seconds.abs() > TELL_DRIFT_SECONDS;
    far_off.then(|| clock_drift(seconds, format!("this machine's clock differs from the hub's by {seconds} s: set it right")))
}

fn kind_word(kind: sync::wire::ProblemKind) -> String {
    serde_json::to_value(kind).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
