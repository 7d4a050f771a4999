//! The hub over HTTP. Handlers read the request, ask [`Hub`] on a blocking thread and write the answer; nothing is decided
//! here but who may ask.

mod authentication;
mod counter_routes;
mod figures;
mod goods;
mod manage;
mod members;
mod metrics;
mod openapi;
mod promotion_routes;
mod refusal;
mod routes;
mod throttle;
mod tls;

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use jiff::Timestamp;
use thiserror::Error;
use tokio::time::MissedTickBehavior;

pub use openapi::OPENAPI;

use crate::Hub;
use metrics::Metrics;
use throttle::Throttle;

/// How long requests under way may take once the server has been asked to stop.
const GRACE: Duration = Duration::from_secs(20);
/// How long a client may take over the head of a request.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// How often the movements of acknowledged entries are folded into stock.
const FOLD_STOCK_EVERY: Duration = Duration::from_secs(1);

/// How often the cards of members are brought up with acknowledged entries.
const SHOW_MEMBERS_EVERY: Duration = Duration::from_secs(1);

/// The certificate chain and private key of a server, PEM.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The certificate chain, the server's own first.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Where and how to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// TLS; needed for every address but loopback.
    pub tls: Option<TlsFiles>,
    /// Plain HTTP on an address that others can reach, for a hub behind a proxy that does TLS.
    pub insecure_plain_http: bool,
}

impl ServeOptions {
    /// Plain HTTP on `listen`, which must be a loopback address.
    pub fn new(listen: SocketAddr) -> Self {
        Self { listen, tls: None, insecure_plain_http: false }
    }
}

/// Why the hub does not serve.
#[derive(Debug, Error)]
pub enum ServeError {
    /// Others could read and change what tills send.
    #[error(
        "plain HTTP is for this machine alone, and {0} can be reached by others, who could read what tills send: give \
         --tls-cert and --tls-key, or --insecure-plain-http when a proxy in front does TLS"
    )]
    PlainHttp(SocketAddr),
    /// The address cannot be listened on.
    #[error("{address} cannot be listened on ({source}): is another hub running, or is the address not this machine's?")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// A certificate or key cannot be used.
    #[error("the TLS file {} cannot be used: {reason}", path.display())]
    Tls {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The system ended the server.
    #[error("the server stopped: {0}")]
    Stopped(#[from] io::Error),
}

/// What every handler can reach.
#[derive(Clone)]
struct Context(Arc<Shared>);

struct Shared {
    hub: Hub,
    enrolments: Throttle,
    /// Wrong PINs at the managers' pages, by address.
    manager_tries: Throttle,
    /// Who is signed in there.
    managers: manage::Sessions,
    /// True behind TLS: cookies are for TLS alone.
    secure: bool,
    metrics: Metrics,
}

impl std::ops::Deref for Context {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// A hub that listens but does not answer before [`Server::run`].
pub struct Server {
    hub: Hub,
    listener: TcpListener,
    local_addr: SocketAddr,
    tls: Option<RustlsConfig>,
}

/// Takes the address and reads the certificate, so that what is wrong shows before anything runs.
pub async fn bind(hub: Hub, options: ServeOptions) -> Result<Server, ServeError> {
    let address = options.listen;
    if options.tls.is_none() && !options.insecure_plain_http && !address.ip().to_canonical().is_loopback() {
        return Err(ServeError::PlainHttp(address));
    }
    let tls = options.tls.map(|files| tls::read(&files)).transpose()?;
    let refused = |source| ServeError::Bind { address, source };
    let listener = tokio::net::TcpListener::bind(address).await.and_then(tokio::net::TcpListener::into_std).map_err(refused)?;
    let local_addr = listener.local_addr().map_err(refused)?;
    Ok(Server { hub, listener, local_addr, tls })
}

impl Server {
    /// The address it listens on.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// The address for a browser or a till on this machine.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.local_addr)
    }

    /// Answers until `shutdown` is done; requests under way are finished first.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
        let handle = Handle::<SocketAddr>::new();
        let stop = handle.clone();
        let waiting = tokio::spawn(async move {
            shutdown.await;
            stop.graceful_shutdown(Some(GRACE));
        });
        let folding = tokio::spawn(fold_stock(self.hub.clone()));
        let showing = tokio::spawn(show_members(self.hub.clone()));
        let context = Context(Arc::new(Shared {
            hub: self.hub,
            enrolments: Throttle::default(),
            manager_tries: Throttle::default(),
            managers: manage::Sessions::default(),
            secure: self.tls.is_some(),
            metrics: Metrics::default(),
        }));
        let service = routes::router(context).into_make_service_with_connect_info::<SocketAddr>();
        let mut server = axum_server::from_tcp(self.listener)?.handle(handle);
        server.http_builder().http1().header_read_timeout(HEAD_WITHIN);
        let served = match self.tls {
            Some(config) => server.acceptor(RustlsAcceptor::new(config)).serve(service).await,
            None => server.serve(service).await,
        };
        waiting.abort();
        folding.abort();
        showing.abort();
        Ok(served?)
    }
}

/// Keeps stock up with what tills have sent, for as long as the server runs.
async fn fold_stock(hub: Hub) {
    let mut tick = tokio::time::interval(FOLD_STOCK_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let hub = hub.clone();
        match tokio::task::spawn_blocking(move || hub.fold_stock(Timestamp::now())).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "stock was not folded; trying again"),
            Err(error) => tracing::error!(%error, "folding stock ended"),
        }
    }
}

/// Keeps the cards of members up with what tills have sent, for as long as the server runs.
async fn show_members(hub: Hub) {
    let mut tick = tokio::time::interval(SHOW_MEMBERS_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let hub = hub.clone();
        match tokio::task::spawn_blocking(move || hub.show_members(Timestamp::now())).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "members' cards were not brought up to date; trying again"),
            Err(error) => tracing::error!(%error, "keeping members' cards ended"),
        }
    }
}
