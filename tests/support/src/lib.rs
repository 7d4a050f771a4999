//! What the tests of several crates share: a PostgreSQL of their own, a network that misbehaves, and where the programs
//! under test and the real data lie.

pub mod fault_proxy;
pub mod postgres;

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// A file of the `shared` folder beside the repository, named from there: `data/online-retail.csv.zst`. `None`, and a line
/// that says so, when there is no such folder; a name that is not in the folder is a mistake of the test.
pub fn shared_data(name: &str) -> Option<PathBuf> {
    let repository = repository();
    let shared = repository.parent().unwrap_or(&repository).join("shared");
    let file = shared.join(name);
    if !shared.is_dir() {
        println!("SKIPPED: {name} is needed and there is no folder {} beside the repository", shared.display());
        return None;
    }
    assert!(file.exists(), "{} is not there: the test names a file that the shared folder does not hold", file.display());
    Some(file)
}

/// The built program `name`, of the build that the running test belongs to.
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own program");
    // target/<profile>/deps/<test>
    let profile = test.ancestors().nth(2).expect("a test lies in a folder of its build");
    let program = profile.join(format!("{name}{EXE_SUFFIX}"));
    assert!(program.is_file(), "{} is not built: run cargo build --bin {name}, or ./dev test", program.display());
    program
}
