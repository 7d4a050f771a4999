//! What can go wrong at a terminal, and the [`Problem`] that a user interface is told for it.

use domain::{CartError, Money, MoneyError, QuantityError, Refused, TenderError, TextIdError};
use journal::{JournalError, KeyError, VaultError};
use store::StoreError;
use thiserror::Error;

use crate::api::{Problem, ProblemCode};
use crate::present::money_text;

/// Why a terminal could not open or a use case could not be done. Nothing is half done.
#[derive(Debug, Error)]
pub enum TillError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal's entry could not be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A key could not be made or used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The place of the private keys could not be used.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The store has a journal, the keys that signed it are not on this machine.
    #[error(
        "the keys of terminal {terminal} are not on this machine: its journal cannot go on here. Open the store where it was \
         made, or set up a new terminal and recover this one's unsent sales from its mirror"
    )]
    KeysMissing {
        /// The terminal.
        terminal: domain::TerminalId,
    },
    /// The store's journal was signed by other keys than those on this machine.
    #[error(
        "the journal of terminal {terminal} was not signed by the keys on this machine: the store or its keys were exchanged. \
         Put back the keys that belong to this store, or set up a new terminal"
    )]
    KeysForeign {
        /// The terminal.
        terminal: domain::TerminalId,
    },
    /// A product names a tax class that the catalogue does not hold.
    #[error("product '{sku}' is taxed by class '{class}', which the catalogue does not know: add the class first")]
    NoTaxClass {
        /// The product's code.
        sku: domain::Sku,
        /// The class it names.
        class: domain::TaxCode,
    },
    /// The order broke a rule.
    #[error(transparent)]
    Cart(#[from] CartError),
    /// The payment broke a rule.
    #[error(transparent)]
    Tender(#[from] TenderError),
    /// A code or id of a wrong form.
    #[error(transparent)]
    Code(#[from] TextIdError),
    /// Refused with what a user interface shows.
    #[error(transparent)]
    Problem(#[from] Problem),
}

impl TillError {
    /// What a user interface is told.
    pub fn problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Problem(problem) => problem,
            Self::Store(error) => error.into(),
            Self::Cart(error) => error.into(),
            Self::Tender(error) => error.into(),
            Self::NoTaxClass { .. } => Problem::new(ProblemCode::UnknownProduct, detail),
            Self::Journal(_)
            | Self::Key(_)
            | Self::Vault(_)
            | Self::KeysMissing { .. }
            | Self::KeysForeign { .. }
            | Self::Code(_) => Problem::new(ProblemCode::Internal, detail),
        }
    }
}

impl From<MoneyError> for TillError {
    fn from(error: MoneyError) -> Self {
        Self::Cart(error.into())
    }
}

impl From<TillError> for Problem {
    fn from(error: TillError) -> Self {
        error.problem()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::DiskFull => ProblemCode::DiskFull,
            StoreError::Damaged { .. } => ProblemCode::StoreDamaged,
            StoreError::InUse { .. } => ProblemCode::StoreInUse,
            StoreError::TooNew { .. } => ProblemCode::StoreTooNew,
            _ => ProblemCode::Internal,
        };
        Self::new(code, error.to_string())
    }
}

impl From<JournalError> for Problem {
    fn from(error: JournalError) -> Self {
        TillError::from(error).problem()
    }
}

impl From<QuantityError> for Problem {
    fn from(error: QuantityError) -> Self {
        let detail = error.to_string();
        match error {
            QuantityError::NotANumber(text) => Self::new(ProblemCode::NotAQuantity, detail).with("text", text),
            QuantityError::NotPositive => Self::new(ProblemCode::QuantityNotPositive, detail),
            QuantityError::TooLarge(quantity) => Self::new(ProblemCode::QuantityTooLarge, detail).with("quantity", quantity),
            QuantityError::NotWhole(quantity) => Self::new(ProblemCode::QuantityNotWhole, detail).with("quantity", quantity),
        }
    }
}

impl From<MoneyError> for Problem {
    fn from(error: MoneyError) -> Self {
        let detail = error.to_string();
        match error {
            MoneyError::NotAnAmount { text, .. } => Self::new(ProblemCode::NotAnAmount, detail).with("text", text),
            MoneyError::Overflow => Self::new(ProblemCode::AmountTooLarge, detail),
            MoneyError::NoWeights => Self::new(ProblemCode::DiscountTooLarge, detail),
            MoneyError::UnknownCurrency(_) | MoneyError::CurrencyMismatch(..) => Self::new(ProblemCode::Internal, detail),
        }
    }
}

impl From<CartError> for Problem {
    fn from(error: CartError) -> Self {
        let detail = error.to_string();
        match error {
            CartError::NoSuchLine => Self::new(ProblemCode::NoSuchLine, detail),
            CartError::Quantity(error) => error.into(),
            CartError::Money(error) => error.into(),
            CartError::NotAPercentage(text) => Self::new(ProblemCode::NotAPercentage, detail).with("text", text),
            CartError::DiscountTooLarge { discount, amount } => Self::new(ProblemCode::DiscountTooLarge, detail)
                .with("discount", money_text(discount))
                .with("amount", money_text(amount)),
            CartError::ForeignCurrency { .. } => Self::new(ProblemCode::UnknownProduct, detail),
            CartError::CouponTwice => Self::new(ProblemCode::CouponTwice, detail),
            CartError::TooManyCoupons(most) => Self::new(ProblemCode::TooManyCoupons, detail).with("most", most),
            CartError::TooManyLines => Self::new(ProblemCode::TooManyLines, detail),
        }
    }
}

impl From<TenderError> for Problem {
    fn from(error: TenderError) -> Self {
        let detail = error.to_string();
        let due_is = |code, due: Money| Self::new(code, detail.clone()).with("due", money_text(due));
        match error {
            TenderError::AlreadyPaid => Self::new(ProblemCode::AlreadyPaid, detail),
            TenderError::NotPositive => Self::new(ProblemCode::AmountNotPositive, detail),
            TenderError::MoreThanDue { due } => due_is(ProblemCode::MoreThanDue, due),
            TenderError::StillDue { due } => due_is(ProblemCode::StillDue, due),
            TenderError::ReferenceMissing => Self::new(ProblemCode::ReferenceMissing, detail),
            TenderError::LooksLikeCardNumber => Self::new(ProblemCode::LooksLikeCardNumber, detail),
            TenderError::NoSuchPayment => Self::new(ProblemCode::NoSuchPayment, detail),
            TenderError::Money(error) => error.into(),
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let role = match refused.needs {
            domain::Role::Cashier => "cashier",
            domain::Role::Supervisor => "supervisor",
            domain::Role::Manager => "manager",
            domain::Role::Owner => "owner",
        };
        Self::new(ProblemCode::NotAllowed, refused.to_string()).with("role", role).with("permission", refused.permission)
    }
}
