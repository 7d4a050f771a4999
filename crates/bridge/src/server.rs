//! Binding, serving and closing.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use thiserror::Error;
use till::api::{Commands, TillEvent};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, broadcast, watch};
use tower_http::compression::CompressionLayer;

use crate::hosts::Hosts;
use crate::sessions::Sessions;
use crate::token::AccessToken;
use crate::{commands, entry, events, pages, problems};

/// The largest arguments of a command; the screens' are far smaller.
const MAX_BODY_BYTES: usize = 512 * 1024;
/// How long open requests may take to end when the bridge closes.
const CLOSING: Duration = Duration::from_secs(5);

/// Where the bridge listens and under which names.
#[derive(Debug, Clone)]
pub struct BridgeOptions {
    /// Address and port, 0 for any free one. Anything but loopback makes a browser need the access token.
    pub listen: SocketAddr,
    /// Host names, besides `localhost` and IP addresses, under which browsers may reach the bridge.
    pub allow_hosts: Vec<String>,
}

impl BridgeOptions {
    /// Loopback on `port`, 0 for any free one.
    pub fn loopback(port: u16) -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], port)), allow_hosts: Vec::new() }
    }
}

/// Why the bridge does not serve.
#[derive(Debug, Error)]
pub enum BridgeError {
    /// Another program has the port.
    #[error("{address} is in use: close the program that listens there, or choose another port")]
    AddressInUse {
        /// Where.
        address: SocketAddr,
    },
    /// The address is not this machine's, or its use is not permitted.
    #[error("cannot listen on {address}: choose an address of this machine and a port from 1024 up")]
    CannotListen {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The system refused to go on.
    #[error("the bridge had to stop")]
    Stopped(#[source] io::Error),
}

pub(crate) struct Shared {
    pub(crate) terminal: Arc<dyn Commands + Send + Sync>,
    pub(crate) events: broadcast::Sender<TillEvent>,
    pub(crate) listeners: Arc<Semaphore>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) hosts: Hosts,
    pub(crate) token: Option<AccessToken>,
    pub(crate) closing: watch::Sender<bool>,
}

/// A bridge that listens; it answers once it runs.
pub struct Bridge {
    listener: TcpListener,
    local_addr: SocketAddr,
    shared: Arc<Shared>,
}

impl Bridge {
    /// Listens for browsers on behalf of `terminal`, whose `events` they will hear.
    pub async fn bind(
        terminal: Arc<dyn Commands + Send + Sync>,
        events: Receiver<TillEvent>,
        options: BridgeOptions,
    ) -> Result<Self, BridgeError> {
        let address = options.listen;
        let refused = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => BridgeError::AddressInUse { address },
            _ => BridgeError::CannotListen { address, source },
        };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let local_addr = listener.local_addr().map_err(BridgeError::Stopped)?;
        let beyond_loopback = !local_addr.ip().is_loopback();
        let shared = Shared {
            terminal,
            events: events::fan_out(events).map_err(BridgeError::Stopped)?,
            listeners: Arc::new(Semaphore::new(events::MAX_LISTENERS)),
            sessions: Arc::new(Sessions::new()),
            hosts: Hosts::new(beyond_loopback, &options.allow_hosts),
            token: beyond_loopback.then(AccessToken::generate),
            closing: watch::Sender::new(false),
        };
        Ok(Self { listener, local_addr, shared: Arc::new(shared) })
    }

    /// Where it listens.
    pub const fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// The token that lets a browser in; none on loopback, where none is needed.
    pub fn token(&self) -> Option<&str> {
        self.shared.token.as_ref().map(AccessToken::text)
    }

    /// The address to open in a browser, with the token where one is needed. To be shown once, to the person who started
    /// the bridge.
    pub fn address(&self) -> String {
        let ip = self.local_addr.ip();
        let ip = if ip.is_unspecified() { address_in_the_network(ip).unwrap_or(ip) } else { ip };
        let host = SocketAddr::new(ip, self.local_addr.port());
        match self.token() {
            Some(token) => format!("http://{host}/?token={token}"),
            None => format!("http://{host}/"),
        }
    }

    /// Serves until `shutdown`, then lets open requests end and closes.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), BridgeError> {
        let Self { listener, shared, .. } = self;
        let mut closing = shared.closing.subscribe();
        let router = router(Arc::clone(&shared));
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "answers may wait for one another");
            }
        });
        let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
            shutdown.await;
            shared.closing.send_replace(true);
        });
        let overdue = async move {
            // The sender lives as long as the server does.
            let _ = closing.wait_for(|closing| *closing).await;
            tokio::time::sleep(CLOSING).await;
        };
        tokio::select! {
            served = serving => served.map_err(BridgeError::Stopped),
            () = overdue => Ok(()),
        }
    }
}

fn router(shared: Arc<Shared>) -> Router {
    let api = Router::new()
        .route("/events", get(events::listen))
        .route("/{command}", post(commands::run))
        .fallback(no_such_request)
        .method_not_allowed_fallback(no_such_request)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state(Arc::clone(&shared), entry::check_origin));
    Router::new()
        .nest("/api", api)
        .merge(Router::new().route("/", get(pages::show)).route("/{*path}", get(pages::show)).layer(CompressionLayer::new()))
        .layer(from_fn_with_state(Arc::clone(&shared), entry::check_host))
        .with_state(shared)
}

async fn no_such_request() -> Response {
    problems::malformed(StatusCode::METHOD_NOT_ALLOWED, "commands are POST /api/{command}, events are GET /api/events")
}

/// The address by which other machines would most likely reach this one. Nothing is sent: a connected datagram socket only
/// asks the routing table.
fn address_in_the_network(unspecified: IpAddr) -> Option<IpAddr> {
    let elsewhere = if unspecified.is_ipv4() { "192.0.2.1:9" } else { "[2001:db8::1]:9" };
    let socket = UdpSocket::bind((unspecified, 0)).ok()?;
    socket.connect(elsewhere).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}
