//! Proof that a terminal's folder is what its terminal wrote: the chain and every signature, what the hub has countersigned,
//! and that everything shown equals the journal. Needs no running terminal and disturbs none.

use std::path::Path;

use domain::shift::ZDiffers;
use domain::{AcknowledgedHead, Event, TerminalId};
use journal::{Entry, EntryHash, ExportError, ExportSummary, Head, Refusal, Vault, VaultError, VaultKind, VerifyingKey};
use store::{Difference, Store, StoreError};
use thiserror::Error;

/// Why a terminal's folder is not proven, or could not be looked at.
#[derive(Debug, Error)]
pub enum ProofError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys cannot be read.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// There is no key to check with.
    #[error("the keys of terminal {0} are not on this machine: check its journal with an export made earlier")]
    KeysMissing(TerminalId),
    /// The chain or a signature does not hold.
    #[error("the journal is not what its terminal wrote: {0}")]
    Journal(#[from] Refusal),
    /// What is shown differs from the journal.
    #[error("what is shown differs from the journal, which is the truth; run tillbridge rebuild\n{0}")]
    Projections(Difference),
    /// A Z is not the sum of its entries.
    #[error("{0}. The journal is whole and signed: the program that made this Z was wrong, or was tampered with")]
    Z(ZDiffers),
    /// The hub or a receipt knows a later entry than the journal's last.
    #[error("the journal ends at entry {head}, but {witness} knows entry {acked}: its tail was cut off")]
    CutOff {
        /// The last entry here.
        head: u64,
        /// The entry that is known elsewhere.
        acked: u64,
        /// Who knows it.
        witness: String,
    },
    /// What the hub acknowledged is not in this journal.
    #[error("{witness} says that the hub holds another entry {seq} than this journal: one of the two was rewritten")]
    ForeignAcknowledgement {
        /// The entry.
        seq: u64,
        /// Who says so.
        witness: String,
    },
    /// A countersignature is not the hub's.
    #[error("the hub's countersignature that {witness} carries is wrong: {refusal}")]
    Countersignature {
        /// Who carries it.
        witness: String,
        /// What is wrong.
        refusal: Refusal,
    },
    /// The journal could not be handed out.
    #[error(transparent)]
    Export(#[from] ExportError),
}

/// A folder that is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Whose journal.
    pub terminal: TerminalId,
    /// Its end.
    pub head: Head,
    /// The last entry that the hub has countersigned, 0 before the first.
    pub acked: u64,
    /// How many countersignatures were checked, those on receipts included.
    pub countersignatures: u64,
    /// How many Z reports were held against their entries.
    pub zs: u64,
}

/// Checks everything that can be checked in `dir`. The first thing that is wrong is the error.
pub fn verify(dir: &Path) -> Result<Verified, ProofError> {
    let subject = Subject::open(dir)?;
    let verified = subject.verify_journal()?;
    let difference = subject.store.verify_projections()?;
    if !difference.is_empty() {
        return Err(ProofError::Projections(difference));
    }
    Ok(Verified { zs: subject.verify_zs()?, ..verified })
}

/// Makes everything shown anew from the journal, which must hold; the number of its entries.
pub fn rebuild(dir: &Path) -> Result<u64, ProofError> {
    let subject = Subject::open(dir)?;
    let entries = subject.verify_journal()?.head.seq;
    drop(subject);
    Store::open(dir)?.rebuild()?;
    Ok(entries)
}

/// Writes the journal, its public key and a script that checks them into `to`.
pub fn export(dir: &Path, to: &Path) -> Result<ExportSummary, ProofError> {
    const BATCH: (usize, usize) = (500, 4 * 1024 * 1024);
    let Subject { store, key, .. } = Subject::open(dir)?;
    let mut seq = 0;
    let mut batch = Vec::new().into_iter();
    let entries = std::iter::from_fn(move || {
        if batch.len() == 0 {
            match store.entries_after(seq, BATCH.0, BATCH.1) {
                Ok(entries) => batch = entries.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
        seq += 1;
        batch.next().map(Ok)
    });
    Ok(journal::export(to, entries, &key)?)
}

/// A terminal's folder with the key that proves its journal.
struct Subject {
    store: Store,
    terminal: TerminalId,
    key: VerifyingKey,
    hub_key: Option<String>,
}

impl Subject {
    fn open(dir: &Path) -> Result<Self, ProofError> {
        let store = Store::open_read_only(dir)?;
        let row = store.terminal().ok_or(StoreError::Missing { dir: dir.to_owned() })?;
        let keys = Vault::open(dir, VaultKind::Auto)?.load(row.id)?.ok_or(ProofError::KeysMissing(row.id))?;
        Ok(Self { store, terminal: row.id, key: keys.journal.public(), hub_key: row.hub.map(|hub| hub.hub_key) })
    }

    fn verify_journal(&self) -> Result<Verified, ProofError> {
        let mut head = Head::START;
        let mut hashes: Vec<EntryHash> = Vec::new();
        let mut countersignatures = 0;
        self.store.for_each_entry(|_, text| {
            let entry = journal::verify(text, &self.key, self.terminal, head)?;
            head = entry.head();
            hashes.push(head.hash);
            if let Some((receipt, acknowledged)) = acknowledged_on(&entry.event) {
                self.check(acknowledged, &hashes, &format!("receipt {receipt}"))?;
                countersignatures += 1;
            }
            Ok::<(), ProofError>(())
        })?;
        let mut acked = 0;
        if let Some(acknowledged) = self.store.acked()? {
            self.check(&acknowledged, &hashes, "the hub")?;
            countersignatures += 1;
            acked = acknowledged.seq;
        }
        Ok(Verified { terminal: self.terminal, head, acked, countersignatures, zs: 0 })
    }

    /// Every Z must be the sum of its entries, and their numbers must have no gap.
    fn verify_zs(&self) -> Result<u64, ProofError> {
        let mut seqs = Vec::new();
        self.store.for_each_entry(|seq, text| {
            let closes = Entry::read(text).is_ok_and(|entry| matches!(entry.event, Event::ShiftClosed(_)));
            seqs.extend(closes.then_some(seq));
            Ok::<(), ProofError>(())
        })?;
        for seq in &seqs {
            self.store.check_z(*seq).map_err(|error| match error {
                StoreError::ZDiffers(differs) => ProofError::Z(differs),
                other => other.into(),
            })?;
        }
        Ok(seqs.len() as u64)
    }

    fn check(&self, acknowledged: &AcknowledgedHead, hashes: &[EntryHash], witness: &str) -> Result<(), ProofError> {
        let witness = witness.to_owned();
        let AcknowledgedHead { seq, hash, countersignature } = acknowledged;
        let own = usize::try_from(*seq).ok().and_then(|seq| seq.checked_sub(1)).and_then(|index| hashes.get(index));
        match own {
            None if *seq > 0 => {
                return Err(ProofError::CutOff { head: hashes.len() as u64, acked: *seq, witness });
            }
            Some(own) if own.to_string() != *hash => return Err(ProofError::ForeignAcknowledgement { seq: *seq, witness }),
            _ => {}
        }
        let Some(hub_key) = &self.hub_key else { return Ok(()) };
        match journal::verify_countersignature(countersignature, hub_key) {
            Ok((terminal, head)) if terminal == self.terminal && head.seq == *seq && head.hash.to_string() == *hash => Ok(()),
            Ok(_) => Err(ProofError::Countersignature { witness, refusal: Refusal::BadCountersignature }),
            Err(refusal) => Err(ProofError::Countersignature { witness, refusal }),
        }
    }
}

/// The acknowledged head that an order carries.
fn acknowledged_on(event: &Event) -> Option<(&domain::ReceiptNumber, &AcknowledgedHead)> {
    let order = match event {
        Event::SaleCompleted(sale) => &sale.order,
        Event::RefundCompleted(refund) => &refund.order,
        _ => return None,
    };
    order.acknowledged.as_ref().map(|acknowledged| (&order.receipt, acknowledged))
}
