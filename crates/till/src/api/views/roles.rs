//! What a screen shows of training, fault drills, the journal and the sheet of command codes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::NameView;

views! {
    /// Somebody practises here: nothing of it reaches the books.
    pub struct TrainingView {
        /// What can be made to go wrong, by name.
        faults: Vec<String>,
        /// What goes wrong now; empty: nothing.
        fault: String,
        /// Since when, in the store's time.
        fault_since: String,
    }

    /// How a fault drill went.
    pub struct DrillView {
        /// What went wrong.
        fault: String,
        /// When it ended, in the store's time.
        at: String,
        /// Who ended it.
        staff: String,
        /// Milliseconds from the fault to its end.
        lasted_ms: u32,
        /// Milliseconds until the shop was selling again; none: it did not.
        recovered_ms: Option<u32>,
        /// Sales finished meanwhile.
        sales: u32,
        /// What was missing afterwards.
        lost: u32,
        /// Sold under the fault, and nothing lost.
        passed: bool,
    }

    /// How many entries of a kind there are.
    pub struct KindView {
        /// The kind.
        kind: String,
        /// How many.
        count: u32,
    }

    /// An entry of the journal.
    pub struct AuditEntryView {
        /// Its number.
        seq: u32,
        /// When, in the store's time, with seconds.
        at: String,
        /// Who was signed in; may be empty.
        staff: String,
        /// Its kind.
        kind: String,
        /// What it says, in a sentence.
        words: NameView,
        /// SHA-256 of its text.
        hash: String,
        /// The hash of the entry before, as this one carries it.
        prev: String,
        /// `ok`, or what is wrong with signature or chain.
        signature: String,
        /// True once the hub holds it.
        synced: bool,
        /// What it says, as JSON.
        body: String,
    }

    /// A page of the journal, newest first.
    pub struct AuditPage {
        /// The entries.
        entries: Vec<AuditEntryView>,
        /// True when more follow.
        more: bool,
        /// What kinds there are; with the first page alone.
        kinds: Vec<KindView>,
    }

    /// A part of the journal that was handed out.
    pub struct AuditExportView {
        /// Where it lies, on the machine of the terminal.
        folder: String,
        /// How many entries.
        entries: u32,
    }

    /// A code that tells the till to do something.
    pub struct CommandCodeView {
        /// What a scanner reads.
        code: String,
        /// What it does or whose badge it is.
        name: NameView,
        /// Its QR code row by row: `#` dark, `.` light.
        rows: Vec<String>,
    }
}
