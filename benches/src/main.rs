//! `./dev bench`: how fast we are, as ratios to floors that run alternately with us in the same process. Nothing here fails
//! for being slow; it tells.

mod catalogue;
mod failure;
mod first_load;
mod floor;
mod goods;
mod import;
mod ingest;
mod journals;
mod measure;
mod people;
mod pricing;
mod process;
mod report;
mod sale;
mod start;
mod sums;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

pub use failure::Failure;
use report::Row;

/// Measures Tillbridge against floors that run beside it.
#[derive(Debug, Parser)]
struct Arguments {
    /// Answer with a JSON list of {name, value, unit, floor, goal, met, …} instead of a table.
    #[arg(long)]
    json: bool,
    /// Run only these.
    #[arg(long, value_enum)]
    only: Vec<Bench>,
    /// Products of the import.
    #[arg(long, default_value_t = 1_000_000)]
    products: u64,
    /// Order lines that reports are read over.
    #[arg(long, default_value_t = 10_000_000)]
    report_lines: u64,
    /// For this program's own child processes.
    #[arg(long, hide = true, num_args = 2, value_names = ["WHAT", "DIR"])]
    child: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Bench {
    /// Finishing a sale.
    Sale,
    /// A till with a million products: look-up, search, start, memory.
    Catalogue,
    /// A new till's first catalogue.
    FirstLoad,
    /// The hub taking in journals.
    Ingest,
    /// A file of products into the hub's catalogue.
    Import,
    /// Pricing a large cart by many promotions.
    Pricing,
    /// The hub's reports over many orders.
    Reports,
}

const ALL: [Bench; 7] =
    [Bench::Sale, Bench::Catalogue, Bench::FirstLoad, Bench::Ingest, Bench::Import, Bench::Pricing, Bench::Reports];

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.child {
        Some(child) => answer_parent(child),
        None => measure(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "The bench could not be run: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &Arguments) -> Result<(), Failure> {
    let wanted = if arguments.only.is_empty() { &ALL[..] } else { &arguments.only };
    let mut rows: Vec<Row> = Vec::new();
    for bench in wanted {
        writeln!(std::io::stderr(), "measuring {bench:?} …")?;
        rows.extend(match bench {
            Bench::Sale => sale::rows()?,
            Bench::Catalogue => large_catalogue()?,
            Bench::FirstLoad => first_load::rows()?,
            Bench::Ingest => ingest::rows()?,
            Bench::Import => import::rows(arguments.products)?,
            Bench::Pricing => pricing::rows()?,
            Bench::Reports => sums::rows(arguments.report_lines)?,
        });
    }
    let answer = if arguments.json { serde_json::to_string_pretty(&rows)? + "\n" } else { report::table(&rows) };
    std::io::stdout().write_all(answer.as_bytes())?;
    Ok(())
}

fn large_catalogue() -> Result<Vec<Row>, Failure> {
    let folder = tempfile::tempdir()?;
    catalogue::make_large_till(folder.path())?;
    let mut rows = catalogue::rows(folder.path())?;
    rows.extend(catalogue::start_and_memory(folder.path())?);
    rows.extend(start::rows(folder.path())?);
    Ok(rows)
}

fn answer_parent(child: &[String]) -> Result<(), Failure> {
    let dir = PathBuf::from(&child[1]);
    let figure = match child[0].as_str() {
        "core-start" => catalogue::core_start(&dir)?,
        _ => catalogue::core_memory(&dir)?,
    };
    writeln!(std::io::stdout(), "{figure}")?;
    Ok(())
}
