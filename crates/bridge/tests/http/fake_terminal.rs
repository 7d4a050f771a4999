//! A bridge on a free port over a terminal that only remembers who asked what, and a client of it.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, mpsc};

use bridge::{Bridge, BridgeOptions};
use reqwest::{Client, RequestBuilder, Response};
use till::api::*;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Answers `categories` with the session's name, refuses what the tests want refused, and has no other command.
#[derive(Default)]
pub struct FakeTerminal {
    asked: Mutex<Vec<(String, &'static str)>>,
}

impl FakeTerminal {
    /// Sessions and the commands they ran.
    pub fn asked(&self) -> Vec<(String, &'static str)> {
        self.asked.lock().unwrap().clone()
    }

    fn note(&self, session: &str, command: &'static str) {
        self.asked.lock().unwrap().push((session.to_owned(), command));
    }
}

macro_rules! no_such {
    ($($name:ident: $args:ty => $answer:ty;)*) => {$(
        fn $name(&self, session: &str, _: $args) -> Result<$answer, Problem> {
            self.note(session, stringify!($name));
            Err(Problem::new(ProblemCode::Internal, "not in this terminal"))
        }
    )*};
}

impl Commands for FakeTerminal {
    fn categories(&self, session: &str, _: CategoriesArgs) -> Result<Vec<CategoryView>, Problem> {
        self.note(session, "categories");
        let name = NameView { zh: "饮料".into(), en: "Drinks".into() };
        Ok(vec![CategoryView { code: session.to_owned(), name, products: 1 }])
    }

    fn sign_out(&self, session: &str, _: SignOutArgs) -> Result<(), Problem> {
        self.note(session, "sign_out");
        Ok(())
    }

    fn scan(&self, session: &str, args: ScanArgs) -> Result<CartView, Problem> {
        self.note(session, "scan");
        Err(Problem::new(ProblemCode::UnknownBarcode, format!("no product has barcode {}", args.code)).with("code", args.code))
    }

    fn clear(&self, _: &str, _: ClearArgs) -> Result<CartView, Problem> {
        panic!("a fault in the terminal")
    }

    fn begin_payment(&self, _: &str, _: BeginPaymentArgs) -> Result<TenderingView, Problem> {
        Err(Problem::new(ProblemCode::CartEmpty, "there is nothing in the order"))
    }

    fn sync(&self, _: &str, _: SyncArgs) -> Result<SyncView, Problem> {
        Err(Problem::new(ProblemCode::NotSignedIn, "nobody is signed in"))
    }

    fn set_settings(&self, _: &str, _: SetSettingsArgs) -> Result<SettingsView, Problem> {
        Err(Problem::new(ProblemCode::NotAllowed, "ask a manager").with("role", "manager"))
    }

    fn reprint(&self, _: &str, _: ReprintArgs) -> Result<ReceiptView, Problem> {
        Err(Problem::new(ProblemCode::DiskFull, "the disk is full"))
    }

    no_such! {
        app: AppArgs => AppView;
        sign_in: SignInArgs => SessionView;
        browse: BrowseArgs => ProductPage;
        search: SearchArgs => ProductPage;
        add: AddArgs => CartView;
        set_quantity: SetQuantityArgs => CartView;
        set_price: SetPriceArgs => CartView;
        set_line_discount: SetLineDiscountArgs => CartView;
        set_order_discount: SetOrderDiscountArgs => CartView;
        set_mo_ling: SetMoLingArgs => CartView;
        remove_line: RemoveLineArgs => CartView;
        hold: HoldArgs => CartView;
        held: HeldArgs => Vec<HeldView>;
        recall: RecallArgs => CartView;
        tender_cash: TenderCashArgs => TenderingView;
        tender_card: TenderCardArgs => TenderingView;
        remove_payment: RemovePaymentArgs => TenderingView;
        cancel_payment: CancelPaymentArgs => CartView;
        finish: FinishArgs => ReceiptView;
        recent: RecentArgs => Vec<OrderSummaryView>;
        receipt: ReceiptArgs => ReceiptView;
        prove_figure: ProveFigureArgs => ProofView;
        print_report: PrintReportArgs => ();
        export_report: ExportReportArgs => ReportFileView;
        report: ReportArgs => ReportView;
        shift: ShiftArgs => ShiftView;
        add_up: AddUpArgs => CountView;
        open_shift: OpenShiftArgs => ShiftView;
        move_cash: MoveCashArgs => ShiftView;
        no_sale: NoSaleArgs => ShiftView;
        hand_over: HandOverArgs => ShiftView;
        suspend_shift: SuspendShiftArgs => ShiftView;
        resume_shift: ResumeShiftArgs => ShiftView;
        x_report: XReportArgs => ShiftReportView;
        count_shift: CountShiftArgs => ShiftView;
        close_shift: CloseShiftArgs => ShiftReportView;
        cancel_unfinished: CancelUnfinishedArgs => ShiftView;
        z_reports: ZReportsArgs => Vec<ZSummaryView>;
        z_report: ZReportArgs => ShiftReportView;
        report_entries: ReportEntriesArgs => ReportEntriesView;
        test_print: TestPrintArgs => ();
        sync_now: SyncNowArgs => SyncView;
        enrol: EnrolArgs => AppView;
        authorise: AuthoriseArgs => ();
        still_here: StillHereArgs => ();
        undo: UndoArgs => CartView;
        begin_training: BeginTrainingArgs => AppView;
        end_training: EndTrainingArgs => AppView;
        begin_drill: BeginDrillArgs => TrainingView;
        end_drill: EndDrillArgs => DrillView;
        drills: DrillsArgs => Vec<DrillView>;
        audit: AuditArgs => AuditPage;
        audit_export: AuditExportArgs => AuditExportView;
        command_codes: CommandCodesArgs => Vec<CommandCodeView>;
        print_command_codes: PrintCommandCodesArgs => ();
        variants: VariantsArgs => Vec<ProductView>;
        find_goods: FindGoodsArgs => GoodsView;
        product: ProductArgs => ProductDetailView;
        stock_ledger: StockLedgerArgs => StockLedgerView;
        low_stock: LowStockArgs => Vec<LowStockView>;
        receive_goods: ReceiveGoodsArgs => StockDocumentView;
        count_goods: CountGoodsArgs => StockDocumentView;
        adjust_goods: AdjustGoodsArgs => StockDocumentView;
        transfers: TransfersArgs => TransfersView;
        send_goods: SendGoodsArgs => StockDocumentView;
        take_in_transfer: TakeInTransferArgs => StockDocumentView;
        save_product: SaveProductArgs => ProductDetailView;
        export_catalogue: ExportCatalogueArgs => FileView;
        import: ImportArgs => ImportView;
        labels: LabelsArgs => LabelsView;
    }
}

/// A bridge that serves until it is told to stop.
pub struct Running {
    pub terminal: Arc<FakeTerminal>,
    pub events: Sender<TillEvent>,
    pub port: u16,
    pub address: String,
    pub token: Option<String>,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Running {
    pub async fn on(listen: &str) -> Self {
        let terminal = Arc::new(FakeTerminal::default());
        let (events, heard) = mpsc::channel();
        let options = BridgeOptions { listen: listen.parse().unwrap(), allow_hosts: vec!["till-1.local".into()] };
        let bridge = Bridge::bind(Arc::clone(&terminal) as Arc<dyn Commands + Send + Sync>, heard, options).await.unwrap();
        let (port, address, token) = (bridge.local_addr().port(), bridge.address(), bridge.token().map(str::to_owned));
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(async move {
            bridge.run(async move { stopped.await.unwrap() }).await.unwrap();
        });
        Self { terminal, events, port, address, token, stop, served }
    }

    pub async fn on_loopback() -> Self {
        Self::on("127.0.0.1:0").await
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        client().get(self.url(path))
    }

    /// A command as the user interface sends it.
    pub fn command(&self, name: &str, args: &str) -> RequestBuilder {
        client()
            .post(self.url(&format!("/api/{name}")))
            .header("X-Tillbridge", "1")
            .header("Content-Type", "application/json")
            .body(args.to_owned())
    }

    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        self.served.await.unwrap();
    }
}

fn client() -> Client {
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// The cookie that the answer sets, as a browser sends it back.
pub fn cookie(response: &Response) -> Option<String> {
    let set = response.headers().get("set-cookie")?.to_str().unwrap();
    Some(set.split(';').next().unwrap().to_owned())
}

pub async fn problem(response: Response) -> (u16, Problem) {
    (response.status().as_u16(), response.json().await.unwrap())
}
