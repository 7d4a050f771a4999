//! What a user interface is told when a command is refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a command was refused. Each has a sentence in every language of the user interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// Nobody is signed in.
    NotSignedIn,
    /// Wrong PIN; `tries` left.
    WrongPin,
    /// Too many wrong PINs; wait `seconds`.
    PinLocked,
    /// The role does not allow it; `role` does.
    NotAllowed,
    /// No product has barcode `code`.
    UnknownBarcode,
    /// The product is no longer in the catalogue or no longer sold.
    UnknownProduct,
    /// The line is no longer in the order.
    NoSuchLine,
    /// `text` is not a quantity.
    NotAQuantity,
    /// The quantity must be above zero.
    QuantityNotPositive,
    /// `quantity` is more than a line may hold.
    QuantityTooLarge,
    /// `quantity` is not whole, the product is sold by the piece.
    QuantityNotWhole,
    /// `text` is not an amount.
    NotAnAmount,
    /// `text` is not a percentage.
    NotAPercentage,
    /// The discount is more than what it is taken from.
    DiscountTooLarge,
    /// The order holds as many lines as it may.
    TooManyLines,
    /// The amount is larger than can be computed.
    AmountTooLarge,
    /// There is nothing in the order.
    CartEmpty,
    /// The command needs payment to have begun.
    NotPaying,
    /// The order cannot be changed while it is being paid; go back first.
    PayingAlready,
    /// `due` is still to be paid.
    StillDue,
    /// The order is already paid.
    AlreadyPaid,
    /// An amount paid must be above zero.
    AmountNotPositive,
    /// Only `due` is left to pay; this tender gives no change.
    MoreThanDue,
    /// The card slip's reference is missing.
    ReferenceMissing,
    /// The reference looks like a card number.
    LooksLikeCardNumber,
    /// No such payment in this order.
    NoSuchPayment,
    /// 抹零 is not set up in this shop.
    MoLingUnavailable,
    /// No such held order.
    NoSuchHeldOrder,
    /// A shift is open already.
    ShiftAlreadyOpen,
    /// No shift is open; open one first.
    ShiftNotOpen,
    /// The shift is suspended; resume it first.
    ShiftSuspended,
    /// The shift is not suspended.
    ShiftNotSuspended,
    /// The drawer is with this person already.
    SameCashier,
    /// Nobody of this name works here.
    NoSuchStaff,
    /// `n` orders are held or in progress; finish or cancel them first.
    OrdersUnfinished,
    /// The drawer was not counted, or cash moved since.
    CountAgain,
    /// More is to be taken out of the drawer than was counted.
    TooMuchTakenOut,
    /// No such Z.
    NoSuchZ,
    /// No such receipt.
    NoSuchReceipt,
    /// The hub cannot be reached at `address`.
    HubUnreachable,
    /// The hub's certificate is not trusted or names another host.
    HubCertificate,
    /// The address is not a web address of a hub.
    HubAddressWrong,
    /// The enrolment code is wrong, used or too old.
    CodeRefused,
    /// The terminal is not enrolled at a hub.
    NotEnrolled,
    /// The hub refused: `detail`.
    HubRefused,
    /// The till's clock differs from the hub's by `minutes`.
    ClockDrift,
    /// No printer is set up.
    NoPrinter,
    /// The printer cannot be reached at `address`.
    PrinterUnreachable,
    /// `address` is not a printer address.
    PrinterAddressWrong,
    /// The mirror folder cannot be written: `folder`.
    MirrorUnwritable,
    /// The disk is full; nothing was recorded.
    DiskFull,
    /// The store file is damaged.
    StoreDamaged,
    /// The store is open in another program.
    StoreInUse,
    /// The store was written by a newer version.
    StoreTooNew,
    /// The reason is missing.
    ReasonMissing,
    /// Another person has to allow it.
    SamePerson,
    /// Nothing like it was refused here just now.
    NothingToAllow,
    /// The folder for files cannot be written: `folder`.
    FolderUnwritable,
    /// `text` is not a date.
    NotADate,
    /// A report covers at most `days` days.
    ReportTooLong,
    /// The report has no figures of this name.
    NoSuchFigure,
    /// A PIN is asked for before each sale.
    PinNeeded,
    /// There is no change to take back.
    NothingToUndo,
    /// It cannot be done in training.
    InTraining,
    /// It can only be done in training.
    NotInTraining,
    /// Another fault is being practised.
    DrillRunning,
    /// No fault is being practised.
    NoDrill,
    /// The goods may not be sold after `date`.
    GoodsExpired,
    /// The code on the label cannot be read: `detail`.
    LabelUnreadable,
    /// Product `sku` is sold only as one of its variants.
    ChooseVariant,
    /// Nothing was entered.
    NothingEntered,
    /// No such transfer is on its way to this store.
    NoSuchTransfer,
    /// `sku` or a barcode of it belongs to another product: `detail`.
    ProductRefused,
    /// The file cannot be imported: `detail`.
    ImportRefused,
    /// There are more than `most` products: use the hub's command line.
    TooManyProducts,
    /// The request is not of the form this version knows.
    BadRequest,
    /// Something that should not happen; `detail` for the log.
    Internal,
}

/// A refused command. The user interface shows the sentence of `code` in its language, filled with `params`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Problem {
    /// What.
    pub code: ProblemCode,
    /// Values for the sentence.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    /// English, for logs and programs.
    pub detail: String,
}

impl Problem {
    /// A problem without values.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, params: BTreeMap::new(), detail: detail.into() }
    }

    /// With one more value for the sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Problem {}
