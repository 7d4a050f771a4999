//! The command line of the hub. A verb reads its arguments, asks [`hub::Hub`] and writes the answer.

mod answer;
mod arguments;
mod catalogue;
mod drills;
mod incidents;
mod logging;
mod member;
mod promotion;
mod report;
mod serve;
mod staff;
mod state;
mod store;
mod terminal;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use directories::ProjectDirs;
use hub::{DatabaseUrl, Hub};

use answer::{Failure, Output};
use arguments::MemberVerb;
use arguments::StoreVerb;
use arguments::{Arguments, CatalogueVerb, DatabaseArguments, ReportVerb, StaffVerb, TerminalVerb, Verb};
use arguments::{CouponVerb, PromotionVerb};

/// Runs the verb that was typed. Exit codes: 0 done, 1 failed or refused, 2 wrong usage (clap's).
pub(crate) fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json);
    match run(arguments.verb, &output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output.failure(&failure);
            ExitCode::FAILURE
        }
    }
}

fn run(verb: Verb, output: &Output) -> Result<(), Failure> {
    match verb {
        Verb::Serve(arguments) => serve::serve(arguments, output),
        Verb::Terminal(TerminalVerb::Add(arguments)) => terminal::add(arguments, output),
        Verb::Terminal(TerminalVerb::List(arguments)) => terminal::list(arguments, output),
        Verb::Terminal(TerminalVerb::Revoke(arguments)) => terminal::revoke(arguments, output),
        Verb::Staff(StaffVerb::Add(arguments)) => staff::add(arguments, output),
        Verb::Catalogue(CatalogueVerb::Import(arguments)) => catalogue::import(arguments, output),
        Verb::Catalogue(CatalogueVerb::Export(arguments)) => catalogue::export(arguments, output),
        Verb::Catalogue(CatalogueVerb::TaxClass(arguments)) => catalogue::set_tax_class(arguments, output),
        Verb::Report(ReportVerb::Daily(arguments)) => report::daily(arguments, output),
        Verb::Report(ReportVerb::Day(arguments)) => report::day(arguments, output),
        Verb::Report(ReportVerb::Verify(arguments)) => report::verify(arguments, output),
        Verb::Store(StoreVerb::Show(arguments)) => store::show(&arguments, output),
        Verb::Store(StoreVerb::Set(arguments)) => store::set(&arguments, output),
        Verb::Member(MemberVerb::List(arguments)) => member::list(arguments, output),
        Verb::Member(MemberVerb::Export(arguments)) => member::export(arguments, output),
        Verb::Member(MemberVerb::Erase(arguments)) => member::erase(arguments, output),
        Verb::Member(MemberVerb::Rules(arguments)) => member::rules(arguments, output),
        Verb::Promotion(PromotionVerb::Import(arguments)) => promotion::import(arguments, output),
        Verb::Promotion(PromotionVerb::List(arguments)) => promotion::list(arguments, output),
        Verb::Promotion(PromotionVerb::End(arguments)) => promotion::end(arguments, output),
        Verb::Coupon(CouponVerb::Make(arguments)) => promotion::make_coupons(arguments, output),
        Verb::Incidents(arguments) => incidents::show(arguments, output),
        Verb::Drills(arguments) => drills::show(arguments, output),
        Verb::Openapi => {
            output.text(hub::server::OPENAPI.trim_end());
            Ok(())
        }
    }
}

/// Opens the database that was named, or the one in the user's data folder.
fn open(arguments: &DatabaseArguments) -> Result<Hub, Failure> {
    Ok(Hub::open(&database(arguments)?)?)
}

fn database(arguments: &DatabaseArguments) -> Result<DatabaseUrl, Failure> {
    if let Some(named) = &arguments.database {
        return Ok(named.clone());
    }
    let folder = data_folder().ok_or_else(|| {
        Failure::new("no_home", "your data folder is not known: name a database with --database sqlite:PATH or postgres://…")
    })?;
    std::fs::create_dir_all(&folder).map_err(|error| {
        Failure::new(
            "data_folder",
            format!("the folder {} cannot be made ({error}): name a database with --database", folder.display()),
        )
    })?;
    Ok(DatabaseUrl::file(folder.join("hub.sqlite")))
}

/// `~/.local/share/tillbridge/hub` on Linux, the like elsewhere.
fn data_folder() -> Option<PathBuf> {
    ProjectDirs::from("app", "Tillbridge", "Tillbridge").map(|folders| folders.data_dir().join("hub"))
}
