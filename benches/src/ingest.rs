//! A hub in a process of its own takes in journals over HTTP, against plain inserts of the same rows with the same
//! signatures verified.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;

use domain::{Currency, Name, StoreCode};
use hub::{AddTerminal, DatabaseUrl, Hub};
use jiff::Timestamp;
use sync::{ClientOptions, HubAddress, HubClient, compose_enrolment, enrol};
use test_support::postgres::Database;
use tokio::runtime::Runtime;

use crate::floor::{Floor, FloorClient};
use crate::journals::Journal;
use crate::measure::{Samples, time};
use crate::report::Row;
use crate::{Failure, process};

const BATCH: usize = 100;
const BATCHES_A_ROUND: usize = 8;
const ROUNDS: usize = 7;
const SINGLES_A_ROUND: usize = 40;
const SINGLE_CLIENTS: usize = 8;

/// Ingest on both databases.
pub fn rows() -> Result<Vec<Row>, Failure> {
    let mut rows = on_sqlite()?;
    rows.extend(on_postgres()?);
    Ok(rows)
}

fn on_sqlite() -> Result<Vec<Row>, Failure> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("hub.sqlite");
    let floor = Floor::sqlite(&folder.path().join("floor.sqlite"))?;
    measured("SQLite", &file.to_string_lossy(), &floor, None)
}

fn on_postgres() -> Result<Vec<Row>, Failure> {
    let (server, floor_server) = (Database::create(), Database::create());
    let floor = Floor::postgres(floor_server.url())?;
    let mut asking = server.connect();
    let pid: i32 = asking.query_one("SELECT pg_backend_pid()", &[])?.get(0);
    let postmaster = process::parent(u32::try_from(pid).unwrap_or(0)).ok_or(Failure::Missing)?;
    measured("PostgreSQL", server.url(), &floor, Some(postmaster))
}

fn measured(name: &str, database: &str, floor: &Floor, postmaster: Option<u32>) -> Result<Vec<Row>, Failure> {
    let hub = HubProcess::start(database)?;
    let mut rows = Vec::new();
    let mut hub_cpu = 0.0;
    let mut orders = 0_usize;
    for clients in [1, 4] {
        let tills = (0..clients).map(|_| hub.till(database)).collect::<Result<Vec<_>, _>>()?;
        let (ours, bare, cpu) = alternate(tills, floor, BATCH, BATCHES_A_ROUND, &|| hub.cpu_ms(postmaster))?;
        hub_cpu += cpu;
        orders += clients * BATCH * BATCHES_A_ROUND * (ROUNDS + 1);
        let title = format!("{name}: ingest over HTTP in batches of {BATCH}, {clients} client(s)");
        rows.push(Row::share_of_floor(&title, ours, bare, "orders/s", 0.5));
    }
    #[allow(clippy::cast_precision_loss)]
    let per_order = hub_cpu / orders as f64;
    rows.push(Row::at_most(&format!("{name}: processor time of hub and database, an order"), per_order, "ms", 0.6));
    let tills = (0..SINGLE_CLIENTS).map(|_| hub.till(database)).collect::<Result<Vec<_>, _>>()?;
    let (ours, bare, _) = alternate(tills, floor, 1, SINGLES_A_ROUND, &|| 0.0)?;
    let title = format!("{name}: one order a request, {SINGLE_CLIENTS} clients, against a bare transaction each");
    rows.push(Row::share_of_floor(&title, ours, bare, "orders/s", 0.5));
    rows.push(Row::at_most(&format!("{name}: memory of the hub after it"), process::resident_mb(hub.child.id())?, "MB", 100.0));
    Ok(rows)
}

/// A terminal with its connection to the hub.
struct Till {
    client: HubClient,
    journal: Journal,
}

/// Rounds of the hub and of the floor in turn, each till with `batches` batches of `size` a round: orders a second of both
/// (medians), and the processor time that `cpu` saw while the hub worked.
fn alternate(
    mut tills: Vec<Till>,
    floor: &Floor,
    size: usize,
    batches: usize,
    cpu: &dyn Fn() -> f64,
) -> Result<(f64, f64, f64), Failure> {
    #[allow(clippy::cast_precision_loss)]
    let orders = (tills.len() * size * batches) as f64;
    let mut inserters = tills.iter().map(|_| floor.client()).collect::<Result<Vec<_>, _>>()?;
    let (mut ours, mut bare, mut used) = (Vec::new(), Vec::new(), 0.0);
    for round in 0..=ROUNDS {
        let work: Vec<Vec<Vec<String>>> = tills
            .iter_mut()
            .map(|till| (0..batches).map(|_| till.journal.sales(size)).collect::<Result<Vec<_>, _>>())
            .collect::<Result<_, _>>()?;
        let mut run_ours = || -> Result<f64, Failure> {
            let before = cpu();
            let (millis, done) = time(|| push(&tills, &work));
            done?;
            used += cpu() - before;
            Ok(millis)
        };
        let mut run_bare = || -> Result<f64, Failure> {
            let (millis, done) = time(|| insert(&tills, &mut inserters, &work));
            done?;
            Ok(millis)
        };
        let (hub, floor) = if round % 2 == 0 {
            let hub = run_ours()?;
            (hub, run_bare()?)
        } else {
            let floor = run_bare()?;
            (run_ours()?, floor)
        };
        if round > 0 {
            ours.push(hub);
            bare.push(floor);
        }
    }
    let rate = |took: Vec<f64>| orders / took.into_iter().collect::<Samples>().quantile(0.5) * 1_000.0;
    Ok((rate(ours), rate(bare), used))
}

fn push(tills: &[Till], work: &[Vec<Vec<String>>]) -> Result<(), Failure> {
    together(tills.iter().zip(work).map(|(till, batches)| {
        move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                for batch in batches {
                    till.client.push(batch).await?;
                }
                Ok(())
            })
        }
    }))
}

fn insert(tills: &[Till], inserters: &mut [FloorClient<'_>], work: &[Vec<Vec<String>>]) -> Result<(), Failure> {
    together(tills.iter().zip(inserters).zip(work).map(|((till, inserter), batches)| {
        move || {
            let key = till.journal.keys.journal.public();
            batches.iter().try_for_each(|batch| inserter.insert(batch, &key))
        }
    }))
}

/// Runs every client on a thread of its own and waits for all.
fn together<'scope, W>(clients: impl Iterator<Item = W>) -> Result<(), Failure>
where
    W: FnOnce() -> Result<(), Failure> + Send + 'scope,
{
    thread::scope(|scope| {
        let running: Vec<_> = clients.map(|client| scope.spawn(client)).collect();
        running.into_iter().try_for_each(|thread| thread.join().map_err(|_| Failure::Missing)?)
    })
}

/// The hub's program at work.
struct HubProcess {
    child: Child,
    url: String,
    runtime: Runtime,
}

impl HubProcess {
    fn start(database: &str) -> Result<Self, Failure> {
        let mut child = Command::new(process::program("tillbridge-hub")?)
            .args(["serve", "--database", database, "--listen", "127.0.0.1:0", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = child.stdout.take().ok_or(Failure::Missing)?;
        let answer = process::first_answer(output)?;
        let url = answer["url"].as_str().ok_or(Failure::Missing)?.to_owned();
        Ok(Self { child, url, runtime: Runtime::new()? })
    }

    /// A new terminal that has joined.
    fn till(&self, database: &str) -> Result<Till, Failure> {
        let store = StoreCode::parse("B1").map_err(|_| Failure::Missing)?;
        let database: DatabaseUrl = database.parse()?;
        let terminal = AddTerminal {
            store: store.clone(),
            name: "bench".to_owned(),
            currency: Some(Currency::parse("CNY")?),
            time_zone: Some("Asia/Shanghai".to_owned()),
            shop_name: Some(Name { zh: "店".to_owned(), en: "Shop".to_owned() }),
        };
        let code = Hub::open(&database)?.add_terminal(&terminal, Timestamp::now())?.code;
        let journal = Journal::new(&store)?;
        let (address, options) = (HubAddress::parse(&self.url)?, ClientOptions::default());
        let request = compose_enrolment(&code, journal.terminal, &journal.keys)?;
        self.runtime.block_on(enrol(&address, &request, &options))?;
        let client = HubClient::new(address, journal.terminal, Arc::clone(&journal.keys), &options)?;
        Ok(Till { client, journal })
    }

    fn cpu_ms(&self, postmaster: Option<u32>) -> f64 {
        process::cpu_ms_of_tree(self.child.id()) + postmaster.map_or(0.0, process::cpu_ms_of_tree)
    }
}

impl Drop for HubProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
