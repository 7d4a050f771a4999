//! A terminal's requests to its hub outside the background: made on the calling thread, each waited for.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use domain::TerminalId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::HubRow;
use sync::wire::{ProblemKind, PushAnswer};
use sync::{ClientError, ClientOptions, HubAddress, HubClient, ReportedProblem, SyncError};
use tokio::runtime::{Builder, Runtime};

use crate::api::{Problem, ProblemCode};
use crate::background::no_thread;
use crate::error::TillError;
use crate::terminal::Terminal;

/// Name of a file in the terminal's folder with the shop's own root certificates, PEM.
const ROOT_CERTIFICATES: &str = "hub-ca.pem";
/// How long a person at the counter waits for the hub.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_secs(4);

/// A connection to the hub that this terminal has joined.
pub(crate) struct HubConnection {
    runtime: Runtime,
    client: HubClient,
}

impl HubConnection {
    /// What the hub holds of the journal of `terminal`.
    pub(crate) fn head_of(&self, terminal: TerminalId) -> Result<PushAnswer, TillError> {
        Ok(self.runtime.block_on(self.client.head_of(terminal)).map_err(problem_of_client)?)
    }

    /// Hands over entries of the journal of `terminal`.
    pub(crate) fn push_for(&self, terminal: TerminalId, entries: &[String]) -> Result<PushAnswer, TillError> {
        Ok(self.runtime.block_on(self.client.push_for(terminal, entries)).map_err(problem_of_client)?)
    }

    /// Waits for `work`, which is given the client.
    pub(crate) fn wait_for<T, F: Future<Output = T>>(&self, work: impl FnOnce(HubClient) -> F) -> T {
        self.runtime.block_on(work(self.client.clone()))
    }
}

impl Terminal {
    /// The hub that this terminal has joined.
    pub(crate) fn hub(&self) -> Option<HubRow> {
        self.store.terminal().and_then(|row| row.hub)
    }

    /// A connection to it.
    pub(crate) fn connection(&self) -> Result<HubConnection, TillError> {
        let hub = self.hub().ok_or_else(not_enrolled)?;
        Ok(HubConnection { runtime: runtime()?, client: self.client(&hub)? })
    }

    /// Asks the hub something that is answered at once, while somebody waits at the counter. Safe to repeat only where the
    /// route says so. A hub that is away makes a problem with code `hub_unreachable` within a few seconds.
    pub(crate) fn ask_hub<T: DeserializeOwned>(&self, path: &str, question: &impl Serialize) -> Result<T, Problem> {
        if let Some(practised) = &self.practised {
            return Err(practised.no_hub());
        }
        let connection = self.connection()?;
        connection.runtime.block_on(connection.client.ask(path, question, ANSWER_WITHIN)).map_err(problem_of_client)
    }

    /// Asks the hub something on a thread of its own; nobody waits for it.
    pub(crate) fn tell_hub<T: DeserializeOwned + 'static>(
        &self,
        path: &'static str,
        question: impl Serialize + Send + 'static,
        answered: impl FnOnce(Result<T, Problem>) + Send + 'static,
    ) -> Result<(), Problem> {
        let connection = self.connection()?;
        let ask = move || {
            let answer = connection.runtime.block_on(connection.client.ask(path, &question, ANSWER_WITHIN));
            answered(answer.map_err(problem_of_client));
        };
        std::thread::Builder::new().name("hub question".into()).spawn(ask).map_err(|error| no_thread(&error))?;
        Ok(())
    }

    /// The client of `hub`.
    pub(crate) fn client(&self, hub: &HubRow) -> Result<HubClient, TillError> {
        let address = HubAddress::parse(&hub.url).map_err(problem_of_client)?;
        let options = self.client_options()?;
        Ok(HubClient::new(address, self.id, Arc::clone(&self.keys), &options).map_err(problem_of_client)?)
    }

    /// Certificates that the shop trusts besides the system's.
    pub(crate) fn client_options(&self) -> Result<ClientOptions, TillError> {
        let path = self.store.dir().join(ROOT_CERTIFICATES);
        let root_certificates = match std::fs::read(&path) {
            Ok(pem) => pem,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                let detail = format!("the root certificates in {} cannot be read: {error}", path.display());
                return Err(Problem::new(ProblemCode::HubCertificate, detail).into());
            }
        };
        Ok(ClientOptions { root_certificates, ..ClientOptions::default() })
    }
}

/// A runtime on the calling thread.
pub(crate) fn runtime() -> Result<Runtime, TillError> {
    Builder::new_current_thread().enable_all().build().map_err(|error| no_thread(&error))
}

/// What a terminal without a hub says.
pub(crate) fn not_enrolled() -> TillError {
    Problem::new(ProblemCode::NotEnrolled, "this terminal has not joined a hub: enrol it with a one-time code").into()
}

/// A failed request as user interfaces show it.
pub(crate) fn problem_of_client(error: ClientError) -> Problem {
    let detail = error.to_string();
    match error {
        ClientError::Address { address } | ClientError::Insecure { address } | ClientError::NotAHub { address, .. } => {
            Problem::new(ProblemCode::HubAddressWrong, detail).with("address", address)
        }
        ClientError::Unreachable { address, .. } => Problem::new(ProblemCode::HubUnreachable, detail).with("address", address),
        ClientError::Certificate { address, .. } => Problem::new(ProblemCode::HubCertificate, detail).with("address", address),
        ClientError::ClockSkew { seconds } => clock_drift(seconds, detail),
        ClientError::Refused(problem) => refused(problem.kind, detail),
        ClientError::TooLarge { .. } | ClientError::Local(_) => Problem::new(ProblemCode::Internal, detail),
    }
}

/// A failed sync as user interfaces show it.
pub(crate) fn problem_of_sync(error: SyncError) -> Problem {
    match error {
        SyncError::Client(error) => problem_of_client(error),
        SyncError::Outbox(error) => match error.downcast::<store::StoreError>() {
            Ok(error) => (*error).into(),
            Err(error) => Problem::new(ProblemCode::Internal, error.to_string()),
        },
        refusal => {
            let detail = refusal.to_string();
            Problem::new(ProblemCode::HubRefused, detail.clone()).with("detail", detail)
        }
    }
}

/// What the engine reports, as user interfaces show it.
pub(crate) fn problem_of_report(reported: ReportedProblem) -> Problem {
    match (reported.client, reported.kind) {
        (Some(error), _) => problem_of_client(error),
        (None, Some(kind)) => refused(kind, reported.detail),
        (None, None) => Problem::new(ProblemCode::Internal, reported.detail),
    }
}

/// A clock that is off.
pub(crate) fn clock_drift(seconds: i64, detail: String) -> Problem {
    Problem::new(ProblemCode::ClockDrift, detail).with("minutes", (seconds.unsigned_abs() + 30) / 60)
}

fn refused(kind: ProblemKind, detail: String) -> Problem {
    match kind {
        ProblemKind::CodeRefused => Problem::new(ProblemCode::CodeRefused, detail),
        _ => Problem::new(ProblemCode::HubRefused, detail.clone()).with("detail", detail),
    }
}
