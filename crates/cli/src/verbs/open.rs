//! Opening a terminal's folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use directories::ProjectDirs;
use till::{Terminal, TerminalOptions};

use crate::words::CliError;

/// Opens the terminal in `dir`, which is made when it is new.
pub(crate) fn terminal(dir: &Path) -> Result<Arc<Terminal>, CliError> {
    Ok(Terminal::open(TerminalOptions::new(dir))?)
}

/// Opens the terminal in `dir`, which must be one already: a typing slip must not make a new one.
pub(crate) fn existing_terminal(dir: &Path) -> Result<Arc<Terminal>, CliError> {
    must_exist(dir)?;
    terminal(dir)
}

/// Refuses a folder that holds no terminal.
pub(crate) fn must_exist(dir: &Path) -> Result<(), CliError> {
    if dir.join("till.sqlite").is_file() {
        return Ok(());
    }
    let shown = dir.display();
    Err(CliError::new(
        "no_store",
        format!("{shown} 里没有收银机的数据。请检查文件夹，或者先用 tillbridge enrol 建立。"),
        format!("there is no terminal in {shown}: check the folder, or make one with tillbridge enrol"),
    ))
}

/// A folder `name` of this program in the user's data folder.
pub(crate) fn default_folder(name: &str) -> Result<PathBuf, CliError> {
    let folders = ProjectDirs::from("app", "Tillbridge", "Tillbridge").ok_or_else(|| {
        CliError::new(
            "no_home",
            "找不到用户的数据文件夹，请用 --data 指定。",
            "your data folder is not known: name one with --data",
        )
    })?;
    Ok(folders.data_dir().join(name))
}
