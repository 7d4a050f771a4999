//! "Prove this number": the entries behind a figure with their signatures and their chain, their sum, and the same sum from the
//! hub. A difference is written down as an incident at the hub; nothing is ever evened out.

use domain::report::Figure;
use domain::{Permission, StaffId};
use journal::{EntryHash, Head, Refusal};
use sync::figures::{FigureAnswer, FigureOf, FigureQuestion, FigureSum};

use super::Period;
use super::behind::{Reckoner, Wanted, What};
use super::layout::count;
use crate::api::{Problem, ProblemCode, ProofView};
use crate::present;
use crate::terminal::Terminal;

/// How often the hub is asked again when entries reached it meanwhile.
const TRIES: u32 = 3;

/// What this terminal's own journal says.
struct Own {
    /// Of all entries.
    all: FigureSum,
    entries: u64,
    /// Of those up to the acknowledged one.
    acked: FigureSum,
    /// Entries behind the figure that the hub does not hold yet.
    unsent: u64,
    /// Entries whose signature and place in the chain were checked.
    checked: u64,
    /// The keys that had a part in it.
    keys: Vec<String>,
    runs: Vec<(u64, u64)>,
}

impl Terminal {
    /// Proves a figure. Signatures and chain are checked without the hub; where it cannot be asked now, the answer says so.
    pub(crate) fn proof_of_figure(
        &self,
        session: &str,
        period: (&str, &str),
        figure: (&str, &str, &str),
    ) -> Result<ProofView, Problem> {
        let staff = self.in_session(session, Permission::ReadReports, |session| Ok(session.staff.id.clone()))?;
        let period = self.period(period.0, period.1)?;
        let wanted = Wanted::parse(figure.0, figure.1, figure.2, self.shop().currency)?;
        let mut acked = self.store.acked()?.map_or(0, |head| head.seq);
        let mut own = match self.own(period, &wanted, acked)? {
            Ok(own) => own,
            Err(refusal) => return Ok(broken(&refusal)),
        };
        for _ in 0..TRIES {
            let answer = match self.ask_for(period, &wanted, &own, acked, &staff) {
                Ok(answer) => answer,
                Err(problem) => return Ok(without_hub(&own, problem)),
            };
            if answer.acked == acked {
                return Ok(verdict(&own, &answer));
            }
            // More has reached the hub since, or it lost some: the same question about what it holds now.
            acked = answer.acked;
            own = match self.own(period, &wanted, acked)? {
                Ok(own) => own,
                Err(refusal) => return Ok(broken(&refusal)),
            };
        }
        let busy = Problem::new(ProblemCode::HubUnreachable, "entries kept arriving at the hub: try again in a moment");
        Ok(without_hub(&own, busy.with("address", self.hub().map(|hub| hub.url).unwrap_or_default())))
    }

    /// The figure by this terminal's journal, every entry of its days verified; the refusal of one that does not hold.
    fn own(&self, period: Period, wanted: &Wanted, acked: u64) -> Result<Result<Own, Refusal>, Problem> {
        let runs = self.runs(period)?;
        let key = self.keys.journal.public();
        let mut reckoner = Reckoner::new(self, wanted);
        let (mut all, mut held) = (Figure::nothing(None), Figure::nothing(None));
        let (mut entries, mut unsent, mut checked) = (0, 0, 0);
        let mut refused = None;
        for (first, last) in &runs {
            let before = self.store.hash_at(first - 1)?.unwrap_or(EntryHash::ZERO);
            let mut head = Head { seq: first - 1, hash: before };
            self.store.each_entry_between::<Problem>(*first, *last, |seq, text| {
                if refused.is_some() {
                    return Ok(());
                }
                let entry = match journal::verify(text, &key, self.id, head) {
                    Ok(entry) => entry,
                    Err(refusal) => {
                        refused = Some(refusal);
                        return Ok(());
                    }
                };
                head = entry.head();
                checked += 1;
                if let Some(adds) = reckoner.of(&entry)? {
                    all = all.plus(adds)?;
                    entries += 1;
                    if seq <= acked {
                        held = held.plus(adds)?;
                    } else {
                        unsent += 1;
                    }
                }
                Ok(())
            })?;
        }
        if let Some(refusal) = refused {
            return Ok(Err(refusal));
        }
        let keys = reckoner.keys.into_iter().collect();
        Ok(Ok(Own { all: all.into(), entries, acked: held.into(), unsent, checked, keys, runs }))
    }

    fn ask_for(&self, period: Period, wanted: &Wanted, own: &Own, acked: u64, staff: &StaffId) -> Result<FigureAnswer, Problem> {
        let of = match &wanted.what {
            What::Net => FigureOf::Net,
            What::Whole(dimension) => FigureOf::Whole(*dimension),
            What::One(dimension, key) => FigureOf::Keys { dimension: *dimension, keys: vec![key.clone()] },
            What::Category(_) => FigureOf::Keys { dimension: domain::report::Dimension::Product, keys: own.keys.clone() },
        };
        let question = FigureQuestion {
            from: period.from,
            to: period.to,
            of,
            currency: wanted.currency,
            acked,
            own: own.acked,
            runs: own.runs.clone(),
            staff: staff.clone(),
        };
        self.ask_hub(&format!("/v1/terminals/{}/figures", self.id), &question)
    }
}

fn view(verdict: &str, own: &Own) -> ProofView {
    ProofView {
        verdict: verdict.to_owned(),
        entries: count(own.entries),
        checked: count(own.checked),
        unsent: count(own.unsent),
        own: text(own.all),
        own_at_hub: text(own.acked),
        hub_sums: String::new(),
        hub_entries: String::new(),
        problem: None,
    }
}

fn verdict(own: &Own, answer: &FigureAnswer) -> ProofView {
    let verdict = if answer.differs {
        "different"
    } else if own.unsent > 0 {
        "not_all_sent"
    } else {
        "equal"
    };
    ProofView { hub_sums: text(answer.kept), hub_entries: text(answer.entries), ..view(verdict, own) }
}

fn without_hub(own: &Own, problem: Problem) -> ProofView {
    let verdict = if problem.code == ProblemCode::NotEnrolled { "no_hub" } else { "not_asked" };
    ProofView { problem: Some(problem), ..view(verdict, own) }
}

/// A signature or the chain does not hold.
fn broken(refusal: &Refusal) -> ProofView {
    let problem = Problem::new(ProblemCode::StoreDamaged, refusal.to_string());
    ProofView {
        verdict: "broken".to_owned(),
        entries: 0,
        checked: 0,
        unsent: 0,
        own: String::new(),
        own_at_hub: String::new(),
        hub_sums: String::new(),
        hub_entries: String::new(),
        problem: Some(problem),
    }
}

/// The amount; of what is only counted, the count.
fn text(sum: FigureSum) -> String {
    sum.amount.map_or_else(|| sum.count.to_string(), present::money_text)
}
