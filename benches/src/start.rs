//! From the start of the process to screens that answer: over the bridge, and in the window where there is a display.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::measure::Samples;
use crate::report::Row;
use crate::{Failure, process};

const STARTS: usize = 5;
const GOAL_MS: f64 = 1_500.0;
/// What the program logs when the page in the window has loaded and asks for the terminal's state.
const READY: &str = "ready: the screens are asking";

/// Starts over the till in `dir`.
pub fn rows(dir: &Path) -> Result<Vec<Row>, Failure> {
    let runtime = tokio::runtime::Runtime::new()?;
    let bridge: Result<Samples, Failure> = (0..STARTS).map(|_| runtime.block_on(bridge(dir))).collect();
    let mut rows = vec![Row::at_most(
        "process start to a page and a terminal that answer, bridge, 1,000,000 products",
        bridge?.quantile(0.5),
        "ms",
        GOAL_MS,
    )];
    match window(dir)? {
        Some(millis) => {
            rows.push(Row::at_most("process start to screens that ask, window, 1,000,000 products", millis, "ms", GOAL_MS));
        }
        None => eprintln!("NOT MEASURED: the start of the window, for want of xvfb-run"),
    }
    Ok(rows)
}

async fn bridge(dir: &Path) -> Result<f64, Failure> {
    let started = Instant::now();
    let child = Command::new(process::program("tillbridge")?)
        .args(["bridge", "--json", "--listen", "127.0.0.1:0", "--data"])
        .arg(dir)
        .env("TILLBRIDGE_KEYS", "file")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut running = Running(child);
    let output = running.0.stdout.take().ok_or(Failure::Missing)?;
    let answer = process::first_answer(output)?;
    let address = answer["address"].as_str().ok_or(Failure::Missing)?.trim_end_matches('/').to_owned();
    let client = reqwest::Client::builder().no_proxy().build().map_err(std::io::Error::other)?;
    let get = |path: &str| client.get(format!("{address}{path}")).send();
    get("/").await.and_then(reqwest::Response::error_for_status).map_err(std::io::Error::other)?;
    let app = client.post(format!("{address}/api/app")).header("X-Tillbridge", "1").header("Origin", &address);
    let app = app.header("Content-Type", "application/json").body("{}").send().await;
    app.and_then(reqwest::Response::error_for_status).map_err(std::io::Error::other)?;
    Ok(started.elapsed().as_secs_f64() * 1_000.0)
}

fn window(dir: &Path) -> Result<Option<f64>, Failure> {
    if Command::new("xvfb-run").arg("--help").output().is_err() {
        return Ok(None);
    }
    let starts: Result<Samples, Failure> = (0..STARTS).map(|_| one_window(dir)).collect();
    Ok(Some(starts?.quantile(0.5)))
}

fn one_window(dir: &Path) -> Result<f64, Failure> {
    let child = Command::new("xvfb-run")
        .args(["-a", "-s", "-screen 0 1280x800x24", "-e", "/dev/stderr"])
        .arg(process::program("tillbridge")?)
        .args(["run", "--data"])
        .arg(dir)
        .env("TILLBRIDGE_KEYS", "file")
        .env("TILLBRIDGE_LOG", "info")
        .env("NO_COLOR", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut running = Running(child);
    let log = running.0.stderr.take().ok_or(Failure::Missing)?;
    for line in BufReader::new(log).lines() {
        let line = line?;
        if line.contains(READY) {
            let millis = line.rsplit_once("milliseconds=").and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
            return millis.ok_or(Failure::Missing);
        }
    }
    Err(Failure::Child("the window closed before its screens asked".to_owned()))
}

/// A child that ends, with all it started, when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        for pid in process::tree(self.0.id()).into_iter().rev() {
            let _ = Command::new("kill").arg(pid.to_string()).status();
        }
        let _ = self.0.wait();
    }
}
