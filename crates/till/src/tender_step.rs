//! What was done while an order was being paid, step by step. Taking the steps again gives the same payments, change and
//! rounding, also where a payment was taken back out in between.

use domain::{Money, PaymentId, Tender, TenderError, Tendering};
use serde::{Deserialize, Serialize};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TenderStep {
    /// Cash was handed over.
    Cash(PaymentId, Money),
    /// A card paid this much; the slip's reference.
    Card(PaymentId, Money, String),
    /// A payment was taken back out.
    Remove(PaymentId),
    /// The customer holds this much already: goods brought back, or a deposit.
    Credit(PaymentId, Money, Tender),
}

impl TenderStep {
    /// Takes the step, or leaves `tendering` as it was.
    pub(crate) fn take(&self, tendering: &mut Tendering) -> Result<(), TenderError> {
        match self {
            Self::Cash(id, given) => tendering.take_cash(*id, *given),
            Self::Card(id, amount, reference) => tendering.take_card(*id, *amount, reference),
            Self::Remove(id) => tendering.remove(*id),
            Self::Credit(id, amount, tender) => tendering.take_credit(*id, *amount, tender.clone()).map(|_| ()),
        }
    }
}
