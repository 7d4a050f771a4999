//! `demo`: a shop with a hub of its own, ready to sell.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use till::{Terminal, TerminalOptions};

use super::bridge::{Listen, serve};
use super::{open, run};
use crate::OpenWindow;
use crate::answer::{Ending, Output};
use crate::arguments::DemoArguments;
use crate::demo_shop::DemoShop;
use crate::embedded_hub::EmbeddedHub;
use crate::words::CliError;

/// Runs the verb.
pub(crate) fn demo(arguments: &DemoArguments, open_window: OpenWindow<'_>, started: Instant, output: &Output) -> Ending {
    let dir = match &arguments.data {
        Some(dir) => dir.clone(),
        None => open::default_folder("demo")?,
    };
    fs::create_dir_all(&dir).map_err(|error| CliError::system("建不了数据文件夹", "the data folder cannot be made", error))?;
    let shop = DemoShop::read()?;
    let sign_ins = shop.sign_ins();
    let terminal = open_demo_terminal(&dir.join("till"), &sign_ins)?;
    let hub = ready(&dir, &terminal, &shop)?;
    let ending = if arguments.headless {
        let listen = Listen { at: arguments.listen, allow_hosts: arguments.allow_host.clone() };
        serve(&terminal, listen, &sign_ins, output)
    } else {
        run::show(terminal, open_window, started)
    };
    drop(hub);
    ending
}

fn open_demo_terminal(dir: &Path, sign_ins: &[String]) -> Result<Arc<Terminal>, CliError> {
    Ok(Terminal::open(TerminalOptions { demo_pins: sign_ins.to_vec(), ..TerminalOptions::new(dir) })?)
}

/// Starts the hub, and on the first start fills it and lets the terminal join it. A first start that was interrupted is done
/// again from its beginning.
fn ready(dir: &Path, terminal: &Terminal, shop: &DemoShop) -> Result<EmbeddedHub, CliError> {
    let known = terminal.store().terminal().and_then(|row| row.hub);
    let hub = EmbeddedHub::start(&dir.join("hub.sqlite"), known.as_ref().map(|hub| hub.url.as_str()))?;
    match known {
        None => {
            let code = shop.open_at(hub.hub())?;
            terminal.enrol(hub.url(), &code)?;
        }
        Some(known) if known.url != hub.url() => terminal.move_hub(hub.url())?,
        Some(_) => {}
    }
    if shop.is_known_to(terminal)? {
        terminal.adjust_stock(&shop.opening_stock(Timestamp::now()))?;
    }
    Ok(hub)
}
