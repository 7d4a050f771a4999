//! Reports, their figures and what stands behind them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{MoneyView, NameView};
use crate::api::Problem;

views! {
    /// A figure of a report.
    pub struct ReportFigureView {
        /// What it is about; with `key` and `currency` the way to its entries.
        dimension: String,
        /// Which one of its kind; empty: all of them.
        key: String,
        /// ISO 4217 code; empty for what is only counted.
        currency: String,
        /// What it is called.
        label: NameView,
        /// How many orders, payments or lines.
        count: u32,
        /// How many goods, may be empty.
        quantity: String,
        /// How much; none for what is only counted.
        amount: Option<MoneyView>,
        /// A second amount, as the section says.
        second: Option<MoneyView>,
        /// The same figure of as many days before; may be empty.
        before: String,
        /// The difference to it, `+12.3%`; may be empty.
        change: String,
        /// The same figure a week before; may be empty.
        week: String,
        /// The difference to it; may be empty.
        change_week: String,
        /// Thousandths of the section's largest, for a bar.
        share: u32,
    }

    /// Figures of one kind.
    pub struct ReportSectionView {
        /// What kind.
        id: String,
        /// What it is called.
        title: NameView,
        /// What the second amount is, where there is one.
        second: Option<NameView>,
        /// The figures.
        figures: Vec<ReportFigureView>,
        /// How many more there are.
        more: u32,
    }

    /// The figures of some days.
    pub struct ReportView {
        /// The first day.
        from: String,
        /// The last day.
        to: String,
        /// True: the last day is not over, figures still change.
        live: bool,
        /// When it was made, in the store's time.
        at: String,
        /// ISO 4217 code.
        currency: String,
        /// How many journal entries it was made from.
        entries: u32,
        /// What is looked at first: net sales, orders, average …
        headline: Vec<ReportFigureView>,
        /// The rest by kind.
        sections: Vec<ReportSectionView>,
        /// Sales less refunds of this terminal since its first entry; never set back.
        perpetual: MoneyView,
        /// Currencies of amounts that the headline leaves out.
        other_currencies: Vec<String>,
    }

    /// An entry behind a figure.
    pub struct ReportEntryView {
        /// Its number in the journal.
        seq: u32,
        /// What happened.
        kind: String,
        /// The receipt's number, may be empty.
        receipt: String,
        /// The order's id, may be empty.
        order: String,
        /// When, in the store's time.
        at: String,
        /// Who was signed in, may be empty.
        staff: String,
        /// What it adds to the figure's count.
        count: u32,
        /// Goods, may be empty.
        quantity: String,
        /// What it adds to the figure's amount.
        amount: Option<MoneyView>,
        /// The SHA-256 of the entry, hex.
        hash: String,
        /// True: the terminal's signature holds.
        signed: bool,
    }

    /// Entries behind a figure, newest first.
    pub struct ReportEntriesView {
        /// A page of them.
        entries: Vec<ReportEntryView>,
        /// How many there are.
        all: u32,
        /// What they count together.
        count: u32,
        /// What they come to together.
        amount: Option<MoneyView>,
        /// True when more follow.
        more: bool,
    }
    /// What came of proving a figure.
    pub struct ProofView {
        /// `equal`; `not_all_sent`: equal as far as the hub holds the entries; `different`: an incident was written down;
        /// `not_asked`: the hub cannot be asked now; `no_hub`; `broken`: a signature or the chain does not hold.
        verdict: String,
        /// Entries behind the figure.
        entries: u32,
        /// Entries of these days whose signature and place in the chain were checked.
        checked: u32,
        /// Entries behind the figure that the hub does not hold yet.
        unsent: u32,
        /// What they come to.
        own: String,
        /// What those come to that the hub holds.
        own_at_hub: String,
        /// What the hub's running sums come to; may be empty.
        hub_sums: String,
        /// What the entries come to that the hub holds, folded once more; may be empty.
        hub_entries: String,
        /// Why the hub was not asked, or what does not hold.
        problem: Option<Problem>,
    }

    /// A file to be kept.
    pub struct ReportFileView {
        /// Its name.
        name: String,
        /// Its media type.
        media_type: String,
        /// Its bytes, base64; empty where it was saved.
        content: String,
        /// Where it was saved on the terminal's machine; empty where it is to be taken from `content`.
        saved: String,
    }
}
