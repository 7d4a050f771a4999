//! Practice: a terminal's training has a journal of its own; the real one tells when it began and ended, and how fault drills
//! went.

use serde::{Deserialize, Serialize};

use crate::ids::TerminalId;

/// Practice began at the terminal. Whoever let it begin is the entry's staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingBegun {
    /// Whose journal holds what is done in training.
    pub training: TerminalId,
}

/// Practice ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingEnded {
    /// Whose journal held it.
    pub training: TerminalId,
    /// The last entry of that journal.
    pub last_seq: u64,
    /// Its hash, hex: what was practised can be shown later, and not be exchanged.
    pub head: String,
    /// Sales that were practised.
    pub sales: u32,
}

/// What goes wrong in a drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// No network: the hub does not answer.
    NetworkGone,
    /// The hub answers too late.
    HubSlow,
    /// The printer takes no more data.
    OutOfPaper,
    /// The program is killed in the middle of a sale.
    PowerCut,
    /// The machine's clock is wrong by a day.
    ClockWrong,
}

impl Fault {
    /// Every fault, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::NetworkGone, Self::HubSlow, Self::OutOfPaper, Self::PowerCut, Self::ClockWrong];

    /// Its name in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NetworkGone => "network_gone",
            Self::HubSlow => "hub_slow",
            Self::OutOfPaper => "out_of_paper",
            Self::PowerCut => "power_cut",
            Self::ClockWrong => "clock_wrong",
        }
    }

    /// The fault of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }
}

/// A fault was practised and measured. Who started it is the entry's staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillCompleted {
    /// What went wrong.
    pub fault: Fault,
    /// Whose journal holds the sales of the drill.
    pub training: TerminalId,
    /// Milliseconds from the fault to its end.
    pub lasted_ms: u64,
    /// Milliseconds until the shop was selling again: to the first sale finished under the fault; after a power cut, to the
    /// program being open again. None where that did not happen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovered_ms: Option<u64>,
    /// Sales finished between the fault and its end.
    pub sales: u32,
    /// Entries, open orders and receipts that were there before or made meanwhile and were missing afterwards.
    pub lost: u32,
    /// True when somebody sold under the fault (after a power cut: the open order came back) and nothing was lost.
    pub passed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_known_by_the_name_that_the_journal_has_for_it() {
        for fault in Fault::ALL {
            assert_eq!(serde_json::to_value(fault).expect("JSON"), fault.name());
            assert_eq!(Fault::named(fault.name()), Some(fault));
        }
        assert_eq!(Fault::named("earthquake"), None);
    }
}
