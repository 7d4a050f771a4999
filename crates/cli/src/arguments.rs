//! What may be typed after `tillbridge`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// The terminal of a shop: sells with the network down, and proves every sale.
#[derive(Debug, Parser)]
#[command(name = "tillbridge", version, about, long_about = None, arg_required_else_help = false)]
pub(crate) struct Arguments {
    /// What to do; without it, the window opens over the store in your data folder.
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
}

/// Every verb. Exit codes: 0 done, 1 failed, refused or not clean, 2 wrong usage.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Open the window.
    Run(RunArguments),
    /// Open a demo shop with a server of its own, ready to sell.
    Demo(DemoArguments),
    /// Serve the screens to a browser.
    Bridge(BridgeArguments),
    /// Join a server with a one-time code.
    Enrol(EnrolArguments),
    /// Push and pull until nothing is left to do; fails when something stays unsent.
    Sync(StoreArguments),
    /// Check the journal's chain and signatures, and that everything shown equals it.
    Verify(StoreArguments),
    /// Make everything shown anew from the journal.
    Rebuild(StoreArguments),
    /// Hand out the journal.
    #[command(subcommand)]
    Journal(JournalVerb),
    /// Sell the invoices of a CSV file.
    Replay(ReplayArguments),
    /// Deliver what a lost terminal had not sent yet, from its mirror folder.
    Recover(RecoverArguments),
    /// Say how the terminal fares.
    Status(StoreArguments),
}

/// Verbs of `journal`.
#[derive(Debug, Subcommand)]
pub(crate) enum JournalVerb {
    /// Write entries.jws, key.pem and a verify.sh that needs only openssl and coreutils.
    Export(ExportArguments),
}

/// The terminal's folder.
#[derive(Debug, Args)]
pub(crate) struct StoreArguments {
    /// The terminal's folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `run`.
#[derive(Debug, Args, Default)]
pub(crate) struct RunArguments {
    /// The terminal's folder; left out, one in your data folder.
    #[arg(long, value_name = "DIR", visible_alias = "store")]
    pub(crate) data: Option<PathBuf>,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// Serve the screens to a browser instead of opening a window.
    #[arg(long)]
    pub(crate) headless: bool,
    /// Where the browser finds them.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4711", requires = "headless")]
    pub(crate) listen: SocketAddr,
    /// The demo shop's folder; left out, one in your data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Host names under which a browser may ask, besides addresses of this machine.
    #[arg(long, value_name = "HOST", requires = "headless")]
    pub(crate) allow_host: Vec<String>,
    /// Start again when the program is killed, as by a power cut in a drill.
    #[arg(long, requires = "headless")]
    pub(crate) supervised: bool,
    /// Answer in JSON.
    #[arg(long, requires = "headless")]
    pub(crate) json: bool,
}

/// Arguments of `bridge`.
#[derive(Debug, Args)]
pub(crate) struct BridgeArguments {
    /// The terminal's folder; left out, one in your data folder.
    #[arg(long, value_name = "DIR", visible_alias = "store")]
    pub(crate) data: Option<PathBuf>,
    /// Where the browser finds the screens.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4711")]
    pub(crate) listen: SocketAddr,
    /// Host names under which a browser may ask, besides addresses of this machine.
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,
    /// Start again when the program is killed, as by a power cut in a drill.
    #[arg(long)]
    pub(crate) supervised: bool,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `enrol`.
#[derive(Debug, Args)]
pub(crate) struct EnrolArguments {
    /// The terminal's folder; made when it is new.
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
    /// The server's address, https:// or http:// on this machine.
    #[arg(long, value_name = "URL")]
    pub(crate) hub: String,
    /// The one-time code from a manager.
    #[arg(long)]
    pub(crate) code: String,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `journal export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// Where to write; made when it is not there.
    #[arg(value_name = "DIR")]
    pub(crate) to: PathBuf,
    /// The terminal's folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub(crate) struct ReplayArguments {
    /// The invoices: CSV, plain or packed by gzip or zstd.
    #[arg(value_name = "FILE.csv[.gz|.zst]")]
    pub(crate) file: PathBuf,
    /// The terminal's folder; made when it is new.
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
    /// Push to this server while selling; the terminal must have joined it.
    #[arg(long, value_name = "URL")]
    pub(crate) hub: Option<String>,
    /// Currency of the prices, for a terminal that has not joined a server.
    #[arg(long, value_name = "CODE", default_value = "GBP")]
    pub(crate) currency: String,
    /// Time zone of the file's times, for a terminal that has not joined a server.
    #[arg(long, value_name = "NAME", default_value = "Europe/London")]
    pub(crate) time_zone: String,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `recover`.
#[derive(Debug, Args)]
pub(crate) struct RecoverArguments {
    /// The lost terminal's mirror folder.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) from: PathBuf,
    /// The new terminal's folder; it must have joined the same server.
    #[arg(long, value_name = "NEWDIR")]
    pub(crate) store: PathBuf,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Verb {
    /// True when the answer is to be JSON.
    pub(crate) fn wants_json(&self) -> bool {
        match self {
            Self::Run(_) => false,
            Self::Demo(arguments) => arguments.json,
            Self::Bridge(arguments) => arguments.json,
            Self::Enrol(arguments) => arguments.json,
            Self::Sync(arguments) | Self::Verify(arguments) | Self::Rebuild(arguments) | Self::Status(arguments) => {
                arguments.json
            }
            Self::Journal(JournalVerb::Export(arguments)) => arguments.json,
            Self::Replay(arguments) => arguments.json,
            Self::Recover(arguments) => arguments.json,
        }
    }

    /// True when the program is to be started again whenever it is killed.
    pub(crate) fn supervised(&self) -> bool {
        match self {
            Self::Demo(arguments) => arguments.supervised,
            Self::Bridge(arguments) => arguments.supervised,
            _ => false,
        }
    }

    /// True for verbs that stay and serve somebody; they log their start.
    pub(crate) fn stays(&self) -> bool {
        matches!(self, Self::Run(_) | Self::Demo(_) | Self::Bridge(_))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_table_of_verbs_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn nothing_typed_opens_the_window() {
        assert!(Arguments::try_parse_from(["tillbridge"]).expect("parsed").verb.is_none());
    }

    #[test]
    fn wrong_usage_ends_in_exit_code_2() {
        for wrong in [&["tillbridge", "sell"][..], &["tillbridge", "verify"], &["tillbridge", "enrol", "--store", "x"]] {
            assert_eq!(Arguments::try_parse_from(wrong).expect_err("refused").exit_code(), 2, "{wrong:?}");
        }
    }
}
