//! A PostgreSQL of the tests' own: one cluster per test process, in a temporary folder, with fsync on, and a database per
//! test. A guard process ends and removes it when the test process is gone, however that ended.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs};

use postgres::{Client, NoTls};

/// What to do when there is no PostgreSQL; a test that needs it fails with this.
const MISSING: &str = "PostgreSQL is not installed: these tests start one of their own. Install Debian's or Ubuntu's package \
     `postgresql` (macOS: brew install postgresql), or set TILLBRIDGE_POSTGRES_BIN to the folder that holds initdb";

/// A database of one test. It goes with its cluster when the test process ends.
#[derive(Debug, Clone)]
pub struct Database {
    url: String,
}

impl Database {
    /// A new, empty database in this process's cluster, which is started by the first call. Panics, naming the package to
    /// install, when PostgreSQL is not there.
    pub fn create() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let cluster = Cluster::of_this_process();
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut client = Client::connect(&cluster.url("postgres"), NoTls).expect("the test's PostgreSQL takes connections");
        client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database is created");
        Self { url: cluster.url(&name) }
    }

    /// `postgres://…`, with a superuser's rights.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection to it.
    pub fn connect(&self) -> Client {
        Client::connect(&self.url, NoTls).expect("the test's PostgreSQL takes connections")
    }
}

struct Cluster {
    port: u16,
    /// The guard lives until this end of its pipe closes, which the system does when this process ends in any way.
    _guard: (Child, ChildStdin),
}

impl Cluster {
    fn of_this_process() -> &'static Self {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        CLUSTER.get_or_init(Self::start)
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    fn start() -> Self {
        let programs = Programs::find();
        let folder = tempfile::Builder::new().prefix("tillbridge-postgres-").tempdir().expect("a temporary folder").keep();
        if programs.as_root {
            run(Command::new("chown").arg("postgres:").arg(&folder), &folder);
        }
        let guard = guard(&programs, &folder);
        let data = folder.join("data");
        run(
            programs
                .command("initdb", &folder)
                .args(["--username=postgres", "--auth=trust", "--no-locale", "--encoding=UTF8", "--no-sync"])
                .arg("--pgdata")
                .arg(&data),
            &folder,
        );
        // Another process may take the port between the question and the start.
        for _ in 0..5 {
            let port = free_port();
            let mut settings = format!("-p {port} -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=on");
            if cfg!(unix) {
                settings.push_str(" -c unix_socket_directories=''");
            }
            let mut start = programs.command("pg_ctl", &folder);
            start.args(["start", "--wait", "--silent", "--timeout=60", "--options"]).arg(settings);
            start.arg("--pgdata").arg(&data).arg("--log").arg(folder.join("server.log"));
            if start.status().is_ok_and(|status| status.success()) {
                return Self { port, _guard: guard };
            }
        }
        let log = fs::read_to_string(folder.join("server.log")).unwrap_or_default();
        panic!("the test's PostgreSQL did not start:\n{log}");
    }
}

/// Where PostgreSQL's programs lie, and whether they must be run as another user: they refuse to run as root.
struct Programs {
    folder: PathBuf,
    as_root: bool,
}

impl Programs {
    fn find() -> Self {
        let named = env::var_os("TILLBRIDGE_POSTGRES_BIN").map(PathBuf::from);
        let on_path = env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>()).unwrap_or_default();
        let mut versions: Vec<PathBuf> =
            ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "C:/Program Files/PostgreSQL"]
                .iter()
                .filter_map(|place| fs::read_dir(place).ok())
                .flat_map(|entries| entries.flatten().map(|entry| entry.path().join("bin")))
                .collect();
        versions.sort_by_key(|path| std::cmp::Reverse(version(path)));
        let folder = named
            .into_iter()
            .chain(versions)
            .chain(on_path)
            .find(|folder| folder.join(format!("initdb{}", env::consts::EXE_SUFFIX)).is_file())
            .expect(MISSING);
        Self { folder, as_root: cfg!(unix) && effective_user_is_root() }
    }

    /// One of the programs, run in `folder`. Its output goes nowhere: a server that inherits a pipe keeps it open.
    fn command(&self, program: &str, folder: &Path) -> Command {
        let path = self.folder.join(program);
        let mut command = if self.as_root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

/// `…/postgresql/17/bin` → 17, so that 17 comes before 9.
fn version(bin: &Path) -> u32 {
    let name = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    name.trim_start_matches(|c: char| !c.is_ascii_digit()).split('.').next().and_then(|n| n.parse().ok()).unwrap_or(0)
}

fn effective_user_is_root() -> bool {
    let answer = Command::new("id").arg("-u").output();
    answer.is_ok_and(|answer| answer.stdout.trim_ascii() == b"0")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    listener.local_addr().expect("a bound listener has an address").port()
}

/// Starts what ends the cluster and removes its folder as soon as this process no longer holds the pipe's other end. Out of
/// the test's process group, so that Ctrl-C does not end it first.
fn guard(programs: &Programs, folder: &Path) -> (Child, ChildStdin) {
    const SCRIPT: &str = r#"
        trap '' HUP INT TERM
        folder=$1; shift
        cat > /dev/null
        "$@"
        cd / && rm -rf "$folder"
    "#;
    let mut stop = programs.command("pg_ctl", folder);
    stop.args(["stop", "--mode=immediate", "--pgdata"]).arg(folder.join("data"));
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT, "guard"]).arg(folder).arg(stop.get_program()).args(stop.get_args());
    command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().expect("a guard process starts");
    let pipe = child.stdin.take().expect("the guard's input is a pipe");
    (child, pipe)
}

fn run(command: &mut Command, folder: &Path) {
    let log = folder.join("setup.log");
    let output = fs::File::create(&log).expect("a file in the test's own folder");
    let status = command.stdout(output.try_clone().expect("a second handle")).stderr(output).status();
    let done = status.as_ref().is_ok_and(std::process::ExitStatus::success);
    assert!(done, "{command:?} failed ({status:?}):\n{}", fs::read_to_string(log).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_test_gets_an_empty_database_that_syncs_its_commits() {
        let (first, second) = (Database::create(), Database::create());
        first.connect().batch_execute("CREATE TABLE here (n BIGINT)").expect("a table");
        let there: i64 =
            second.connect().query_one("SELECT count(*) FROM pg_tables WHERE tablename = 'here'", &[]).expect("a count").get(0);
        assert_eq!(there, 0);
        let fsync: String = second.connect().query_one("SHOW fsync", &[]).expect("a setting").get(0);
        assert_eq!(fsync, "on");
    }

    #[test]
    fn newer_versions_are_preferred() {
        assert!(version(Path::new("/usr/lib/postgresql/17/bin")) > version(Path::new("/usr/lib/postgresql/9.6/bin")));
        assert_eq!(version(Path::new("/opt/homebrew/opt/postgresql@16/bin")), 16);
    }
}
