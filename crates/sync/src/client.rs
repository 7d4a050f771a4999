//! A till's requests to its hub. Each is signed by the terminal's key, bounded in time and size, and safe to repeat.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{StoreId, TerminalId};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use journal::TerminalKeys;
use reqwest::header::{CONTENT_TYPE, DATE};
use reqwest::{Certificate, Client, Method, RequestBuilder, Response, redirect};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::address::HubAddress;
use crate::client_error::{ClientError, UnreachableReason};
use crate::signature::{self, RequestParts, SignedHeaders};
use crate::snapshot::{self, Snapshot};
use crate::wire::{FeedPage, Incidents, MAX_BODY_BYTES, Problem, ProblemKind, PushAnswer};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest silence within an answer.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(20);
/// A whole request but a snapshot: a full push over a thin line takes its time.
const REQUEST_TIMEOUT: Duration = Duration::from_mins(1);
/// The largest JSON answer that is read.
const MAX_ANSWER_BYTES: usize = 32 * 1024 * 1024;
/// Differences within what a `Date` in whole seconds and the way of the answer explain.
const CLOCK_NOISE_SECONDS: i64 = 2;

/// What a client may be told apart from the address.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// PEM certificates to trust besides the system's: a shop's own authority.
    pub root_certificates: Vec<u8>,
    /// This machine's clock.
    pub clock: fn() -> Timestamp,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self { root_certificates: Vec::new(), clock: Timestamp::now }
    }
}

/// A till's connection to its hub. Cheap to clone; keeps connections open between requests.
#[derive(Debug, Clone)]
pub struct HubClient {
    http: Client,
    address: HubAddress,
    terminal: TerminalId,
    keys: Arc<TerminalKeys>,
    clock: fn() -> Timestamp,
    /// This clock minus the hub's, in seconds, as its last answer told.
    drift: Arc<AtomicI64>,
    /// What is taken off this clock when a request is signed; not zero once the hub refused this clock.
    correction: Arc<AtomicI64>,
}

#[derive(Serialize)]
struct PushBody<'a> {
    entries: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    journal_ends_at: Option<u64>,
}

impl HubClient {
    /// A client of the hub at `address` for `terminal`. Nothing is sent yet.
    pub fn new(
        address: HubAddress,
        terminal: TerminalId,
        keys: Arc<TerminalKeys>,
        options: &ClientOptions,
    ) -> Result<Self, ClientError> {
        let http = http_client(&address, options)?;
        let (drift, correction) = (Arc::default(), Arc::default());
        Ok(Self { http, address, terminal, keys, clock: options.clock, drift, correction })
    }

    /// The hub's address.
    pub fn address(&self) -> &HubAddress {
        &self.address
    }

    /// The terminal that this client speaks for.
    pub fn terminal(&self) -> TerminalId {
        self.terminal
    }

    /// This machine's clock minus the hub's, in seconds, as the last answer told; 0 before the first.
    pub fn clock_drift_seconds(&self) -> i64 {
        self.drift.load(Ordering::Relaxed)
    }

    /// Sends entries of this terminal's journal.
    pub async fn push(&self, entries: &[String]) -> Result<PushAnswer, ClientError> {
        self.push_for(self.terminal, entries).await
    }

    /// Sends entries of the journal of `terminal`, which may be a lost one of the same store.
    pub async fn push_for(&self, terminal: TerminalId, entries: &[String]) -> Result<PushAnswer, ClientError> {
        self.push_body(terminal, &PushBody { entries, journal_ends_at: None }).await
    }

    /// Tells the hub what contradicts its word: this journal's entries from where the two may differ, and where it ends. The
    /// hub keeps an incident and refuses.
    pub async fn contradict(&self, entries: &[String], journal_ends_at: u64) -> Result<PushAnswer, ClientError> {
        let journal_ends_at = Some(journal_ends_at);
        self.push_body(self.terminal, &PushBody { entries, journal_ends_at }).await
    }

    async fn push_body(&self, terminal: TerminalId, body: &PushBody<'_>) -> Result<PushAnswer, ClientError> {
        let body = serde_json::to_vec(body).map_err(|error| ClientError::Local(error.to_string()))?;
        if body.len() > MAX_BODY_BYTES {
            return Err(ClientError::TooLarge { bytes: body.len() });
        }
        self.json(Method::POST, &format!("/v1/terminals/{terminal}/entries"), "", body).await
    }

    /// What the hub holds of this terminal's journal.
    pub async fn head(&self) -> Result<PushAnswer, ClientError> {
        self.head_of(self.terminal).await
    }

    /// What the hub holds of the journal of `terminal`.
    pub async fn head_of(&self, terminal: TerminalId) -> Result<PushAnswer, ClientError> {
        self.json(Method::GET, &format!("/v1/terminals/{terminal}/head"), "", Vec::new()).await
    }

    /// The changes of `store` after the feed position `after`.
    pub async fn feed(&self, store: StoreId, after: u64) -> Result<FeedPage, ClientError> {
        self.json(Method::GET, &format!("/v1/stores/{store}/feed"), &format!("after={after}"), Vec::new()).await
    }

    /// The open incidents of `store`.
    pub async fn incidents(&self, store: StoreId) -> Result<Incidents, ClientError> {
        self.json(Method::GET, &format!("/v1/stores/{store}/incidents"), "", Vec::new()).await
    }

    /// Loads the whole state of `store`. `take` runs on a thread where it may block and reads the changes while they come in;
    /// what it makes is the result.
    pub async fn snapshot<T: Send + 'static>(
        &self,
        store: StoreId,
        take: impl FnOnce(Snapshot) -> T + Send + 'static,
    ) -> Result<T, ClientError> {
        let response = self.send(Method::GET, &format!("/v1/stores/{store}/snapshot"), "", Vec::new()).await?;
        snapshot::receive(response, self.address.to_string(), take).await
    }

    /// Asks the hub something that is answered at once, at `path` under `/v1`: a signed POST of `question`, given up after
    /// `within`, for somebody waits at the counter.
    pub async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        question: &impl Serialize,
        within: Duration,
    ) -> Result<T, ClientError> {
        let body = serde_json::to_vec(question).map_err(|error| ClientError::Local(error.to_string()))?;
        let late = |_| ClientError::Unreachable { address: self.address.to_string(), reason: UnreachableReason::Timeout };
        tokio::time::timeout(within, self.json(Method::POST, path, "", body)).await.map_err(late)?
    }

    async fn json<T: DeserializeOwned>(&self, method: Method, path: &str, query: &str, body: Vec<u8>) -> Result<T, ClientError> {
        let response = self.send(method, path, query, body).await?;
        read_json(response, &self.address).await
    }

    /// Sends a signed request; any answer but a refusal comes back. When the hub refuses this machine's clock, the request is
    /// signed again by the hub's: the time in it only says that it is new, and the sales of a till whose clock is wrong must
    /// arrive all the same.
    async fn send(&self, method: Method, path: &str, query: &str, body: Vec<u8>) -> Result<Response, ClientError> {
        match self.send_once(&method, path, query, body.clone()).await {
            Err(ClientError::ClockSkew { seconds }) => {
                self.correction.store(seconds, Ordering::Relaxed);
                self.send_once(&method, path, query, body).await
            }
            answer => answer,
        }
    }

    async fn send_once(&self, method: &Method, path: &str, query: &str, body: Vec<u8>) -> Result<Response, ClientError> {
        let created = (self.clock)().as_second() - self.correction.load(Ordering::Relaxed);
        let nonce = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        let parts = RequestParts { method: method.as_str(), path, query, body: &body };
        let signed = signature::sign(parts, self.terminal, created, &nonce, &self.keys.request)
            .map_err(|error| ClientError::Local(error.to_string()))?;
        let mut request = with_signature(self.http.request(method.clone(), self.address.url(path, query)), &signed);
        if method == Method::POST {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        if !path.ends_with("/snapshot") {
            request = request.timeout(REQUEST_TIMEOUT);
        }
        let response = request.send().await.map_err(|error| ClientError::of_request(&error, &self.address.to_string()))?;
        self.note_clock(&response);
        accept(response, &self.address, self.clock_drift_seconds()).await
    }

    fn note_clock(&self, response: &Response) {
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        let Some(hub) = date.and_then(|date| rfc2822::parse(date).ok()) else { return };
        let drift = (self.clock)().as_second() - hub.timestamp().as_second();
        let told = if drift.abs() <= CLOCK_NOISE_SECONDS { 0 } else { drift };
        self.drift.store(told, Ordering::Relaxed);
    }
}

/// The HTTP library, set up for one hub.
pub(crate) fn http_client(address: &HubAddress, options: &ClientOptions) -> Result<Client, ClientError> {
    let local = |error: reqwest::Error| ClientError::Local(error.to_string());
    let mut builder = Client::builder()
        .user_agent(concat!("tillbridge/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(SILENCE_TIMEOUT)
        .redirect(redirect::Policy::none());
    if address.is_plain() {
        // No proxy stands between two programs of one machine, and reading the system's certificates takes time.
        builder = builder.no_proxy().tls_certs_only([]);
    } else if !options.root_certificates.is_empty() {
        let roots = Certificate::from_pem_bundle(&options.root_certificates).map_err(local)?;
        builder = builder.https_only(true).tls_certs_merge(roots);
    } else {
        builder = builder.https_only(true);
    }
    builder.build().map_err(local)
}

/// Passes an answer on, or reads the refusal that it is.
pub(crate) async fn accept(response: Response, address: &HubAddress, drift: i64) -> Result<Response, ClientError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let bytes = read_bounded(response, address).await?;
    match serde_json::from_slice::<Problem>(&bytes) {
        Ok(problem) if problem.kind == ProblemKind::ClockSkew => Err(ClientError::ClockSkew { seconds: drift }),
        Ok(problem) => Err(ClientError::Refused(Box::new(problem))),
        Err(_) => Err(ClientError::NotAHub { address: address.to_string(), what: format!("it answered {status}") }),
    }
}

/// Reads an answer's JSON.
pub(crate) async fn read_json<T: DeserializeOwned>(response: Response, address: &HubAddress) -> Result<T, ClientError> {
    let bytes = read_bounded(response, address).await?;
    serde_json::from_slice(&bytes).map_err(|error| ClientError::NotAHub {
        address: address.to_string(),
        what: format!("its answer cannot be read: {error}"),
    })
}

async fn read_bounded(mut response: Response, address: &HubAddress) -> Result<Vec<u8>, ClientError> {
    let too_much = || ClientError::NotAHub { address: address.to_string(), what: "its answer has no end".to_owned() };
    let announced = response.content_length().unwrap_or(0);
    if announced > MAX_ANSWER_BYTES as u64 {
        return Err(too_much());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
    let broken = |_| ClientError::Unreachable { address: address.to_string(), reason: UnreachableReason::Interrupted };
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if bytes.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(too_much());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn with_signature(request: RequestBuilder, signed: &SignedHeaders) -> RequestBuilder {
    request
        .header(signature::CONTENT_DIGEST, &signed.content_digest)
        .header(signature::SIGNATURE_INPUT, &signed.signature_input)
        .header(signature::SIGNATURE, &signed.signature)
}

#[cfg(test)]
mod tests;
