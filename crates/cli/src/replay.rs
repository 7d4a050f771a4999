//! `replay`: sells the invoices of a file through the terminal's own use cases. Safe to repeat: an invoice that the journal
//! holds already is not sold again, so a run that was killed goes on where it stopped.

mod input;
mod invoices;
mod lines;
mod posting;
mod progress;
mod rows;
mod summary;

use std::time::Instant;

use domain::Currency;
use jiff::tz::TimeZone;
use till::{LocalShop, Terminal, TerminalOptions, TillError};

use crate::answer::{Clean, Ending, Output};
use crate::arguments::ReplayArguments;
use crate::verbs::sync::until_quiet;
use crate::words::{CliError, Sentence};
use invoices::{FileError, Found, Invoices};
use posting::Posting;
use progress::Ticker;
use rows::{LeftOut, RowProblem};
use summary::Summary;

/// Runs the verb.
pub(crate) fn replay(arguments: &ReplayArguments, output: &Output) -> Ending {
    let started = Instant::now();
    let file = arguments.file.display();
    let input = input::open(&arguments.file).map_err(|error| unreadable(&file, &error))?;
    let local_shop = LocalShop {
        currency: Currency::parse(&arguments.currency).map_err(TillError::from)?,
        time_zone: known_time_zone(&arguments.time_zone)?,
    };
    let terminal = Terminal::open(TerminalOptions { local_shop, ..TerminalOptions::new(&arguments.store) })?;
    if let Some(hub) = &arguments.hub {
        must_be_enrolled_at(&terminal, hub)?;
    }
    let shop = terminal.store().shop();
    let mut invoices = Invoices::new(input.content, shop.currency).map_err(|error| file_error(&file, &error))?;
    let mirroring = terminal.start_mirror()?;
    let pushing = arguments.hub.as_ref().map(|_| terminal.start_sync()).transpose()?;

    let posting = Posting::new(&terminal, &shop);
    let mut summary = Summary::new(shop.currency);
    let mut ticker = Ticker::new(output, input.progress);
    let mut broken = None;
    loop {
        match invoices.next() {
            Ok(Some(Found::LeftOut(left_out))) => leave_out(&mut summary, left_out, &mut ticker, output),
            Ok(Some(Found::Invoice(invoice))) => match posting.post(&invoice)? {
                Ok(posted) => summary.add(&invoice, posted)?,
                Err(refused) => {
                    let problem = RowProblem::Refused(refused.sentence(output.language()));
                    let (line, number) = (invoice.rows[0].line, invoice.number);
                    leave_out(&mut summary, LeftOut { line, invoice: number, problem }, &mut ticker, output);
                }
            },
            Ok(None) => break,
            Err(error) => {
                broken = Some(error);
                break;
            }
        }
        ticker.tick(summary.invoices());
    }
    ticker.end(summary.invoices());
    drop((pushing, mirroring));
    if arguments.hub.is_some() {
        until_quiet(&terminal, output)?;
    }
    if let Some(error) = broken {
        return Err(file_error(&file, &error));
    }
    summary.finish(invoices.rows(), terminal.store().unsent_count()?, started.elapsed());
    let (zh, en) = summary.sentences();
    output.answer(&summary, &zh, &en);
    let all_sent = arguments.hub.is_none() || summary.unsent() == 0;
    Ok(Clean::from(summary.nothing_to_repair() && all_sent))
}

fn leave_out(summary: &mut Summary, left_out: LeftOut, ticker: &mut Ticker<'_>, output: &Output) {
    let LeftOut { line, problem, .. } = &left_out;
    let reason = problem.sentence(output.language());
    ticker.interrupt();
    output.say(&format!("第 {line} 行没有录入：{reason}"), &format!("line {line} was left out: {reason}"));
    summary.leave_out(&left_out, reason);
}

/// A slip in the name must not move every invoice by hours.
fn known_time_zone(name: &str) -> Result<String, CliError> {
    match TimeZone::get(name) {
        Ok(_) => Ok(name.to_owned()),
        Err(_) => Err(CliError::new(
            "time_zone_unknown",
            format!("没有时区“{name}”，例如 Asia/Shanghai。"),
            format!("there is no time zone '{name}': write a name such as Europe/London"),
        )),
    }
}

fn must_be_enrolled_at(terminal: &Terminal, hub: &str) -> Result<(), CliError> {
    let same = |url: &str| url.trim_end_matches('/').eq_ignore_ascii_case(hub.trim().trim_end_matches('/'));
    match terminal.store().terminal().and_then(|row| row.hub) {
        Some(row) if same(&row.url) => Ok(()),
        Some(row) => Err(CliError::new(
            "enrolled_elsewhere",
            format!("这台收银机加入的是 {}，不是 {hub}。", row.url),
            format!("this terminal has joined {}, not {hub}", row.url),
        )),
        None => Err(CliError::new(
            "not_enrolled",
            format!("这台收银机还没有加入总部。请先运行 tillbridge enrol --hub {hub}。"),
            format!("this terminal has not joined a hub: run tillbridge enrol --hub {hub} --code CODE first"),
        )),
    }
}

fn unreadable(file: &impl std::fmt::Display, error: &std::io::Error) -> CliError {
    CliError::new("file_unreadable", format!("读不了文件 {file}：{error}"), format!("{file} cannot be read: {error}"))
}

fn file_error(file: &impl std::fmt::Display, error: &FileError) -> CliError {
    match error {
        FileError::NoColumn(column) => CliError::new(
            "column_missing",
            format!("{file} 没有 {column} 这一列：第一行必须是各列的名字。"),
            format!("{file} has no column {column}: its first line must name the columns"),
        ),
        FileError::Unreadable { after, source } => CliError::new(
            "file_unreadable",
            format!("{file} 在第 {after} 行之后读不下去（{source}）。前面的发票已经录入，可以放心再运行一次。"),
            format!(
                "{file} cannot be read after line {after} ({source}); what came before is sold, and running this again is safe"
            ),
        ),
    }
}
