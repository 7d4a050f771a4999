//! Printers, scanner and customer display, as a user interface shows and sets them.

use domain::Language;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{MoneyView, NameView};
use crate::api::Problem;

/// The characters a printer knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CharactersView {
    /// Two bytes a character; rarer ones print as `？`.
    #[default]
    Gbk,
    /// Every character.
    Gb18030,
}

/// How a printer gets codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodesView {
    /// The printer draws them.
    #[default]
    Native,
    /// They are sent as pictures.
    Raster,
}

/// A printer's knife.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CutView {
    /// Leaves a bridge.
    #[default]
    Partial,
    /// Cuts through.
    Full,
    /// None: feeds for tearing off.
    None,
}

/// Where the customer display is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DisplayView {
    /// Nowhere.
    #[default]
    Off,
    /// Over the whole second screen, where there is one.
    Screen,
    /// In a window that can be moved.
    Window,
}

/// What a scanner that types like a keyboard sends behind a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SuffixView {
    /// Enter or Tab.
    #[default]
    Either,
    /// Enter.
    Enter,
    /// Tab.
    Tab,
    /// The text in `scanner_suffix_text`.
    Text,
}

/// What must be known of a printer besides its address and its paper.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PrinterProfileView {
    /// Its characters.
    pub characters: CharactersView,
    /// Its way with QR codes.
    pub qr: CodesView,
    /// Its way with barcodes.
    pub barcodes: CodesView,
    /// Its knife.
    pub cut: CutView,
}

/// Settings of the devices at this terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DeviceSettingsView {
    /// The receipt printer.
    pub receipt: PrinterProfileView,
    /// Whether receipts begin with the logo.
    pub logo: bool,
    /// Where the label printer is, in the forms of `printer_address`; empty: none.
    pub label_address: String,
    /// Columns of its paper: 48 or 32.
    pub label_columns: u32,
    /// The label printer.
    pub label: PrinterProfileView,
    /// The customer display.
    pub display: DisplayView,
    /// Its language.
    #[ts(type = "'zh' | 'en'")]
    pub display_language: Language,
    /// Where a pole display of 2 × 20 characters is, `serial:…`; empty: none.
    pub pole: String,
    /// What a scanner that types sends behind a code.
    pub scanner_suffix: SuffixView,
    /// The text that it sends, where it is one.
    pub scanner_suffix_text: String,
    /// The longest mean time between its keys, in milliseconds.
    pub scanner_gap_ms: u32,
    /// Where a scanner in serial mode is, `serial:…`; empty: none.
    pub scanner_port: String,
}

impl Default for DeviceSettingsView {
    fn default() -> Self {
        Self {
            receipt: PrinterProfileView::default(),
            logo: true,
            label_address: String::new(),
            label_columns: 32,
            label: PrinterProfileView::default(),
            display: DisplayView::default(),
            display_language: Language::default(),
            pole: String::new(),
            scanner_suffix: SuffixView::default(),
            scanner_suffix_text: String::new(),
            scanner_gap_ms: 30,
            scanner_port: String::new(),
        }
    }
}

/// A printer and how it fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PrinterView {
    /// `receipt` or `label`.
    pub printer: String,
    /// Where it is; empty: none is set up.
    pub address: String,
    /// Jobs that wait for it.
    pub waiting: u32,
    /// Why it does not print, if it does not.
    pub problem: Option<Problem>,
}

/// A print job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PrintJobView {
    /// Its number.
    pub id: u32,
    /// `receipt` or `label`.
    pub printer: String,
    /// What it is: a receipt's number, `Z 12`; may be empty.
    pub title: String,
    /// When it was queued, in the store's time; empty for jobs of an older version.
    pub at: String,
    /// `waiting`, `failed`, `printed` or `cancelled`.
    pub state: String,
    /// True when a part of it may be on paper: the next try says so on the paper.
    pub begun: bool,
    /// How often it failed.
    pub attempts: u32,
    /// Why it failed last.
    pub problem: Option<Problem>,
    /// True when it can be printed again from here.
    pub again: bool,
}

/// The print queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PrintQueueView {
    /// The printers.
    pub printers: Vec<PrinterView>,
    /// What waits in its order, then what is done, newest first.
    pub jobs: Vec<PrintJobView>,
}

/// What is plugged in, to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PortsView {
    /// Addresses of printers.
    pub printers: Vec<String>,
    /// Addresses of serial lines.
    pub serial: Vec<String>,
    /// Why the scanner's or the pole display's line cannot be used, if it cannot.
    pub problem: Option<Problem>,
}

/// The logo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogoView {
    /// The PNG, base64; empty: none.
    pub png: String,
}

/// A line of the order on the customer display.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CustomerLineView {
    /// Its number in the order.
    pub id: u32,
    /// What is bought.
    pub name: NameView,
    /// `2 x 12.90`.
    pub detail: String,
    /// What was taken off, one by one.
    pub discounts: Vec<MoneyView>,
    /// What the customer pays for it.
    pub payable: MoneyView,
}

/// A QR code, module by module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QrView {
    /// What is in it, for those who cannot see it.
    pub text: String,
    /// Row by row, `1` for dark.
    pub rows: Vec<String>,
}

/// What the customer sees: the order and what is to pay, nothing of anybody's person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CustomerView {
    /// `idle`, `ringing`, `paying` or `done`.
    pub state: String,
    /// The shop's name.
    pub shop: NameView,
    /// The display's language.
    #[ts(type = "'zh' | 'en'")]
    pub language: Language,
    /// Light or dark, as the till.
    pub theme: String,
    /// The lines of the order.
    pub lines: Vec<CustomerLineView>,
    /// The line that changed last.
    pub last_line: Option<u32>,
    /// What was taken off, if anything.
    pub discount: Option<MoneyView>,
    /// What the order comes to.
    pub total: Option<MoneyView>,
    /// What is left to pay.
    pub due: Option<MoneyView>,
    /// What goes back.
    pub change: Option<MoneyView>,
    /// A code to scan: of the receipt once the sale is done.
    pub qr: Option<QrView>,
}

/// What one session is told and no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SessionNews {
    /// The customer sees this now.
    Customer {
        /// All of it.
        view: CustomerView,
    },
    /// A scanner in serial mode has read something.
    Scan {
        /// What, without the symbology identifier.
        data: String,
        /// The AIM symbology identifier without its bracket, `E0`; may be empty.
        aim: String,
    },
}
