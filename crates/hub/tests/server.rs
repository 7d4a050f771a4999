//! The hub over HTTP, asked by a terminal that signs its requests.

mod fake;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use domain::{Change, TerminalId};
use fake::{FakeTerminal, Place, client, code, on_both_databases, read};
use hub::Hub;
use hub::server::{ServeError, ServeOptions, TlsFiles, bind};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::Value;
use sync::wire::{FeedPage, Incidents, MAX_BODY_BYTES, MAX_ENTRIES_PER_PUSH, ProblemKind, PushAnswer, SnapshotHeader};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

on_both_databases! {
    a_terminal_joins_pushes_and_reads_what_its_store_sells,
    a_push_may_be_repeated,
    requests_without_a_valid_proof_are_refused,
    a_terminal_reads_its_own_store_alone,
    a_lost_terminals_tail_is_handed_in_by_another_of_its_store,
    what_breaks_a_journal_is_refused_and_kept_as_an_incident,
    a_revoked_terminal_is_shut_out,
    whoever_runs_the_hub_sees_how_it_fares,
}

/// A hub that answers on loopback.
struct Running {
    hub: Hub,
    url: String,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<Result<(), ServeError>>,
}

impl Running {
    async fn start(place: &Place) -> Self {
        let hub = open(place).await;
        let server = bind(hub.clone(), loopback()).await.expect("listening");
        let url = server.url();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(server.run(async { drop(stopped.await) }));
        Self { hub, url, stop: Some(stop), served }
    }

    fn address(&self) -> SocketAddr {
        self.url.strip_prefix("http://").and_then(|address| address.parse().ok()).expect("an address")
    }

    async fn joined(&self, store: &str) -> (FakeTerminal, sync::wire::Enrolment) {
        FakeTerminal::joined(&self.url, &self.hub, store).await
    }
}

async fn open(place: &Place) -> Hub {
    let database = place.database.clone();
    tokio::task::spawn_blocking(move || Hub::open(&database)).await.expect("no panic").expect("opened")
}

fn loopback() -> ServeOptions {
    ServeOptions::new(SocketAddr::from(([127, 0, 0, 1], 0)))
}

async fn a_terminal_joins_pushes_and_reads_what_its_store_sells(place: Place) {
    let running = Running::start(&place).await;
    let (mut till, enrolment) = running.joined("S1").await;
    assert_eq!((enrolment.shop.code.as_str(), enrolment.terminal_number), ("S1", 1));

    till.sell(500);
    till.sell(720);
    let answer = till.push(&till.entries).await.expect("taken in");
    assert_eq!((answer.acked, &answer.head), (2, &till.head.hash.to_string()));
    let signed = journal::verify_countersignature(&answer.countersignature, &enrolment.hub_key).expect("the hub's");
    assert_eq!(signed, (till.id, till.head));
    assert_eq!(till.get::<PushAnswer>(&format!("/v1/terminals/{}/head", till.id)).await.expect("a head"), answer);

    let store = enrolment.shop.id;
    let page: FeedPage = till.get(&format!("/v1/stores/{store}/feed?after=0")).await.expect("a page");
    assert!(page.changes.contains(&Change::Shop(enrolment.shop)), "{page:?}");

    let path = format!("/v1/stores/{store}/snapshot");
    let snapshot = till.request(Method::GET, &path, Vec::new()).send().await.expect("an answer");
    assert_eq!(snapshot.headers()["content-type"], "application/zstd");
    let lines = zstd::decode_all(&snapshot.bytes().await.expect("whole")[..]).expect("zstd");
    let lines: Vec<&str> = std::str::from_utf8(&lines).expect("text").lines().collect();
    let header: SnapshotHeader = serde_json::from_str(lines[0]).expect("a header");
    assert_eq!(header.changes, lines.len() as u64 - 1);
    assert!(lines[1..].iter().all(|line| serde_json::from_str::<Change>(line).is_ok()));
}

async fn a_push_may_be_repeated(place: Place) {
    let running = Running::start(&place).await;
    let (mut till, _) = running.joined("S1").await;
    for fen in 1..=5 {
        till.sell(fen);
    }
    let first = till.push(&till.entries[..3]).await.expect("taken in");
    assert_eq!(till.push(&till.entries[..3]).await.expect("held already"), first);
    assert_eq!(till.push(&till.entries).await.expect("the rest is new").acked, 5);
    assert_eq!(place.count("SELECT count(*) FROM entries"), 5);
}

async fn requests_without_a_valid_proof_are_refused(place: Place) {
    let running = Running::start(&place).await;
    let (mut till, enrolment) = running.joined("S1").await;
    let head = format!("/v1/terminals/{}/head", till.id);

    let unsigned = client().get(format!("{}{head}", running.url)).send().await.expect("an answer");
    assert_eq!(read::<PushAnswer>(unsigned).await.expect_err("refused").kind, ProblemKind::Unauthenticated);

    // Signed for one path, sent to another.
    let signed = till.request(Method::GET, &head, Vec::new()).build().expect("a request");
    let mut moved = signed.try_clone().expect("a copy");
    moved.url_mut().set_path(&format!("/v1/stores/{}/incidents", enrolment.shop.id));
    let answer = till.client.execute(moved).await.expect("an answer");
    assert_eq!(read::<Incidents>(answer).await.expect_err("refused").kind, ProblemKind::Unauthenticated);

    let stranger = FakeTerminal::new(&running.url);
    assert_eq!(stranger.get::<PushAnswer>(&head).await.expect_err("refused").kind, ProblemKind::UnknownTerminal);

    till.clock_ahead = 86_400;
    let answer = till.request(Method::GET, &head, Vec::new()).send().await.expect("an answer");
    assert!(answer.headers().contains_key("date"), "the till learns the hub's time");
    let problem = read::<PushAnswer>(answer).await.expect_err("refused");
    assert_eq!((problem.kind, problem.status), (ProblemKind::ClockSkew, 401));
}

async fn a_terminal_reads_its_own_store_alone(place: Place) {
    let running = Running::start(&place).await;
    let (till, _) = running.joined("S1").await;
    let (_, elsewhere) = running.joined("S2").await;
    let store = elsewhere.shop.id;
    for path in ["feed?after=0", "snapshot", "incidents"] {
        let refused = till.get::<Value>(&format!("/v1/stores/{store}/{path}")).await.expect_err("refused");
        assert_eq!((refused.kind, refused.status), (ProblemKind::Forbidden, 403), "{path}");
    }
}

async fn a_lost_terminals_tail_is_handed_in_by_another_of_its_store(place: Place) {
    let running = Running::start(&place).await;
    let (mut lost, _) = running.joined("S1").await;
    let (successor, _) = running.joined("S1").await;
    let (stranger, _) = running.joined("S2").await;
    lost.sell(100);
    lost.push(&lost.entries).await.expect("taken in");
    lost.sell(200);
    lost.sell(300);
    let tail = &lost.entries[1..];

    assert_eq!(stranger.push_for(lost.id, tail).await.expect_err("refused").kind, ProblemKind::Forbidden);
    let nobody = TerminalId::generate();
    assert_eq!(successor.push_for(nobody, tail).await.expect_err("refused").kind, ProblemKind::UnknownTerminal);
    assert_eq!(successor.push_for(lost.id, tail).await.expect("taken in").acked, 3);
    assert_eq!(place.count("SELECT count(*) FROM orders"), 3);
}

async fn what_breaks_a_journal_is_refused_and_kept_as_an_incident(place: Place) {
    let running = Running::start(&place).await;
    let (mut till, enrolment) = running.joined("S1").await;
    let (mut other, _) = running.joined("S1").await;
    let start = till.head;
    till.sell(100);
    till.push(&till.entries).await.expect("taken in");
    till.sell(200);
    till.sell(300);

    let gap = till.push(&till.entries[2..]).await.expect_err("refused");
    assert_eq!((gap.kind, gap.status, gap.acked), (ProblemKind::Gap, 409, Some(1)));

    let mut parts: Vec<&str> = till.entries[1].split('.').collect();
    let (payload, signature) = (till.entries[2].split('.').nth(1).expect("a payload"), parts[2]);
    parts = vec![parts[0], payload, signature];
    let tampered = till.push(&[parts.join(".")]).await.expect_err("refused");
    assert_eq!((tampered.kind, tampered.status), (ProblemKind::BadSignature, 422));

    let foreign = till.push(&[other.sell(1)]).await.expect_err("refused");
    assert!([ProblemKind::BadSignature, ProblemKind::ForeignEntry].contains(&foreign.kind), "{foreign:?}");

    // The same store on two machines: another first entry by the same key.
    let mut copy = FakeTerminal::new(&running.url);
    (copy.id, copy.head) = (till.id, start);
    std::mem::swap(&mut copy.keys, &mut till.keys);
    copy.sell(999);
    let fork = copy.push(&copy.entries).await.expect_err("refused");
    assert_eq!((fork.kind, fork.status, fork.acked), (ProblemKind::Fork, 409, Some(1)));
    std::mem::swap(&mut copy.keys, &mut till.keys);

    let path = format!("/v1/stores/{}/incidents", enrolment.shop.id);
    let kinds: Vec<ProblemKind> =
        till.get::<Incidents>(&path).await.expect("incidents").incidents.iter().map(|incident| incident.kind).collect();
    for kind in [ProblemKind::Gap, ProblemKind::BadSignature, ProblemKind::Fork] {
        assert!(kinds.contains(&kind), "{kind:?} is missing in {kinds:?}");
    }
    // The till keeps selling, and what it sold arrives.
    assert_eq!(till.push(&till.entries[1..]).await.expect("taken in").acked, 3);
}

async fn a_revoked_terminal_is_shut_out(place: Place) {
    let running = Running::start(&place).await;
    let (mut till, enrolment) = running.joined("S1").await;
    till.sell(100);
    let (hub, id) = (running.hub.clone(), till.id);
    let revoked = tokio::task::spawn_blocking(move || hub.revoke_terminal(id, Timestamp::now())).await;
    revoked.expect("no panic").expect("revoked");
    let push = till.push(&till.entries).await.expect_err("refused");
    assert_eq!(push.kind, ProblemKind::UnknownTerminal);
    let path = format!("/v1/stores/{}/feed?after=0", enrolment.shop.id);
    assert_eq!(till.get::<FeedPage>(&path).await.expect_err("refused").kind, ProblemKind::UnknownTerminal);

    // Its sales are not lost: another terminal of the store may hand them in.
    let (successor, _) = running.joined("S1").await;
    assert_eq!(successor.push_for(till.id, &till.entries).await.expect("taken in").acked, 1);
}

async fn whoever_runs_the_hub_sees_how_it_fares(place: Place) {
    let running = Running::start(&place).await;
    let (mut till, _) = running.joined("S1").await;
    till.sell(100);
    till.push(&till.entries).await.expect("taken in");
    till.sell(200);
    till.sell(300);
    till.push(&till.entries[2..]).await.expect_err("a gap");

    let get = |path: &str| client().get(format!("{}{path}", running.url)).send();
    let health: Value = read(get("/health").await.expect("an answer")).await.expect("healthy");
    assert_eq!(health["status"], "ok");
    let document: Value = read(get("/openapi.json").await.expect("an answer")).await.expect("a document");
    assert_eq!(document["openapi"], "3.1.0");
    let metrics = get("/metrics").await.expect("an answer").text().await.expect("text");
    for line in [
        "tillbridge_hub_pushes_total 1",
        "tillbridge_hub_entries_total 1",
        "tillbridge_hub_enrolments_total 1",
        "tillbridge_hub_refusals_total{kind=\"gap\"} 1",
        "tillbridge_hub_ingest_seconds_count 1",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} is missing in\n{metrics}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_a_typed_problem() {
    let running = Running::start(&Place::sqlite()).await;
    let (till, enrolment) = running.joined("S1").await;
    let entries = format!("/v1/terminals/{}/entries", till.id);
    let store = enrolment.shop.id;

    let too_many = vec![String::from("x"); MAX_ENTRIES_PER_PUSH + 1];
    assert_eq!(till.push(&too_many).await.expect_err("refused").kind, ProblemKind::Malformed);
    let too_large = till.ask::<Value>(Method::POST, &entries, vec![b' '; MAX_BODY_BYTES + 1]).await.expect_err("refused");
    assert_eq!((too_large.kind, too_large.status), (ProblemKind::Malformed, 413));
    for (method, path, body, status) in [
        (Method::POST, entries.clone(), "{", 400),
        (Method::POST, entries, "{\"entries\":[\"no entry\"]}", 400),
        (Method::GET, "/v1/terminals/17/head".to_owned(), "", 400),
        (Method::GET, format!("/v1/stores/{store}/feed"), "", 400),
        (Method::GET, format!("/v1/stores/{store}/feed?after=-1"), "", 400),
        (Method::GET, "/v1/nothing".to_owned(), "", 404),
        (Method::DELETE, "/v1/enrolments".to_owned(), "", 405),
    ] {
        let refused = till.ask::<Value>(method, &path, body.into()).await.expect_err("refused");
        assert_eq!((refused.kind, refused.status), (ProblemKind::Malformed, status), "{path} {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_work_once_and_guessing_is_throttled() {
    let running = Running::start(&Place::sqlite()).await;
    let once = code(&running.hub, "S1").await;
    let (first, second) = (FakeTerminal::new(&running.url), FakeTerminal::new(&running.url));
    first.enrol(&once).await.expect("joined");
    assert_eq!(second.enrol(&once).await.expect_err("used").kind, ProblemKind::CodeRefused);
    let mut kinds = Vec::new();
    for _ in 0..10 {
        kinds.push(second.enrol("ABCD").await.expect_err("refused").kind);
    }
    assert_eq!(kinds[0], ProblemKind::CodeRefused);
    assert_eq!(kinds.last(), Some(&ProblemKind::Throttled));
    // Whoever has joined is not held up.
    let head = format!("/v1/terminals/{}/head", first.id);
    assert_eq!(first.get::<PushAnswer>(&head).await.expect("a head").acked, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_under_way_is_answered_when_the_hub_stops() {
    let mut running = Running::start(&Place::sqlite()).await;
    let address = running.address();
    let (begun, under_way) = oneshot::channel();
    let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
    let client = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).expect("connected");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream.write_all(b"POST /v1/enrolments HTTP/1.1\r\nhost: hub\r\ncontent-length: 2\r\n\r\n{").expect("sent");
        std::thread::sleep(Duration::from_millis(300));
        begun.send(()).expect("the test waits");
        may_go_on.recv().expect("the test goes on");
        stream.write_all(b"}").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    });
    under_way.await.expect("under way");
    drop(running.stop.take());
    tokio::time::sleep(Duration::from_millis(200)).await;
    go_on.send(()).expect("the client waits");
    let answer = client.await.expect("no panic");
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    running.served.await.expect("no panic").expect("stopped cleanly");
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_is_for_loopback_unless_somebody_insists() {
    let hub = open(&Place::sqlite()).await;
    let everywhere = ServeOptions::new(SocketAddr::from(([0, 0, 0, 0], 0)));
    let refused = bind(hub.clone(), everywhere.clone()).await.err().expect("refused");
    assert!(refused.to_string().contains("--tls-cert"), "{refused}");
    bind(hub, ServeOptions { insecure_plain_http: true, ..everywhere }).await.expect("somebody insisted");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_use_is_said() {
    let running = Running::start(&Place::sqlite()).await;
    let refused = bind(running.hub.clone(), ServeOptions::new(running.address())).await.err().expect("refused");
    assert!(refused.to_string().contains("is another hub running"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_served_with_the_certificate_given() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    std::fs::write(&certificate, made.cert.pem()).expect("written");
    std::fs::write(&key, made.signing_key.serialize_pem()).expect("written");

    let hub = open(&Place::sqlite()).await;
    let tls = Some(TlsFiles { certificate: certificate.clone(), key });
    let server = bind(hub.clone(), ServeOptions { tls, ..loopback() }).await.expect("listening");
    let url = format!("https://localhost:{}/health", server.local_addr().port());
    tokio::spawn(server.run(std::future::pending()));
    let root = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).expect("a certificate");
    let trusting = reqwest::Client::builder().no_proxy().tls_certs_only([root]).build().expect("a client");
    let health: Value = read(trusting.get(&url).send().await.expect("an answer")).await.expect("healthy");
    assert_eq!(health["status"], "ok");
    assert!(client().get(&url).send().await.is_err(), "who does not know the certificate does not talk");

    let wrong = TlsFiles { certificate: certificate.clone(), key: certificate };
    let refused = bind(hub, ServeOptions { tls: Some(wrong), ..loopback() }).await.err().expect("refused");
    assert!(refused.to_string().contains("cert.pem"), "{refused}");
}
