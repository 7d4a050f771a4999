//! `bridge`: the same screens in a browser.

use std::net::SocketAddr;
use std::sync::Arc;

use bridge::{Bridge, BridgeOptions};
use serde_json::{Value, json};
use till::Terminal;

use super::open;
use crate::answer::{Clean, Ending, Output};
use crate::arguments::BridgeArguments;
use crate::supervise::left_alone;
use crate::words::CliError;

/// Runs the verb.
pub(crate) fn bridge(arguments: &BridgeArguments, output: &Output) -> Ending {
    let dir = match &arguments.data {
        Some(dir) => dir.clone(),
        None => open::default_folder("till")?,
    };
    let terminal = open::terminal(&dir)?;
    serve(&terminal, Listen { at: arguments.listen, allow_hosts: arguments.allow_host.clone() }, &[], output)
}

/// Where browsers find the screens.
#[derive(Debug, Clone)]
pub(crate) struct Listen {
    /// The address.
    pub(crate) at: SocketAddr,
    /// Host names under which they may ask.
    pub(crate) allow_hosts: Vec<String>,
}

/// Serves `terminal` until the program is told to stop; says first where, and with which sign-ins.
pub(crate) fn serve(terminal: &Arc<Terminal>, listen: Listen, sign_ins: &[String], output: &Output) -> Ending {
    let runtime = runtime()?;
    let tasks = terminal.start_background()?;
    let result = runtime.block_on(async {
        let options = BridgeOptions { listen: listen.at, allow_hosts: listen.allow_hosts };
        let commands: Arc<Terminal> = Arc::clone(terminal);
        let bridge = Bridge::bind(commands, terminal.subscribe(), options).await.map_err(|error| failed(&error))?;
        announce(&bridge.address(), sign_ins, output);
        bridge.run(told_to_stop()).await.map_err(|error| failed(&error))
    });
    drop(tasks);
    result.map(|()| Clean::Yes)
}

fn announce(address: &str, sign_ins: &[String], output: &Output) {
    let value: Value = json!({ "address": address, "sign_ins": sign_ins });
    let mut zh = format!("请用浏览器打开 {address}");
    let mut en = format!("Open {address} in a browser");
    if !sign_ins.is_empty() {
        zh.push_str("\n登录（名字：PIN）：");
        en.push_str("\nSign in as (name: PIN):");
        for sign_in in sign_ins {
            zh.push_str("\n  ");
            zh.push_str(sign_in);
            en.push_str("\n  ");
            en.push_str(sign_in);
        }
    }
    output.answer(&value, &zh, &en);
}

fn failed(error: &impl std::fmt::Display) -> CliError {
    CliError::system("浏览器服务出了问题", "the screens cannot be served", error)
}

/// A runtime for what is served.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| CliError::system("系统没有给出线程", "the system gave no threads", error))
}

/// Ends when the program is told to stop: Ctrl+C, or SIGTERM where there is such a thing.
pub(crate) async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
                () = left_alone() => {}
            }
            return;
        }
    }
    tokio::select! {
        Ok(()) = tokio::signal::ctrl_c() => {}
        () = left_alone() => {}
    }
}
