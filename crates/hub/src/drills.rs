//! Results of fault drills, read from the entries that tell of them.

use domain::training::DrillCompleted;
use domain::{Event, StaffId, StoreId, TerminalId};
use jiff::Timestamp;
use journal::Entry;
use serde::{Deserialize, Serialize};

use crate::error::{HubError, Refused};
use crate::hub::Hub;
use crate::store;

/// Results that a list shows.
const SHOWN: i64 = 500;

/// How a fault drill at a terminal went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillResult {
    /// Where.
    pub terminal: TerminalId,
    /// The entry of that terminal's journal that says so.
    pub seq: u64,
    /// When it ended, by the terminal's clock.
    pub at: Timestamp,
    /// Who practised.
    pub staff: Option<StaffId>,
    /// What was measured.
    pub drill: DrillCompleted,
}

/// The answer of the route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillResults {
    /// Newest first.
    pub drills: Vec<DrillResult>,
}

impl Hub {
    /// The fault drills of a store's terminals, newest first.
    pub fn drills(&self, store: StoreId) -> Result<DrillResults, Refused> {
        let texts = self.0.database.read(|session| {
            let number = store::by_id(session, store)?.number;
            session.query::<_, HubError>(
                "SELECT text FROM entries WHERE kind = 'drill_completed' AND store = $1 ORDER BY at DESC, seq DESC LIMIT $2",
                &[number.into(), SHOWN.into()],
                |row| Ok(row.text(0)?),
            )
        })?;
        let read = texts.iter().filter_map(|text| Entry::read(text).ok());
        let drills = read.filter_map(|entry| match entry.event {
            Event::DrillCompleted(drill) => {
                Some(DrillResult { terminal: entry.terminal, seq: entry.seq, at: entry.at, staff: entry.staff, drill })
            }
            _ => None,
        });
        Ok(DrillResults { drills: drills.collect() })
    }
}
