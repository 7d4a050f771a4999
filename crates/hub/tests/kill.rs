//! kill -9 of the hub while it ingests: what it acknowledged is there after it has started again, nothing is there twice,
//! and the ledger adds up.

mod fake;

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use fake::{Answer, FakeTerminal, Place, code, on_both_databases};
use hub::Hub;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::Value;
use sync::wire::{PushAnswer, PushRequest};
use tokio::sync::watch;

/// How often the hub is killed, on each database.
const ROUNDS: usize = 50;
/// Terminals that push all the time.
const TERMINALS: usize = 4;

const UNBALANCED_POSTINGS: &str = "SELECT count(*) FROM (SELECT seq FROM posting_lines GROUP BY store, terminal, seq \
                                   HAVING sum(amount) <> 0) AS unbalanced";

on_both_databases!(no_kill_loses_or_doubles_an_acknowledged_entry);

/// `serve` in a process of its own.
struct Serving {
    process: Child,
    url: String,
}

impl Serving {
    /// Starts it, and comes back when it listens.
    async fn start(place: &Place) -> Self {
        let database = place.url.clone();
        tokio::task::spawn_blocking(move || {
            let mut process = Command::new(env!("CARGO_BIN_EXE_tillbridge-hub"))
                .args(["serve", "--json", "--log", "error", "--listen", "127.0.0.1:0", "--database", &database])
                .stdout(Stdio::piped())
                .spawn()
                .expect("the program runs");
            let stdout = process.stdout.take().expect("a pipe");
            let mut values = serde_json::Deserializer::from_reader(stdout).into_iter::<Value>();
            let value = values.next().expect("the hub starts after every kill").expect("JSON");
            Self { process, url: value["url"].as_str().expect("an address").to_owned() }
        })
        .await
        .expect("no panic")
    }

    /// kill -9.
    fn kill(mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("gone");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A till that pushes for as long as the test runs.
struct Pusher {
    till: FakeTerminal,
    /// The highest number that the hub has acknowledged to it.
    acknowledged: Arc<AtomicU64>,
    /// Pushes of all tills that were under way when the hub was killed.
    interrupted: Arc<AtomicU64>,
}

impl Pusher {
    /// Signs and pushes batches until told to stop, then until everything is acknowledged. A batch whose answer did not
    /// arrive is sent again, as it was.
    async fn run(mut self, mut hub: watch::Receiver<String>, stop: Arc<AtomicBool>, seed: u64) -> FakeTerminal {
        let mut rng = StdRng::seed_from_u64(seed);
        while !stop.load(Ordering::SeqCst) {
            let from = self.till.entries.len();
            for _ in 0..rng.random_range(1..=20) {
                let fen = rng.random_range(1..=100_000);
                if rng.random_range(0..10) == 0 {
                    self.till.refund(fen)
                } else {
                    self.till.sell(fen)
                };
            }
            loop {
                self.till.hub.clone_from(&hub.borrow_and_update());
                match self.try_push(from).await {
                    Some(Ok(answer)) => {
                        assert_eq!(answer.acked, self.till.entries.len() as u64);
                        self.acknowledged.store(answer.acked, Ordering::SeqCst);
                        break;
                    }
                    Some(Err(problem)) if problem.status == 503 => {}
                    Some(Err(problem)) => panic!("an honest till was refused: {problem:?}"),
                    None => tokio::time::sleep(Duration::from_millis(5)).await,
                }
            }
        }
        self.till
    }

    /// `None` when the hub is dead or died before its answer was whole.
    async fn try_push(&self, from: usize) -> Option<Answer<PushAnswer>> {
        let body = serde_json::to_vec(&PushRequest { entries: self.till.entries[from..].to_vec(), journal_ends_at: None })
            .expect("JSON");
        let path = format!("/v1/terminals/{}/entries", self.till.id);
        let answer = async {
            let response = self.till.request(Method::POST, &path, body).send().await?;
            Ok::<_, reqwest::Error>((response.status(), response.bytes().await?))
        };
        let (status, body) = match answer.await {
            Ok(answer) => answer,
            Err(error) => {
                if !error.is_connect() {
                    self.interrupted.fetch_add(1, Ordering::SeqCst);
                }
                return None;
            }
        };
        Some(if status.is_success() {
            Ok(serde_json::from_slice(&body).expect("an answer"))
        } else {
            Err(Box::new(serde_json::from_slice(&body).expect("a problem")))
        })
    }
}

async fn no_kill_loses_or_doubles_an_acknowledged_entry(place: Place) {
    let mut rng = StdRng::seed_from_u64(0x7111);
    let mut serving = Serving::start(&place).await;
    let (hub_url, _) = watch::channel(serving.url.clone());
    let stop = Arc::new(AtomicBool::new(false));
    let codes = Codes::of(&place).await;
    let (mut tills, mut acknowledged, interrupted) = (Vec::new(), Vec::new(), Arc::new(AtomicU64::new(0)));
    for (seed, code) in codes.0.iter().enumerate() {
        let till = FakeTerminal::new(&serving.url);
        let number = till.enrol(code).await.expect("joined").terminal_number;
        let known = Arc::new(AtomicU64::new(0));
        acknowledged.push((number, Arc::clone(&known)));
        let pusher = Pusher { till, acknowledged: known, interrupted: Arc::clone(&interrupted) };
        tills.push(tokio::spawn(pusher.run(hub_url.subscribe(), Arc::clone(&stop), seed as u64)));
    }

    for round in 0..ROUNDS {
        tokio::time::sleep(Duration::from_millis(rng.random_range(20..350))).await;
        serving.kill();
        let promised: Vec<u64> = acknowledged.iter().map(|(_, known)| known.load(Ordering::SeqCst)).collect();
        for ((terminal, _), promised) in acknowledged.iter().zip(promised) {
            let held = place.count(&format!("SELECT count(*) FROM entries WHERE terminal = {terminal}"));
            assert!(held >= i64::try_from(promised).expect("a number"), "round {round}: {promised} acknowledged, {held} held");
        }
        serving = Serving::start(&place).await;
        hub_url.send_replace(serving.url.clone());
    }
    stop.store(true, Ordering::SeqCst);

    // Every entry is a sale or a refund.
    let mut entries = 0;
    for till in tills {
        let till = till.await.expect("no panic");
        let head: PushAnswer = till.get(&format!("/v1/terminals/{}/head", till.id)).await.expect("a head");
        assert_eq!((head.acked, &head.head), (till.head.seq, &till.head.hash.to_string()));
        entries += i64::try_from(till.entries.len()).expect("a number");
    }
    assert!(entries > 2 * i64::try_from(ROUNDS).expect("a number"), "the hub was busy: {entries} entries");
    assert_eq!(place.count("SELECT count(*) FROM entries"), entries);
    assert_eq!(place.count("SELECT count(DISTINCT hash) FROM entries"), entries);
    assert_eq!(place.count("SELECT count(*) FROM orders"), entries);
    assert_eq!(place.count(UNBALANCED_POSTINGS), 0);
    assert_eq!(place.count("SELECT count(*) FROM postings"), entries);
    assert_eq!(place.count("SELECT count(*) FROM incidents"), 0);
    let interrupted = interrupted.load(Ordering::SeqCst);
    assert!(interrupted > 0, "the hub was killed while it was taking something in");
    println!("{ROUNDS} kills, {interrupted} pushes interrupted, {entries} entries");
}

/// One-time codes, made over the database beside the running hub.
struct Codes(Vec<String>);

impl Codes {
    async fn of(place: &Place) -> Self {
        let database = place.database.clone();
        let hub = tokio::task::spawn_blocking(move || Hub::open(&database)).await.expect("no panic").expect("opened");
        let mut codes = Vec::new();
        for _ in 0..TERMINALS {
            codes.push(code(&hub, "S1").await);
        }
        Self(codes)
    }
}
