//! The table of commands, each handed to its use case. Nothing is decided here.

use domain::Permission;

#[allow(clippy::wildcard_imports, reason = "the table uses the whole interface")]
use crate::api::*;
use crate::terminal::Terminal;

type Answer<T> = Result<T, Problem>;

impl Commands for Terminal {
    fn app(&self, session: &str, _: AppArgs) -> Answer<AppView> {
        self.app_view(session)
    }

    fn sign_in(&self, session: &str, args: SignInArgs) -> Answer<SessionView> {
        self.sign_in_by_pin(session, &args.staff, &args.pin)
    }

    fn sign_out(&self, session: &str, _: SignOutArgs) -> Answer<()> {
        self.sign_out_of(session);
        Ok(())
    }

    fn categories(&self, session: &str, _: CategoriesArgs) -> Answer<Vec<CategoryView>> {
        self.all_categories(session)
    }

    fn browse(&self, session: &str, args: BrowseArgs) -> Answer<ProductPage> {
        self.browse_products(session, &args.category, args.offset, args.limit)
    }

    fn search(&self, session: &str, args: SearchArgs) -> Answer<ProductPage> {
        self.search_products(session, &args.text, args.limit)
    }

    fn scan(&self, session: &str, args: ScanArgs) -> Answer<CartView> {
        self.ring_up_code(session, &args.code, &args.quantity)
    }

    fn add(&self, session: &str, args: AddArgs) -> Answer<CartView> {
        self.ring_up_product(session, &args.product, &args.quantity)
    }

    fn set_quantity(&self, session: &str, args: SetQuantityArgs) -> Answer<CartView> {
        self.change_quantity(session, args.line, &args.quantity)
    }

    fn set_price(&self, session: &str, args: SetPriceArgs) -> Answer<CartView> {
        self.change_price(session, args.line, &args.price)
    }

    fn set_line_discount(&self, session: &str, args: SetLineDiscountArgs) -> Answer<CartView> {
        self.change_line_discount(session, args.line, &args.discount)
    }

    fn set_order_discount(&self, session: &str, args: SetOrderDiscountArgs) -> Answer<CartView> {
        self.change_order_discount(session, &args.discount)
    }

    fn set_mo_ling(&self, session: &str, args: SetMoLingArgs) -> Answer<CartView> {
        self.change_mo_ling(session, args.on)
    }

    fn remove_line(&self, session: &str, args: RemoveLineArgs) -> Answer<CartView> {
        self.take_out(session, args.line)
    }

    fn clear(&self, session: &str, _: ClearArgs) -> Answer<CartView> {
        self.empty_cart(session)
    }

    fn variants(&self, session: &str, args: VariantsArgs) -> Answer<Vec<ProductView>> {
        self.variants_of(session, &args.product)
    }

    fn find_goods(&self, session: &str, args: FindGoodsArgs) -> Answer<GoodsView> {
        self.goods_of_code(session, &args.code)
    }

    fn product(&self, session: &str, args: ProductArgs) -> Answer<ProductDetailView> {
        self.product_page(session, &args.product)
    }

    fn stock_ledger(&self, session: &str, args: StockLedgerArgs) -> Answer<StockLedgerView> {
        self.ledger_of(session, &args.product, args.before)
    }

    fn low_stock(&self, session: &str, _: LowStockArgs) -> Answer<Vec<LowStockView>> {
        self.scarce_goods(session)
    }

    fn receive_goods(&self, session: &str, args: ReceiveGoodsArgs) -> Answer<StockDocumentView> {
        self.take_delivery(session, &args.supplier, &args.note, &args.lines)
    }

    fn count_goods(&self, session: &str, args: CountGoodsArgs) -> Answer<StockDocumentView> {
        self.book_count(session, &args.reason, &args.lines)
    }

    fn adjust_goods(&self, session: &str, args: AdjustGoodsArgs) -> Answer<StockDocumentView> {
        self.book_adjustment(session, &args.reason, &args.lines)
    }

    fn transfers(&self, session: &str, _: TransfersArgs) -> Answer<TransfersView> {
        self.open_transfers(session)
    }

    fn send_goods(&self, session: &str, args: SendGoodsArgs) -> Answer<StockDocumentView> {
        self.send_transfer(session, &args.to, &args.note, &args.lines)
    }

    fn take_in_transfer(&self, session: &str, args: TakeInTransferArgs) -> Answer<StockDocumentView> {
        self.receive_transfer(session, &args.transfer, &args.note, &args.lines)
    }

    fn save_product(&self, session: &str, args: SaveProductArgs) -> Answer<ProductDetailView> {
        self.put_product(session, &args.form)
    }

    fn export_catalogue(&self, session: &str, args: ExportCatalogueArgs) -> Answer<FileView> {
        self.catalogue_file(session, &args.format)
    }

    fn import(&self, session: &str, args: ImportArgs) -> Answer<ImportView> {
        self.import_step(session, args)
    }

    fn labels(&self, session: &str, args: LabelsArgs) -> Answer<LabelsView> {
        self.make_labels(session, &args.to, &args.symbol, &args.lines)
    }

    fn hold(&self, session: &str, args: HoldArgs) -> Answer<CartView> {
        self.hold_order(session, &args.label)
    }

    fn held(&self, session: &str, _: HeldArgs) -> Answer<Vec<HeldView>> {
        self.held_orders(session)
    }

    fn recall(&self, session: &str, args: RecallArgs) -> Answer<CartView> {
        self.recall_order(session, &args.id)
    }

    fn begin_payment(&self, session: &str, _: BeginPaymentArgs) -> Answer<TenderingView> {
        self.start_payment(session)
    }

    fn tender_cash(&self, session: &str, args: TenderCashArgs) -> Answer<TenderingView> {
        self.take_cash(session, &args.given)
    }

    fn tender_card(&self, session: &str, args: TenderCardArgs) -> Answer<TenderingView> {
        self.take_card(session, &args.amount, &args.reference)
    }

    fn remove_payment(&self, session: &str, args: RemovePaymentArgs) -> Answer<TenderingView> {
        self.take_back_payment(session, &args.payment)
    }

    fn cancel_payment(&self, session: &str, _: CancelPaymentArgs) -> Answer<CartView> {
        self.leave_payment(session)
    }

    fn finish(&self, session: &str, args: FinishArgs) -> Answer<ReceiptView> {
        self.finish_sale(session, args.print)
    }

    fn recent(&self, session: &str, args: RecentArgs) -> Answer<Vec<OrderSummaryView>> {
        self.recent_orders(session, args.before, args.limit)
    }

    fn receipt(&self, session: &str, args: ReceiptArgs) -> Answer<ReceiptView> {
        self.look_up_receipt(session, &args.order)
    }

    fn prove_figure(&self, session: &str, args: ProveFigureArgs) -> Answer<ProofView> {
        let ProveFigureArgs { from, to, dimension, key, currency } = args;
        self.proof_of_figure(session, (&from, &to), (&dimension, &key, &currency))
    }

    fn print_report(&self, session: &str, args: PrintReportArgs) -> Answer<()> {
        self.print_report_of(session, &args.from, &args.to)
    }

    fn export_report(&self, session: &str, args: ExportReportArgs) -> Answer<ReportFileView> {
        self.export_report_of(session, (&args.from, &args.to), &args.format, args.save)
    }

    fn reprint(&self, session: &str, args: ReprintArgs) -> Answer<ReceiptView> {
        self.print_copy(session, &args.order)
    }

    fn shift(&self, session: &str, _: ShiftArgs) -> Answer<ShiftView> {
        self.current_shift(session)
    }

    fn add_up(&self, session: &str, args: AddUpArgs) -> Answer<CountView> {
        self.add_up_count(session, &args.count)
    }

    fn open_shift(&self, session: &str, args: OpenShiftArgs) -> Answer<ShiftView> {
        Terminal::open_shift(self, session, &args.count)
    }

    fn move_cash(&self, session: &str, args: MoveCashArgs) -> Answer<ShiftView> {
        Terminal::move_cash(self, session, &args.way, &args.amount, &args.reason)
    }

    fn no_sale(&self, session: &str, args: NoSaleArgs) -> Answer<ShiftView> {
        self.open_drawer(session, &args.reason)
    }

    fn hand_over(&self, session: &str, args: HandOverArgs) -> Answer<ShiftView> {
        Terminal::hand_over(self, session, &args.to, args.count.as_ref())
    }

    fn suspend_shift(&self, session: &str, _: SuspendShiftArgs) -> Answer<ShiftView> {
        self.suspend_or_resume(session, true)
    }

    fn resume_shift(&self, session: &str, _: ResumeShiftArgs) -> Answer<ShiftView> {
        self.suspend_or_resume(session, false)
    }

    fn x_report(&self, session: &str, args: XReportArgs) -> Answer<ShiftReportView> {
        Terminal::x_report(self, session, args.print)
    }

    fn count_shift(&self, session: &str, args: CountShiftArgs) -> Answer<ShiftView> {
        Terminal::count_shift(self, session, &args.count)
    }

    fn close_shift(&self, session: &str, args: CloseShiftArgs) -> Answer<ShiftReportView> {
        Terminal::close_shift(self, session, &args.taken_out, &args.reason)
    }

    fn cancel_unfinished(&self, session: &str, args: CancelUnfinishedArgs) -> Answer<ShiftView> {
        Terminal::cancel_unfinished(self, session, &args.id, &args.reason)
    }

    fn z_reports(&self, session: &str, args: ZReportsArgs) -> Answer<Vec<ZSummaryView>> {
        self.past_zs(session, args.before, args.limit)
    }

    fn z_report(&self, session: &str, args: ZReportArgs) -> Answer<ShiftReportView> {
        self.past_z(session, args.number, args.print)
    }

    fn test_print(&self, session: &str, _: TestPrintArgs) -> Answer<()> {
        self.print_test_page(session)
    }

    fn sync(&self, _: &str, _: SyncArgs) -> Answer<SyncView> {
        Ok(self.sync_view())
    }

    fn sync_now(&self, session: &str, _: SyncNowArgs) -> Answer<SyncView> {
        self.in_session(session, Permission::Sell, |_| Ok(()))?;
        Ok(Terminal::sync_now(self))
    }

    fn enrol(&self, session: &str, args: EnrolArgs) -> Answer<AppView> {
        self.enrol_by_code(session, &args.hub, &args.code)
    }

    fn set_settings(&self, session: &str, args: SetSettingsArgs) -> Answer<SettingsView> {
        self.change_settings(session, args.settings)
    }

    fn authorise(&self, session: &str, args: AuthoriseArgs) -> Answer<()> {
        self.authorise_once(session, &args.permission, &args.staff, &args.pin, &args.reason)
    }

    fn report(&self, session: &str, args: ReportArgs) -> Answer<ReportView> {
        self.report_of(session, &args.from, &args.to)
    }

    fn report_entries(&self, session: &str, args: ReportEntriesArgs) -> Answer<ReportEntriesView> {
        let ReportEntriesArgs { from, to, dimension, key, currency, offset, limit } = args;
        self.entries_behind(session, (&from, &to), (&dimension, &key, &currency), (offset, limit))
    }

    fn acting(&self, session: &str) -> Option<std::sync::Arc<dyn Commands + Send + Sync>> {
        self.acting_for(session)
    }

    fn still_here(&self, session: &str, _: StillHereArgs) -> Answer<()> {
        self.note_presence(session)
    }

    fn undo(&self, session: &str, _: UndoArgs) -> Answer<CartView> {
        self.undo_change(session)
    }

    fn begin_training(&self, session: &str, _: BeginTrainingArgs) -> Answer<AppView> {
        self.begin_practice(session)
    }

    fn end_training(&self, session: &str, _: EndTrainingArgs) -> Answer<AppView> {
        self.leave_practice(session)
    }

    fn begin_drill(&self, session: &str, args: BeginDrillArgs) -> Answer<TrainingView> {
        self.start_drill(session, &args.fault)
    }

    fn end_drill(&self, session: &str, _: EndDrillArgs) -> Answer<DrillView> {
        self.finish_drill(session)
    }

    fn drills(&self, session: &str, _: DrillsArgs) -> Answer<Vec<DrillView>> {
        self.drill_results(session)
    }

    fn audit(&self, session: &str, args: AuditArgs) -> Answer<AuditPage> {
        self.audit_page(session, &args)
    }

    fn audit_export(&self, session: &str, args: AuditExportArgs) -> Answer<AuditExportView> {
        self.export_audit(session, &args)
    }

    fn command_codes(&self, session: &str, _: CommandCodesArgs) -> Answer<Vec<CommandCodeView>> {
        self.all_command_codes(session)
    }

    fn print_command_codes(&self, session: &str, _: PrintCommandCodesArgs) -> Answer<()> {
        self.print_codes(session)
    }
}
