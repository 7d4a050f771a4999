//! What may be typed after `tillbridge-hub`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use domain::MemberId;
use domain::member::ErasureReason;
use domain::tax::TaxRate;
use domain::{Currency, Role, StaffId, StoreCode, TaxCode, TerminalId};
use hub::DatabaseUrl;
use jiff::civil::Date;

/// The central server of Tillbridge: takes in the journals of tills, and tells them what to sell.
#[derive(Debug, Parser)]
#[command(name = "tillbridge-hub", version, about, long_about = None, after_help = EXIT_CODES)]
pub(super) struct Arguments {
    /// Answer in JSON, for programs.
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// What to do.
    #[command(subcommand)]
    pub(super) verb: Verb,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed or refused, 2 wrong usage.";

/// Every verb.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Answer tills until stopped by Ctrl-C or SIGTERM.
    Serve(ServeArguments),
    /// Terminals: let one join, list them, shut one out.
    #[command(subcommand)]
    Terminal(TerminalVerb),
    /// Staff who sign in at tills.
    #[command(subcommand)]
    Staff(StaffVerb),
    /// What a store sells.
    #[command(subcommand)]
    Catalogue(CatalogueVerb),
    /// Reports.
    #[command(subcommand)]
    Report(ReportVerb),
    /// What a store's tills sell by.
    #[command(subcommand)]
    Store(StoreVerb),
    /// Members: list, hand out and erase their data, rules of points.
    #[command(subcommand)]
    Member(MemberVerb),
    /// Promotions and price lists.
    #[command(subcommand)]
    Promotion(PromotionVerb),
    /// Coupons.
    #[command(subcommand)]
    Coupon(CouponVerb),
    /// What must not happen and did: gaps, forks, tampered entries.
    Incidents(IncidentsArguments),
    /// How the fault drills at a store's terminals went.
    Drills(DrillsArguments),
    /// Print the OpenAPI document of the interface for tills.
    Openapi,
}

/// Verbs of `terminal`.
#[derive(Debug, Subcommand)]
pub(super) enum TerminalVerb {
    /// Make a one-time code for a new terminal; a store that is new is made with it.
    Add(TerminalAddArguments),
    /// List terminals and how far the hub holds their journals.
    List(TerminalListArguments),
    /// Refuse a terminal's key from now on.
    Revoke(TerminalRevokeArguments),
}

/// Verbs of `staff`.
#[derive(Debug, Subcommand)]
pub(super) enum StaffVerb {
    /// Add somebody, or give them another name, role and PIN.
    Add(StaffAddArguments),
}

/// Verbs of `catalogue`.
#[derive(Debug, Subcommand)]
pub(super) enum CatalogueVerb {
    /// Add and change products from a CSV or XLSX file: all of its rows, or none.
    Import(CatalogueImportArguments),
    /// Write all products to a CSV or XLSX file that can be imported again.
    Export(CatalogueExportArguments),
    /// Add a tax class, or give the one with this code another name and other rates.
    TaxClass(TaxClassArguments),
}

/// Verbs of `report`.
#[derive(Debug, Subcommand)]
pub(super) enum ReportVerb {
    /// Sales and refunds by business day.
    Daily(ReportDailyArguments),
    /// Every figure of a day, or of several together, from the running sums.
    Day(ReportDayArguments),
    /// Fold every entry again and compare with the running sums; with --rebuild, put them right.
    Verify(ReportVerifyArguments),
}

/// Verbs of `store`.
#[derive(Debug, Subcommand)]
pub(super) enum StoreVerb {
    /// Show the settings of a store.
    Show(StoreShowArguments),
    /// Change settings of a store; those that are left out stay. Its tills hear of it at once.
    Set(StoreSetArguments),
}

/// Arguments of `store show`.
#[derive(Debug, Args)]
pub(super) struct StoreShowArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The store.
    #[arg(long, value_name = "CODE", value_parser = StoreCode::parse)]
    pub(super) store: StoreCode,
}

/// Arguments of `store set`.
#[derive(Debug, Args)]
pub(super) struct StoreSetArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The store.
    #[arg(long, value_name = "CODE", value_parser = StoreCode::parse)]
    pub(super) store: StoreCode,
    /// Selling needs an opened shift.
    #[arg(long, value_name = "true|false")]
    pub(super) require_shift: Option<bool>,
    /// By how much a drawer may be over or short before a manager has to confirm it; `none`: by any amount.
    #[arg(long, value_name = "AMOUNT")]
    pub(super) cash_tolerance: Option<String>,
    /// The hour at which the business day begins, 0 to 23.
    #[arg(long, value_name = "HOUR", value_parser = clap::value_parser!(u8).range(0..24))]
    pub(super) day_starts_at: Option<u8>,
    /// Coins and notes in use, such as 0.50,1,5,10.
    #[arg(long, value_name = "VALUES", value_delimiter = ',')]
    pub(super) coins: Option<Vec<String>>,
}

/// Verbs of `promotion`.
#[derive(Debug, Subcommand)]
pub(super) enum PromotionVerb {
    /// Add and change promotions and price lists from a JSON file.
    Import(PromotionImportArguments),
    /// List every promotion.
    List(PromotionListArguments),
    /// End a promotion at once.
    End(PromotionEndArguments),
}

/// Verbs of `coupon`.
#[derive(Debug, Subcommand)]
pub(super) enum CouponVerb {
    /// Make coupons, each to be used once, and print their codes.
    Make(CouponMakeArguments),
}

/// Which database.
#[derive(Debug, Args)]
pub(super) struct DatabaseArguments {
    /// sqlite:PATH, a path, or postgres://user@host/database; left out, a SQLite file in your data folder.
    #[arg(long, value_name = "URL", env = "TILLBRIDGE_DATABASE", hide_env_values = true)]
    pub(super) database: Option<DatabaseUrl>,
}

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The address to listen on.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4710")]
    pub(super) listen: SocketAddr,
    /// The certificate chain, PEM; needed for every address but loopback.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(super) tls_cert: Option<PathBuf>,
    /// The certificate's private key, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(super) tls_key: Option<PathBuf>,
    /// Plain HTTP on an address that others can reach: only behind a proxy that does TLS, for whoever is between could read
    /// what tills send and enrol a terminal of their own.
    #[arg(long, conflicts_with = "tls_cert")]
    pub(super) insecure_plain_http: bool,
    /// Logs as JSON, one object a line.
    #[arg(long)]
    pub(super) log_json: bool,
    /// What to log: error, warn, info, debug, or a filter of tracing-subscriber.
    #[arg(long, value_name = "FILTER", env = "TILLBRIDGE_LOG", default_value = "info")]
    pub(super) log: String,
}

/// Arguments of `terminal add`.
#[derive(Debug, Args)]
pub(super) struct TerminalAddArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The store's short code, first part of its receipt numbers.
    #[arg(long, value_name = "CODE", value_parser = StoreCode::parse)]
    pub(super) store: StoreCode,
    /// The terminal's name.
    #[arg(long)]
    pub(super) name: String,
    /// Currency of a new store, ISO 4217 [default: CNY].
    #[arg(long, value_name = "CODE", value_parser = Currency::parse)]
    pub(super) currency: Option<Currency>,
    /// Time zone of a new store, IANA name [default: Asia/Shanghai].
    #[arg(long, value_name = "NAME")]
    pub(super) time_zone: Option<String>,
    /// Name of a new store on receipts, Chinese [default: its code].
    #[arg(long, value_name = "NAME")]
    pub(super) shop_name: Option<String>,
    /// The same in English.
    #[arg(long, value_name = "NAME")]
    pub(super) shop_name_en: Option<String>,
}

/// Arguments of `terminal list`.
#[derive(Debug, Args)]
pub(super) struct TerminalListArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// Of this store alone.
    #[arg(long, value_name = "CODE", value_parser = StoreCode::parse)]
    pub(super) store: Option<StoreCode>,
}

/// Arguments of `terminal revoke`.
#[derive(Debug, Args)]
pub(super) struct TerminalRevokeArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The terminal's id, as `terminal list` shows it.
    #[arg(value_name = "TERMINAL")]
    pub(super) terminal: TerminalId,
}

/// Arguments of `staff add`.
#[derive(Debug, Args)]
pub(super) struct StaffAddArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The store.
    #[arg(long, value_name = "CODE", value_parser = StoreCode::parse)]
    pub(super) store: StoreCode,
    /// Their id; of somebody known to change them; left out, the next free number.
    #[arg(long, value_parser = StaffId::parse)]
    pub(super) id: Option<StaffId>,
    /// Their name, Chinese.
    #[arg(long, required_unless_present = "name_en", default_value = "")]
    pub(super) name: String,
    /// Their name, English.
    #[arg(long, default_value = "")]
    pub(super) name_en: String,
    /// Each role may do all that the one before may.
    #[arg(long, value_parser = role())]
    pub(super) role: Role,
    /// Four to eight digits; `-` reads them from standard input, so that they stay out of the shell's history.
    #[arg(long, allow_hyphen_values = true)]
    pub(super) pin: String,
}

/// Arguments of `catalogue import`.
#[derive(Debug, Args)]
#[command(after_long_help = super::catalogue::COLUMNS_HELP)]
pub(super) struct CatalogueImportArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The store.
    #[arg(long, value_name = "CODE", value_parser = StoreCode::parse)]
    pub(super) store: StoreCode,
    /// CSV in UTF-8 or XLSX with a line of column names; --help tells the columns.
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
}

/// Arguments of `catalogue export`.
#[derive(Debug, Args)]
pub(super) struct CatalogueExportArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The store.
    #[arg(long, value_name = "CODE", value_parser = StoreCode::parse)]
    pub(super) store: StoreCode,
    /// The file to write; .csv or .xlsx.
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
}

/// Arguments of `catalogue tax-class`.
#[derive(Debug, Args)]
pub(super) struct TaxClassArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The store.
    #[arg(long, value_name = "CODE", value_parser = StoreCode::parse)]
    pub(super) store: StoreCode,
    /// The class's code, as products name it.
    #[arg(long, value_parser = TaxCode::parse)]
    pub(super) code: TaxCode,
    /// Its name, Chinese.
    #[arg(long, required_unless_present = "name_en", default_value = "")]
    pub(super) name: String,
    /// Its name, English.
    #[arg(long, default_value = "")]
    pub(super) name_en: String,
    /// A rate as a name and a fraction, such as VAT=0.13; may be given several times, or not at all for goods without tax.
    #[arg(long = "rate", value_name = "NAME=FRACTION", value_parser = super::catalogue::tax_rate)]
    pub(super) rates: Vec<TaxRate>,
    /// Tax is added to the price at the till; without it, prices contain the tax.
    #[arg(long)]
    pub(super) added: bool,
}

/// Arguments of `report daily`.
#[derive(Debug, Args)]
pub(super) struct ReportDailyArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The store.
    #[arg(long, value_name = "CODE", value_parser = StoreCode::parse)]
    pub(super) store: StoreCode,
    /// The first day, such as 2010-12-01.
    #[arg(long, value_name = "DATE")]
    pub(super) from: Date,
    /// The last day.
    #[arg(long, value_name = "DATE")]
    pub(super) to: Date,
}

/// Arguments of `drills`.
#[derive(Debug, Args)]
pub(super) struct DrillsArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The store.
    #[arg(long, value_name = "CODE", value_parser = StoreCode::parse)]
    pub(super) store: StoreCode,
}

/// Arguments of `report day`.
#[derive(Debug, Args)]
pub(super) struct ReportDayArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The store.
    #[arg(long, value_name = "CODE", value_parser = StoreCode::parse)]
    pub(super) store: StoreCode,
    /// The day, such as 2010-12-01; the first one with --to.
    #[arg(long, value_name = "DATE")]
    pub(super) date: Date,
    /// The last day [default: the same].
    #[arg(long, value_name = "DATE")]
    pub(super) to: Option<Date>,
    /// Also a figure for each product.
    #[arg(long)]
    pub(super) products: bool,
}

/// Arguments of `report verify`.
#[derive(Debug, Args)]
pub(super) struct ReportVerifyArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// Put the sums that the entries make in the place of those that are kept.
    #[arg(long)]
    pub(super) rebuild: bool,
}

/// Arguments of `promotion import`.
#[derive(Debug, Args)]
#[command(after_long_help = super::promotion::FILE_HELP)]
pub(super) struct PromotionImportArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// JSON; --help tells its form.
    #[arg(value_name = "FILE.json")]
    pub(super) file: PathBuf,
}

/// Arguments of `promotion list`.
#[derive(Debug, Args)]
pub(super) struct PromotionListArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
}

/// Arguments of `promotion end`.
#[derive(Debug, Args)]
pub(super) struct PromotionEndArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The promotion's id, as `promotion list` shows it.
    #[arg(value_name = "PROMOTION")]
    pub(super) promotion: domain::PromotionId,
}

/// Arguments of `coupon make`.
#[derive(Debug, Args)]
pub(super) struct CouponMakeArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The promotion that they are for, as `promotion list` shows it.
    #[arg(long, value_name = "PROMOTION")]
    pub(super) promotion: domain::PromotionId,
    /// How many.
    #[arg(long)]
    pub(super) count: u32,
}

/// Arguments of `incidents`.
#[derive(Debug, Args)]
pub(super) struct IncidentsArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The open incidents of this store.
    #[arg(long, value_name = "CODE", value_parser = StoreCode::parse, required_unless_present = "evidence")]
    pub(super) store: Option<StoreCode>,
    /// The journal entries that prove this incident, one a line.
    #[arg(long, value_name = "INCIDENT", conflicts_with = "store")]
    pub(super) evidence: Option<i64>,
}

/// Verbs of `member`.
#[derive(Debug, Subcommand)]
pub(super) enum MemberVerb {
    /// List members by id; who they are is not shown.
    List(MemberListArguments),
    /// Hand out all that is known of a member, as JSON.
    Export(MemberExportArguments),
    /// Erase a member's personal data by discarding their key.
    Erase(MemberEraseArguments),
    /// Give a store its rules of points and levels from a JSON file.
    #[command(after_long_help = RULES_HELP)]
    Rules(MemberRulesArguments),
}

const RULES_HELP: &str = "The file, for one point a yuan of which a hundred make one yuan:\n\n\
    {\"earn_per\": \"1.00 CNY\", \"point_value\": \"0.01 CNY\", \"minimum_spend\": 100, \"expires_after_months\": 12,\n \
    \"level_months\": 12, \"levels\": [{\"code\": \"gold\", \"name\": {\"zh\": \"金卡\", \"en\": \"Gold\"},\n  \
    \"from_spend\": \"5000.00 CNY\", \"earn_percent\": 150}]}";

/// Arguments of `member list`.
#[derive(Debug, Args)]
pub(super) struct MemberListArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
}

/// Arguments of `member export`.
#[derive(Debug, Args)]
pub(super) struct MemberExportArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The member's id, as `member list` shows it.
    #[arg(value_name = "MEMBER")]
    pub(super) member: MemberId,
    /// Where to write; left out, to standard output.
    #[arg(long, value_name = "FILE.json")]
    pub(super) file: Option<PathBuf>,
}

/// Arguments of `member erase`.
#[derive(Debug, Args)]
pub(super) struct MemberEraseArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The member's id, as `member list` shows it.
    #[arg(value_name = "MEMBER")]
    pub(super) member: MemberId,
    /// The same id once more: what is erased cannot be had back.
    #[arg(long, value_name = "MEMBER")]
    pub(super) confirm: MemberId,
    /// Why.
    #[arg(long, value_parser = erasure_reason(), default_value = "asked")]
    pub(super) reason: ErasureReason,
}

/// Arguments of `member rules`.
#[derive(Debug, Args)]
pub(super) struct MemberRulesArguments {
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// The store.
    #[arg(long, value_name = "CODE", value_parser = StoreCode::parse)]
    pub(super) store: StoreCode,
    /// JSON; --help shows one.
    #[arg(value_name = "FILE.json")]
    pub(super) file: PathBuf,
}

fn erasure_reason() -> impl TypedValueParser<Value = ErasureReason> {
    PossibleValuesParser::new(["asked", "duplicate", "inactive"]).map(|word| match word.as_str() {
        "duplicate" => ErasureReason::Duplicate,
        "inactive" => ErasureReason::Inactive,
        _ => ErasureReason::Asked,
    })
}

fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(["cashier", "supervisor", "manager", "owner"]).map(|name| match name.as_str() {
        "owner" => Role::Owner,
        "manager" => Role::Manager,
        "supervisor" => Role::Supervisor,
        _ => Role::Cashier,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn serve_without_flags_is_loopback_and_the_users_own_file() {
        let arguments = Arguments::parse_from(["tillbridge-hub", "serve"]);
        let Verb::Serve(serve) = arguments.verb else { panic!("serve") };
        assert!(serve.listen.ip().is_loopback());
        assert!(!serve.insecure_plain_http);
    }
}
