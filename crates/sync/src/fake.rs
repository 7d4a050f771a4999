//! A hub and a till's store in memory, for the tests of this crate. The hub checks the signature of every request.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::event::JournalOpened;
use domain::{Change, Event, ProductId, StockDelta, StoreId, TerminalId};
use jiff::Timestamp;
use journal::{Entry, EntryHash, Head, HubKey, RequestPublicKey, TerminalKeys, entry_hash};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::engine::{Identity, Outbox, OutboxError};
use crate::signature::{self, RequestParts, SignatureError, SignedHeaders};
use crate::wire::{FeedPage, Incident, Incidents, Problem, ProblemKind, PushAnswer, PushRequest, SnapshotHeader};
use crate::{HubAddress, Snapshot};

pub(crate) static KEYS: LazyLock<Arc<TerminalKeys>> = LazyLock::new(|| Arc::new(TerminalKeys::generate().expect("keys")));
pub(crate) static TERMINAL: LazyLock<TerminalId> = LazyLock::new(TerminalId::generate);
static PRODUCT: LazyLock<ProductId> = LazyLock::new(ProductId::generate);

/// The first `length` entries of one and the same journal.
pub(crate) fn journal(length: usize) -> Vec<Entry> {
    static WRITTEN: Mutex<Vec<Entry>> = Mutex::new(Vec::new());
    let mut written = WRITTEN.lock().expect("no test panics in here");
    while written.len() < length {
        let head = written.last().map_or(Head::START, Entry::head);
        written.push(entry_after(head, "0.1.0"));
    }
    written[..length].to_vec()
}

/// What another machine with the same keys wrote.
pub(crate) fn other_history(length: usize) -> Vec<Entry> {
    let mut head = Head::START;
    (0..length)
        .map(|_| {
            let entry = entry_after(head, "0.2.0");
            head = entry.head();
            entry
        })
        .collect()
}

fn entry_after(head: Head, version: &str) -> Entry {
    let event = Event::JournalOpened(JournalOpened { version: version.to_owned(), training: false });
    Entry::sign(&KEYS.journal, *TERMINAL, head, Timestamp::UNIX_EPOCH, None, event).expect("signed")
}

/// The first `count` changes of one and the same feed.
pub(crate) fn stock_changes(count: i64) -> Vec<Change> {
    (1..=count).map(|milli| Change::Stock { product: *PRODUCT, on_hand: StockDelta::from_milli(milli) }).collect()
}

/// What the hub does with a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnPush {
    Store,
    StoreAndLoseTheAnswer,
    Forget,
    Refuse(ProblemKind),
}

/// What the hub holds.
pub(crate) struct HubState {
    pub(crate) entries: Vec<String>,
    pub(crate) feed: Vec<Change>,
    pub(crate) page_size: usize,
    pub(crate) on_push: OnPush,
    pub(crate) refuse_feed: bool,
    pub(crate) pushes: Vec<usize>,
    /// Ends of journals that were told to contradict what is held.
    pub(crate) told_ends: Vec<u64>,
    pub(crate) request_keys: HashMap<TerminalId, RequestPublicKey>,
    /// Instead of the snapshot of the feed.
    pub(crate) snapshot: Option<Vec<u8>>,
}

struct Inner {
    state: Mutex<HubState>,
    key: HubKey,
}

pub(crate) struct FakeHub {
    inner: Arc<Inner>,
    address: String,
    store: StoreId,
    serving: JoinHandle<()>,
}

impl FakeHub {
    pub(crate) async fn start() -> Self {
        let state = HubState {
            entries: Vec::new(),
            feed: Vec::new(),
            page_size: 1_000,
            on_push: OnPush::Store,
            refuse_feed: false,
            pushes: Vec::new(),
            told_ends: Vec::new(),
            request_keys: HashMap::from([(*TERMINAL, KEYS.request.public())]),
            snapshot: None,
        };
        let inner = Arc::new(Inner { state: Mutex::new(state), key: HubKey::generate().expect("a key") });
        let routes = Router::new()
            .route("/v1/terminals/{id}/entries", post(push))
            .route("/v1/terminals/{id}/head", get(head))
            .route("/v1/stores/{id}/feed", get(feed))
            .route("/v1/stores/{id}/snapshot", get(snapshot))
            .route("/v1/stores/{id}/incidents", get(incidents))
            .layer(middleware::from_fn_with_state(Arc::clone(&inner), authenticate))
            .with_state(Arc::clone(&inner));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.expect("served") });
        Self { inner, address, store: StoreId::generate(), serving }
    }

    pub(crate) fn address(&self) -> HubAddress {
        HubAddress::parse(&self.address).expect("an address")
    }

    pub(crate) fn store(&self) -> StoreId {
        self.store
    }

    pub(crate) fn identity(&self) -> Identity {
        Identity { terminal: *TERMINAL, store: self.store, hub_key: self.inner.key.public_text() }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, HubState> {
        self.inner.state.lock().expect("no test panics in here")
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.state().entries.clone()
    }
}

impl Drop for FakeHub {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

pub(crate) fn problem(kind: ProblemKind, status: StatusCode) -> Response {
    let type_uri = "https://tillbridge.example/problems/x".to_owned();
    let (title, detail) = ("refused".to_owned(), format!("refused: {kind:?}"));
    let body = Problem { type_uri, kind, title, status: status.as_u16(), detail, acked: None };
    (status, [(header::CONTENT_TYPE, "application/problem+json")], Json(body)).into_response()
}

async fn authenticate(State(hub): State<Arc<Inner>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    let text =
        |headers: &HeaderMap, name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let headers = SignedHeaders {
        content_digest: text(&parts.headers, signature::CONTENT_DIGEST),
        signature_input: text(&parts.headers, signature::SIGNATURE_INPUT),
        signature: text(&parts.headers, signature::SIGNATURE),
    };
    let signed = RequestParts {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        body: &body,
    };
    let find = |terminal| hub.state.lock().expect("no test panics in here").request_keys.get(&terminal).cloned();
    match signature::verify(signed, &headers, Timestamp::now().as_second(), find) {
        Ok(_) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(SignatureError::ClockSkew { .. }) => problem(ProblemKind::ClockSkew, StatusCode::UNAUTHORIZED),
        Err(_) => problem(ProblemKind::Unauthenticated, StatusCode::UNAUTHORIZED),
    }
}

fn answer(hub: &Inner, terminal: TerminalId, state: &HubState) -> Response {
    let hash = state.entries.last().map_or(EntryHash::ZERO, |text| entry_hash(text));
    let head = Head { seq: state.entries.len() as u64, hash };
    let countersignature = hub.key.countersign(terminal, head);
    Json(PushAnswer { acked: head.seq, head: hash.to_string(), countersignature }).into_response()
}

async fn push(State(hub): State<Arc<Inner>>, Path(id): Path<String>, Json(push): Json<PushRequest>) -> Response {
    let terminal: TerminalId = id.parse().expect("an id");
    let mut state = hub.state.lock().expect("no test panics in here");
    state.pushes.push(push.entries.len());
    state.told_ends.extend(push.journal_ends_at);
    let on_push = state.on_push;
    match on_push {
        OnPush::Refuse(ProblemKind::Unavailable) => {
            return problem(ProblemKind::Unavailable, StatusCode::SERVICE_UNAVAILABLE);
        }
        OnPush::Refuse(kind) => return problem(kind, StatusCode::CONFLICT),
        OnPush::Forget => return answer(&hub, terminal, &state),
        OnPush::Store | OnPush::StoreAndLoseTheAnswer => {}
    }
    for text in push.entries {
        let entry = Entry::read(&text).expect("an entry");
        let place = usize::try_from(entry.seq).expect("small") - 1;
        match state.entries.get(place) {
            Some(known) if *known == text => {}
            Some(_) => return problem(ProblemKind::Fork, StatusCode::CONFLICT),
            None if place == state.entries.len() => state.entries.push(text),
            None => return problem(ProblemKind::Gap, StatusCode::CONFLICT),
        }
    }
    match on_push {
        OnPush::StoreAndLoseTheAnswer => problem(ProblemKind::Unavailable, StatusCode::SERVICE_UNAVAILABLE),
        _ => answer(&hub, terminal, &state),
    }
}

async fn head(State(hub): State<Arc<Inner>>, Path(id): Path<String>) -> Response {
    let state = hub.state.lock().expect("no test panics in here");
    answer(&hub, id.parse().expect("an id"), &state)
}

async fn feed(State(hub): State<Arc<Inner>>, Query(query): Query<HashMap<String, usize>>) -> Response {
    let state = hub.state.lock().expect("no test panics in here");
    if state.refuse_feed {
        return problem(ProblemKind::Forbidden, StatusCode::FORBIDDEN);
    }
    let after = query["after"].min(state.feed.len());
    let end = (after + state.page_size).min(state.feed.len());
    let changes = state.feed[after..end].to_vec();
    Json(FeedPage { changes, next: end as u64, more: end < state.feed.len() }).into_response()
}

async fn snapshot(State(hub): State<Arc<Inner>>) -> Bytes {
    let state = hub.state.lock().expect("no test panics in here");
    let whole = || compressed_snapshot(&state.feed, state.feed.len() as u64);
    state.snapshot.clone().unwrap_or_else(whole).into()
}

/// A snapshot of `changes` that claims to hold `count` of them.
pub(crate) fn compressed_snapshot(changes: &[Change], count: u64) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("zstd");
    let header = SnapshotHeader { feed: changes.len() as u64, changes: count };
    writeln!(encoder, "{}", serde_json::to_string(&header).expect("JSON")).expect("written");
    for change in changes {
        writeln!(encoder, "{}", serde_json::to_string(change).expect("JSON")).expect("written");
    }
    encoder.finish().expect("compressed")
}

async fn incidents() -> Json<Incidents> {
    let detail = "an entry was changed".to_owned();
    let kind = ProblemKind::BadSignature;
    let incident = Incident { id: 1, terminal: Some(*TERMINAL), kind, detail, at: Timestamp::UNIX_EPOCH };
    Json(Incidents { incidents: vec![incident] })
}

/// What the till holds.
#[derive(Default)]
pub(crate) struct OutboxState {
    pub(crate) entries: Vec<Entry>,
    pub(crate) acked: u64,
    pub(crate) position: u64,
    pub(crate) changes: Vec<Change>,
    pub(crate) snapshots: usize,
    pub(crate) batch: usize,
    pub(crate) broken: bool,
}

pub(crate) struct FakeOutbox(Mutex<OutboxState>);

impl FakeOutbox {
    pub(crate) fn with(entries: Vec<Entry>) -> Arc<Self> {
        Arc::new(Self(Mutex::new(OutboxState { entries, batch: usize::MAX, ..OutboxState::default() })))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, OutboxState> {
        self.0.lock().expect("no test panics in here")
    }

    /// The feed position, and how often a snapshot was loaded.
    pub(crate) fn position_and_snapshots(&self) -> (u64, usize) {
        let state = self.state();
        (state.position, state.snapshots)
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.state().entries.iter().map(|entry| entry.text.clone()).collect()
    }
}

impl Outbox for FakeOutbox {
    fn entries_after(&self, seq: u64, limit: usize) -> Result<Vec<String>, OutboxError> {
        let state = self.state();
        if state.broken {
            return Err("the disk is gone".into());
        }
        let from = usize::try_from(seq)?;
        Ok(state.entries[from..].iter().take(limit.min(state.batch)).map(|entry| entry.text.clone()).collect())
    }

    fn hash_at(&self, seq: u64) -> Result<Option<EntryHash>, OutboxError> {
        Ok(self.state().entries.get(usize::try_from(seq)? - 1).map(|entry| entry.hash))
    }

    fn last_seq(&self) -> Result<u64, OutboxError> {
        Ok(self.state().entries.len() as u64)
    }

    fn acknowledge(&self, answer: &PushAnswer) -> Result<(), OutboxError> {
        self.state().acked = answer.acked;
        Ok(())
    }

    fn feed_position(&self) -> Result<u64, OutboxError> {
        Ok(self.state().position)
    }

    fn apply(&self, page: FeedPage) -> Result<(), OutboxError> {
        let mut state = self.state();
        state.changes.extend(page.changes);
        state.position = page.next;
        Ok(())
    }

    fn load_snapshot(&self, snapshot: Snapshot) -> Result<(), OutboxError> {
        let position = snapshot.feed();
        let changes = snapshot.collect::<Result<Vec<_>, _>>()?;
        let mut state = self.state();
        state.changes = changes;
        state.position = position;
        state.snapshots += 1;
        Ok(())
    }
}
