//! The program as a shop's script calls it.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod hub;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own for what the program writes.
pub struct Place {
    pub folder: TempDir,
}

/// What a run of the program said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// The answer as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}

impl Place {
    pub fn new() -> Self {
        Self { folder: TempDir::new().expect("a folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The terminal's folder.
    pub fn till(&self) -> PathBuf {
        self.path("till")
    }

    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("written");
        path
    }

    /// Runs the program to its end.
    #[track_caller]
    pub fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Said {
        said(&self.command("C.UTF-8").args(arguments).output().expect("the program runs"))
    }

    /// Runs the program for a Chinese reader.
    #[track_caller]
    pub fn run_in_chinese<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Said {
        said(&self.command("zh_CN.UTF-8").args(arguments).output().expect("the program runs"))
    }

    /// Starts the program and does not wait.
    pub fn start<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Child {
        self.command("C.UTF-8").args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts")
    }

    fn command(&self, locale: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tillbridge-headless"));
        command
            .env("TILLBRIDGE_KEYS", "file")
            .env("LC_ALL", locale)
            .env_remove("TILLBRIDGE_LOG")
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }
}

fn said(output: &Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A path as an argument.
pub fn text(path: &Path) -> String {
    path.to_str().expect("a path in UTF-8").to_owned()
}
