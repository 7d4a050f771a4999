//! What the system says of a process (Linux's /proc).

use std::fs;
use std::io::Read;
use std::path::PathBuf;

use serde_json::Value;

use crate::Failure;

/// Megabytes (10^6 bytes) resident.
pub fn resident_mb(pid: u32) -> Result<f64, Failure> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.map(|kb| kb * 1_024.0 / 1_000_000.0).ok_or(Failure::Missing)
}

/// Milliseconds of processor time that `pid` and all processes under it have used, those that have ended included.
pub fn cpu_ms_of_tree(pid: u32) -> f64 {
    tree(pid).into_iter().filter_map(stat).map(|(.., ms)| ms).sum()
}

/// `pid` and all processes under it, parents first.
pub fn tree(pid: u32) -> Vec<u32> {
    let pids = fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let processes: Vec<(u32, u32, f64)> = pids.filter_map(stat).collect();
    let mut tree = vec![pid];
    let mut next = 0;
    while let Some(parent) = tree.get(next).copied() {
        tree.extend(processes.iter().filter(|(_, of, _)| *of == parent).map(|(child, ..)| *child));
        next += 1;
    }
    tree
}

/// Pid, parent and milliseconds of processor time, ended children included.
fn stat(pid: u32) -> Option<(u32, u32, f64)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    let ticks: f64 = fields.get(11..15)?.iter().filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    // Linux counts in hundredths of a second (USER_HZ) on every platform we run on.
    Some((pid, fields.get(1)?.parse().ok()?, ticks * 10.0))
}

/// The process that started `pid`.
pub fn parent(pid: u32) -> Option<u32> {
    stat(pid).map(|(_, parent, _)| parent)
}

/// A program of the same build, beside this one.
pub fn program(name: &str) -> Result<PathBuf, Failure> {
    let here = std::env::current_exe()?;
    let program = here.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if program.is_file() { Ok(program) } else { Err(Failure::NotBuilt(program)) }
}

/// The first JSON value that a program says on its standard output.
pub fn first_answer(output: impl Read) -> Result<Value, Failure> {
    Ok(serde_json::Deserializer::from_reader(output).into_iter().next().ok_or(Failure::Missing)??)
}
