//! The table of commands. One line a command: its name, arguments and answer. The table makes the argument types, the
//! trait that the terminal implements, the dispatch by name and the TypeScript interface.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::problem::{Problem, ProblemCode};
use super::views::{
    AppView, CartView, CategoryView, HeldView, OrderSummaryView, ProductPage, ReceiptView, SessionView, SettingsView, SyncView,
    TenderingView,
};
use super::views::{CountEntry, CountView, ShiftReportView, ShiftView, ZSummaryView};
use super::views::{CustomerView, LogoView, PortsView, PrintQueueView};
use super::views::{MemberCreatedView, MemberExportView, MemberFileView, MemberPage, MemberProfileView};
use super::views::{PriceTraceView, PromotionForm, PromotionView, TrialView};
use super::views::{ProofView, ReportEntriesView, ReportFileView, ReportView};

use super::views::{
    AmountLine, CountLine, FileView, GoodsView, ImportColumnView, ImportView, LabelLine, LabelsView, LowStockView,
    ProductDetailView, ProductForm, ProductView, ReceiveLine, StockDocumentView, StockLedgerView, TransfersView,
};
use super::views::{CustomerOrderView, CustomerOrdersView, RefundLineArgs, RefundPreviewView, RefundSaleView};

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident: $args:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty),* $(,)? } -> $answer:ty;)*) => {
        $(
            #[doc = concat!("Arguments of `", stringify!($name), "`.")]
            #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
            #[serde(deny_unknown_fields)]
            #[allow(missing_docs, reason = "a field is named in its command's line")]
            pub struct $args { $($(#[$fdoc])* pub $field: $type),* }
        )*

        /// What a terminal does for one user interface, named by its session.
        pub trait Commands {
            /// Who acts for `session` in the place of this terminal: the one of practice, where somebody practises.
            fn acting(&self, session: &str) -> Option<std::sync::Arc<dyn Commands + Send + Sync>> {
                let _ = session;
                None
            }
            $($(#[$doc])* fn $name(&self, session: &str, args: $args) -> Result<$answer, Problem>;)*
        }

        /// The name of every command, in the order of the table.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),*];

        /// Calls the command `name` with JSON arguments and gives its answer as JSON.
        pub fn dispatch(terminal: &dyn Commands, session: &str, name: &str, args: Value) -> Result<Value, Problem> {
            if let Some(acting) = terminal.acting(session) {
                return dispatch(&*acting, session, name, args);
            }
            match name {
                $(stringify!($name) => {
                    let args: $args = serde_json::from_value(args).map_err(|error| bad_request(name, &error))?;
                    let answer = terminal.$name(session, args)?;
                    serde_json::to_value(answer).map_err(|error| Problem::new(ProblemCode::Internal, error.to_string()))
                })*
                other => Err(Problem::new(ProblemCode::BadRequest, format!("there is no command '{other}'"))),
            }
        }

        /// TypeScript of the argument types and of the table of commands.
        pub(super) fn command_typescript(cfg: &ts_rs::Config) -> String {
            let mut types = String::new();
            let mut table = String::from("export interface Commands {\n");
            $(
                types.push_str(&format!("export {}\n\n", <$args as TS>::decl(cfg)));
                table.push_str(&format!(
                    "  {}: {{ args: {}; answer: {} }};\n",
                    stringify!($name), <$args as TS>::name(cfg), <$answer as TS>::name(cfg)
                ));
            )*
            table.push_str("}\n");
            types + &table
        }
    };
}

fn bad_request(name: &str, error: &serde_json::Error) -> Problem {
    Problem::new(ProblemCode::BadRequest, format!("the arguments of '{name}' are not of the form this version knows: {error}"))
}

commands! {
    /// The state of everything, for a user interface that starts or was reloaded. Needs nobody signed in.
    app: AppArgs {} -> AppView;
    /// Signs in by PIN; an order left open in this session comes back.
    sign_in: SignInArgs { staff: String, pin: String } -> SessionView;
    /// Signs out; an order left open stays with the session.
    sign_out: SignOutArgs {} -> ();
    /// The categories in order.
    categories: CategoriesArgs {} -> Vec<CategoryView>;
    /// Products of a category (empty: all) by position.
    browse: BrowseArgs { category: String, offset: u32, limit: u32 } -> ProductPage;
    /// Products by name, pinyin initials, SKU or barcode.
    search: SearchArgs { text: String, limit: u32 } -> ProductPage;
    /// Rings up what a scanner read; `quantity` empty means one.
    scan: ScanArgs { code: String, quantity: String } -> CartView;
    /// Rings up a product; `quantity` empty means one.
    add: AddArgs { product: String, quantity: String } -> CartView;
    /// Sets the quantity of a line; `0` takes it out.
    set_quantity: SetQuantityArgs { line: u32, quantity: String } -> CartView;
    /// Sells a line at another price; empty: at the catalogue's again.
    set_price: SetPriceArgs { line: u32, price: String } -> CartView;
    /// Gives a discount on a line: `10%` or an amount; empty takes it back.
    set_line_discount: SetLineDiscountArgs { line: u32, discount: String } -> CartView;
    /// Gives a discount on the order: `10%` or an amount; empty takes it back.
    set_order_discount: SetOrderDiscountArgs { discount: String } -> CartView;
    /// 抹零 on or off.
    set_mo_ling: SetMoLingArgs { on: bool } -> CartView;
    /// Takes a line out; it is written down.
    remove_line: RemoveLineArgs { line: u32, reason: Option<String> } -> CartView;
    /// Gives the order up; where it had lines, the reason is needed and it is written down.
    clear: ClearArgs { reason: Option<String> } -> CartView;
    /// Puts the order aside under a label.
    hold: HoldArgs { label: String } -> CartView;
    /// The held orders of this terminal.
    held: HeldArgs {} -> Vec<HeldView>;
    /// Takes a held order up again; an order in progress is held in its place.
    recall: RecallArgs { id: String } -> CartView;
    /// Begins payment.
    begin_payment: BeginPaymentArgs {} -> TenderingView;
    /// Takes cash: the amount the customer handed over.
    tender_cash: TenderCashArgs { given: String } -> TenderingView;
    /// Takes a card payment made on a standalone terminal; `amount` empty means all that is due.
    tender_card: TenderCardArgs { amount: String, reference: String } -> TenderingView;
    /// Takes a payment back out.
    remove_payment: RemovePaymentArgs { payment: String } -> TenderingView;
    /// Leaves payment; payments taken so far are dropped, the order stays.
    cancel_payment: CancelPaymentArgs {} -> CartView;
    /// Finishes the sale: once this answers, it is signed and on disk. `print` overrides the terminal's setting.
    finish: FinishArgs { print: Option<bool> } -> ReceiptView;
    /// Finished orders, newest first, before journal place `before` (0: from the newest).
    recent: RecentArgs { before: u32, limit: u32 } -> Vec<OrderSummaryView>;
    /// A finished order by id or receipt number.
    receipt: ReceiptArgs { order: String } -> ReceiptView;
    /// Proves a figure of a report: signatures and chain of the entries behind it, and the same sum from the hub.
    prove_figure: ProveFigureArgs { from: String, to: String, dimension: String, key: String, currency: String } -> ProofView;
    /// Prints the report of some days.
    print_report: PrintReportArgs { from: String, to: String } -> ();
    /// The report of some days as a file, `csv` or `xlsx`; with `save` put into the downloads folder of the terminal's machine.
    export_report: ExportReportArgs { from: String, to: String, format: String, save: bool } -> ReportFileView;
    /// Prints a receipt again, marked as a copy.
    reprint: ReprintArgs { order: String } -> ReceiptView;
    /// Opens nothing, sells nothing: prints a test page.
    test_print: TestPrintArgs {} -> ();
    /// Whether everything has reached the hub.
    sync: SyncArgs {} -> SyncView;
    /// Tries to reach the hub now, and failing print jobs again.
    sync_now: SyncNowArgs {} -> SyncView;
    /// Joins a hub with a one-time code.
    enrol: EnrolArgs { hub: String, code: String } -> AppView;
    /// Adds a coupon to the order, by its code.
    add_coupon: AddCouponArgs { code: String } -> CartView;
    /// Takes a coupon off the order.
    remove_coupon: RemoveCouponArgs { code: String } -> CartView;
    /// Why a line costs what it costs.
    price_trace: PriceTraceArgs { line: u32 } -> PriceTraceView;
    /// Every promotion, for a manager.
    promotions: PromotionsArgs {} -> Vec<PromotionView>;
    /// Saves a promotion as a draft, or publishes it to all tills that it concerns.
    save_promotion: SavePromotionArgs { form: PromotionForm, publish: bool } -> Vec<PromotionView>;
    /// Ends a live promotion at once; throws a draft away.
    end_promotion: EndPromotionArgs { id: String } -> Vec<PromotionView>;
    /// Begins to try a draft over the sales of the last days at this till.
    start_trial: StartTrialArgs { form: PromotionForm, days: u32 } -> TrialView;
    /// How far that is, or what it found.
    trial: TrialArgs {} -> TrialView;
    /// Gives that up.
    cancel_trial: CancelTrialArgs {} -> TrialView;
    /// Changes settings of this terminal. Language and theme need nobody's permission.
    set_settings: SetSettingsArgs { settings: SettingsView } -> SettingsView;
    /// Lets who is signed in do once what was just refused: `permission` as the refusal named it, another person's PIN, the reason.
    authorise: AuthoriseArgs { permission: String, staff: String, pin: String, reason: String } -> ();
    /// Figures of this terminal's business days `from` to `to`, `2026-11-24`; both empty: today.
    report: ReportArgs { from: String, to: String } -> ReportView;
    /// The entries behind a figure of such a report.
    report_entries: ReportEntriesArgs {
        from: String, to: String, dimension: String, key: String, currency: String, offset: u32, limit: u32,
    } -> ReportEntriesView;
    /// Says that somebody is at the screen, so that it does not lock itself.
    still_here: StillHereArgs {} -> ();
    /// Takes the last change of the order back.
    undo: UndoArgs {} -> CartView;
    /// Leaves the real till for practice in this session.
    begin_training: BeginTrainingArgs {} -> super::views::AppView;
    /// Comes back from practice; anybody may, at any time.
    end_training: EndTrainingArgs {} -> super::views::AppView;
    /// Lets a fault happen in practice.
    begin_drill: BeginDrillArgs { fault: String } -> super::views::TrainingView;
    /// Ends it and says how it went.
    end_drill: EndDrillArgs {} -> super::views::DrillView;
    /// How the drills at this terminal went, newest first.
    drills: DrillsArgs {} -> Vec<super::views::DrillView>;
    /// Entries of the journal before `before` (0: from the newest) of a kind, a person, days and a text; empty: any.
    audit: AuditArgs { kind: String, staff: String, from: String, until: String, text: String, before: u32, limit: u32 } -> super::views::AuditPage;
    /// Writes such entries into a folder on the machine of the terminal.
    audit_export: AuditExportArgs { kind: String, staff: String, from: String, until: String, text: String } -> super::views::AuditExportView;
    /// The codes that tell the till to do something, and the badges of the staff.
    command_codes: CommandCodesArgs {} -> Vec<super::views::CommandCodeView>;
    /// Prints them.
    print_command_codes: PrintCommandCodesArgs {} -> ();
    /// The variants of a product that comes in several.
    variants: VariantsArgs { product: String } -> Vec<ProductView>;
    /// What a scanned or typed code stands for, for the stock screens. Rings up nothing.
    find_goods: FindGoodsArgs { code: String } -> GoodsView;
    /// Everything of a product.
    product: ProductArgs { product: String } -> ProductDetailView;
    /// The movements of a product before `before` (0: from the newest), of the whole store where the hub answers.
    stock_ledger: StockLedgerArgs { product: String, before: u32 } -> StockLedgerView;
    /// What there is little of.
    low_stock: LowStockArgs {} -> Vec<LowStockView>;
    /// Takes goods in from a supplier.
    receive_goods: ReceiveGoodsArgs { supplier: String, note: String, lines: Vec<ReceiveLine> } -> StockDocumentView;
    /// Books what was counted: stock changes by the differences.
    count_goods: CountGoodsArgs { reason: String, lines: Vec<CountLine> } -> StockDocumentView;
    /// Changes stock with a reason.
    adjust_goods: AdjustGoodsArgs { reason: String, lines: Vec<AmountLine> } -> StockDocumentView;
    /// What is on its way between stores, and the stores. Asks the hub.
    transfers: TransfersArgs {} -> TransfersView;
    /// Sends goods to another store.
    send_goods: SendGoodsArgs { to: String, note: String, lines: Vec<AmountLine> } -> StockDocumentView;
    /// Takes in goods that another store sent. Asks the hub.
    take_in_transfer: TakeInTransferArgs { transfer: String, note: String, lines: Vec<AmountLine> } -> StockDocumentView;
    /// Adds or changes a product, through the hub.
    save_product: SaveProductArgs { form: ProductForm } -> ProductDetailView;
    /// The whole catalogue as a file: `csv` or `xlsx`.
    export_catalogue: ExportCatalogueArgs { format: String } -> FileView;
    /// One step of an import, through the hub: `begin` (name, size), `chunk` (offset, data as base64), `check` (mapping), `status`,
    /// `commit`, `cancel`.
    import: ImportArgs { step: String, id: String, name: String, size: u32, offset: u32, data: String, mapping: Vec<ImportColumnView> } -> ImportView;
    /// Labels of products: to the printer (`print`) or as a sheet (`sheet`); with an EAN-13 or Code 128 (`barcode`) or a QR code (`qr`).
    labels: LabelsArgs { to: String, symbol: String, lines: Vec<LabelLine> } -> LabelsView;
    /// The shift of this terminal.
    shift: ShiftArgs {} -> ShiftView;
    /// Adds a count up; keeps nothing.
    add_up: AddUpArgs { count: CountEntry } -> CountView;
    /// Opens a shift with a counted float.
    open_shift: OpenShiftArgs { count: CountEntry } -> ShiftView;
    /// Moves cash without a sale: `pay_in`, `pay_out`, `safe_drop` or `bank_drop`, with a reason. Opens the drawer.
    move_cash: MoveCashArgs { way: String, amount: String, reason: String } -> ShiftView;
    /// Opens the drawer without a sale, with a reason.
    no_sale: NoSaleArgs { reason: String } -> ShiftView;
    /// Hands the drawer over to somebody else, counted or not.
    hand_over: HandOverArgs { to: String, count: Option<CountEntry> } -> ShiftView;
    /// Puts the drawer away for a while: nothing is sold until it is resumed.
    suspend_shift: SuspendShiftArgs {} -> ShiftView;
    /// Takes the drawer out again.
    resume_shift: ResumeShiftArgs {} -> ShiftView;
    /// The live figures of the shift; `print` prints them.
    x_report: XReportArgs { print: bool } -> ShiftReportView;
    /// Takes down what lies in the drawer to close the shift, and only then says what had to lie in it.
    count_shift: CountShiftArgs { count: CountEntry } -> ShiftView;
    /// Closes the shift by its last count: the Z. What is taken out goes to the safe, the rest is left for the next shift.
    close_shift: CloseShiftArgs { taken_out: String, reason: String } -> ShiftReportView;
    /// Gives up an order that stands in the way of closing, with a reason.
    cancel_unfinished: CancelUnfinishedArgs { id: String, reason: String } -> ShiftView;
    /// The Z's before number `before` (0: from the newest), newest first.
    z_reports: ZReportsArgs { before: u32, limit: u32 } -> Vec<ZSummaryView>;
    /// A Z that was made before, marked as a copy; `print` prints it.
    z_report: ZReportArgs { number: u32, print: bool } -> ShiftReportView;
    /// Finds a sale to give something of it back, here or at the hub, by receipt number or order id.
    refund_lookup: RefundLookupArgs { receipt: String } -> RefundSaleView;
    /// What giving back lines of that sale would come to. `tender`: `as_paid`, `cash` or `card`.
    refund_preview: RefundPreviewArgs { lines: Vec<RefundLineArgs>, tender: String, reference: String } -> RefundPreviewView;
    /// Gives them back: once this answers, the refund is signed and on disk.
    refund: RefundArgs {
        lines: Vec<RefundLineArgs>, reason: String, tender: String, reference: String, print: Option<bool>,
    } -> ReceiptView;
    /// Gives back the goods in the order without their sale; `receipt`: the number on a receipt that could not be looked up.
    refund_goods: RefundGoodsArgs {
        receipt: String, reason: String, tender: String, reference: String, print: Option<bool>,
    } -> ReceiptView;
    /// Begins an exchange: the lines of the sale that was looked up pay for what is rung up next.
    begin_exchange: BeginExchangeArgs {
        lines: Vec<RefundLineArgs>, reason: String, tender: String, reference: String,
    } -> CartView;
    /// Leaves an exchange; the order stays.
    drop_exchange: DropExchangeArgs {} -> CartView;
    /// Writes a note on the order; empty takes it off.
    set_note: SetNoteArgs { note: String } -> CartView;
    /// Makes a `quotation` or a `presale` of the order, with a deposit (empty: none) in `cash` or by `card`.
    place_order: PlaceOrderArgs {
        kind: String, valid_until: String, deposit: String, tender: String, reference: String,
    } -> CustomerOrderView;
    /// The open orders of customers: this store's where the hub answers, else this till's.
    customer_orders: CustomerOrdersArgs {} -> CustomerOrdersView;
    /// Takes more of a deposit.
    pay_on_order: PayOnOrderArgs { order: String, amount: String, tender: String, reference: String } -> CustomerOrderView;
    /// Rings up what a customer ordered, to complete or to change it.
    take_up_order: TakeUpOrderArgs { order: String } -> CartView;
    /// Leaves the customer's order that was taken up as it was.
    put_back_order: PutBackOrderArgs {} -> CartView;
    /// Keeps the order as it is now as the customer's order that was taken up.
    change_order: ChangeOrderArgs { valid_until: String } -> CustomerOrderView;
    /// Cancels a customer's order; its deposit goes back in `cash` or by `card`, less the shop's charge.
    cancel_order: CancelOrderArgs { order: String, reason: String, tender: String, reference: String } -> CustomerOrderView;
    /// Prints a customer's order.
    print_order: PrintOrderArgs { order: String } -> ();
    /// Members by scanned or typed code, phone number, its last four digits, or with the hub by a part of their name.
    find_members: FindMembersArgs { text: String } -> MemberPage;
    /// Puts a member on the order, in place of the one before.
    attach_member: AttachMemberArgs { member: String } -> CartView;
    /// Takes the member off the order, and with them what their points take off.
    detach_member: DetachMemberArgs {} -> CartView;
    /// Spends points of the order's member; `0` or empty takes it back. Needs the hub.
    spend_points: SpendPointsArgs { points: String } -> CartView;
    /// All that is known of a member. Needs the hub, as all below.
    member_file: MemberFileArgs { member: String } -> MemberFileView;
    /// Takes a member in; `consents` are the purposes they agree to.
    create_member: CreateMemberArgs { profile: MemberProfileView, consents: Vec<String> } -> MemberCreatedView;
    /// Changes what a member told.
    change_member: ChangeMemberArgs { member: String, profile: MemberProfileView } -> MemberFileView;
    /// Records that a member agrees to `purpose`, or no longer does.
    record_consent: RecordConsentArgs { member: String, purpose: String, given: bool } -> MemberFileView;
    /// Gives points, or with a minus takes them.
    adjust_points: AdjustPointsArgs { member: String, points: String, reason: String } -> MemberFileView;
    /// A member's data as a file to be handed out to them.
    export_member: ExportMemberArgs { member: String } -> MemberExportView;
    /// Erases a member's data; `confirm` is their code, typed.
    erase_member: EraseMemberArgs { member: String, confirm: String, reason: String } -> ();
    /// The printers and what waits for them.
    print_queue: PrintQueueArgs {} -> PrintQueueView;
    /// Tries the printers again now.
    retry_prints: RetryPrintsArgs {} -> PrintQueueView;
    /// Takes a job out of the queue.
    cancel_print: CancelPrintArgs { job: u32 } -> PrintQueueView;
    /// Prints a finished job again; the paper says so.
    print_again: PrintAgainArgs { job: u32 } -> PrintQueueView;
    /// Prints a test page on the printer `receipt` or `label`.
    test_printer: TestPrinterArgs { printer: String } -> ();
    /// What is plugged in.
    ports: PortsArgs {} -> PortsView;
    /// The logo of receipts and of the customer display. Needs nobody signed in.
    logo: LogoArgs {} -> LogoView;
    /// Keeps the logo: a PNG in base64; empty takes it away.
    set_logo: SetLogoArgs { png: String } -> LogoView;
    /// What the customer of this session sees; from then on the session is told of each change. Needs nobody signed in.
    customer: CustomerArgs {} -> CustomerView;
    /// Scans of a scanner in serial mode go to this session from now on.
    take_scans: TakeScansArgs {} -> ();
}
