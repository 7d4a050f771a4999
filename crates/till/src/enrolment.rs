//! Joining a hub with a one-time code, and following it when it moves.

use std::thread;
use std::time::{Duration, Instant};

use journal::RequestPublicKey;
use store::HubRow;
use sync::{HubAddress, compose_enrolment, enrol};

use crate::api::{Problem, ProblemCode};
use crate::error::TillError;
use crate::hub_connection::{not_enrolled, problem_of_client, runtime};
use crate::terminal::Terminal;

/// How long an enrolment waits for the catalogue when the background loads it.
const CATALOGUE_WAIT: Duration = Duration::from_secs(10);

impl Terminal {
    /// Joins the hub at `hub` with `code`: proves to it that this terminal holds its keys, pins the hub's key, and brings shop,
    /// staff and catalogue here. What was sold before is pushed, unchanged.
    pub fn enrol(&self, hub: &str, code: &str) -> Result<(), TillError> {
        if self.practised.is_some() {
            return Err(Problem::new(ProblemCode::InTraining, "a till of training joins no hub").into());
        }
        let address = HubAddress::parse(hub).map_err(problem_of_client)?;
        let request = compose_enrolment(code, self.id, &self.keys)?;
        let options = self.client_options()?;
        let answer = runtime()?.block_on(enrol(&address, &request, &options)).map_err(problem_of_client)?;
        // Everything after this is checked against this key.
        RequestPublicKey::from_text(&answer.hub_key)
            .map_err(|error| Problem::new(ProblemCode::HubAddressWrong, format!("the hub's key cannot be read: {error}")))?;
        let row = HubRow { url: address.to_string(), hub_key: answer.hub_key };
        self.store.set_enrolment(&answer.shop, answer.terminal_number, &answer.terminal_name, &row)?;
        self.catalogue_changed();
        self.first_sync()
    }

    /// Follows the hub, whose key stays the same, to another address.
    pub fn move_hub(&self, url: &str) -> Result<(), TillError> {
        let address = HubAddress::parse(url).map_err(problem_of_client)?;
        let row = self.store.terminal().ok_or_else(not_enrolled)?;
        let hub = row.hub.ok_or_else(not_enrolled)?;
        let moved = HubRow { url: address.to_string(), ..hub };
        self.store.set_enrolment(&self.store.shop(), row.number, &row.name, &moved)?;
        if self.status.lock().syncing {
            self.after_commit.joined_a_hub();
        }
        Ok(())
    }

    /// Fetches the catalogue. A terminal that has joined stays joined when this fails: it is tried again with every sync.
    fn first_sync(&self) -> Result<(), TillError> {
        if self.status.lock().syncing {
            self.after_commit.joined_a_hub();
        } else {
            if let Err(error) = self.sync_until_quiet() {
                tracing::warn!(%error, "joined, but the catalogue is not here yet");
            }
            return Ok(());
        }
        let until = Instant::now() + CATALOGUE_WAIT;
        while Instant::now() < until && self.store.feed_position()? == 0 && self.status.lock().sync.problem.is_none() {
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}
