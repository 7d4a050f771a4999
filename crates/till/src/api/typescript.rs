//! The interface as TypeScript.

use ts_rs::{Config, TS};

use super::commands::command_typescript;
use super::problem::{Problem, ProblemCode};
use super::views::{
    AppView, CartLineView, CartView, CategoryView, DiscountView, HeldView, IncidentView, MoneyView, NameView, OrderSummaryView,
    PaymentView, PermissionsView, ProductPage, ProductView, ReceiptView, SessionView, SettingsView, StaffView, SyncView,
    TenderingView, TerminalView, TillEvent,
};
use super::views::{AuditEntryView, AuditExportView, AuditPage, CommandCodeView, DrillView, KindView, TrainingView};
use super::views::{
    ProofView, ReportEntriesView, ReportEntryView, ReportFigureView, ReportFileView, ReportSectionView, ReportView,
};

use super::views::{
    AmountLine, CountLine, FileView, GoodsView, ImportColumnView, ImportErrorView, ImportView, LabelLine, LabelsView,
    LowStockView, MovementView, ProductDetailView, ProductForm, ReceiveLine, ScannedView, StockDocumentView, StockLedgerView,
    StockLineView, StoreView, TransferLineView, TransferView, TransfersView,
};

/// The whole content of `ui/src/lib/generated/api.ts`.
pub fn typescript() -> String {
    let cfg = Config::new();
    let mut text = String::from(
        "// Generated from crates/till/src/api by `cargo run -p tillbridge-till --example typescript`. Do not edit.\n\n",
    );
    macro_rules! declare {
        ($($type:ty),* $(,)?) => {$(
            text.push_str("export ");
            text.push_str(&<$type as TS>::decl(&cfg));
            text.push_str("\n\n");
        )*};
    }
    declare!(
        ProblemCode,
        Problem,
        MoneyView,
        NameView,
        StaffView,
        PermissionsView,
        TerminalView,
        AppView,
        SessionView,
        CategoryView,
        ProductView,
        ProductPage,
        DiscountView,
        CartLineView,
        CartView,
        PaymentView,
        TenderingView,
        ReceiptView,
        OrderSummaryView,
        HeldView,
        IncidentView,
        SyncView,
        SettingsView,
        TillEvent,
        ReportFigureView,
        ReportSectionView,
        ReportView,
        ReportEntryView,
        ReportEntriesView,
        TrainingView,
        DrillView,
        KindView,
        AuditEntryView,
        AuditPage,
        AuditExportView,
        CommandCodeView,
        ScannedView,
        GoodsView,
        ProductDetailView,
        ProductForm,
        MovementView,
        StockLedgerView,
        ReceiveLine,
        CountLine,
        AmountLine,
        StockDocumentView,
        StockLineView,
        LowStockView,
        StoreView,
        TransferView,
        TransferLineView,
        TransfersView,
        FileView,
        LabelLine,
        LabelsView,
        ImportColumnView,
        ImportErrorView,
        ImportView,
    );
    declare!(
        super::views::PiecesEntry,
        super::views::CountEntry,
        super::views::CountView,
        super::views::UnfinishedView,
        super::views::CashMoveView,
        super::views::CountedView,
        super::views::ShiftView,
        super::views::ShiftReportView,
        super::views::ZSummaryView,
        ProofView,
        ReportFileView,
    );
    text.push_str(&command_typescript(&cfg));
    text
}
