//! A network that misbehaves: an HTTP proxy in front of a hub that loses requests, loses answers, delays, doubles and
//! reorders, by a seed, so that a run that fails can be run again.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::task::JoinHandle;

/// How often, in a thousand requests, each fault strikes.
#[derive(Debug, Clone, Copy)]
pub struct Faults {
    /// The request never arrives and the connection breaks.
    pub lose_request: u32,
    /// The request is carried out, its answer is lost.
    pub lose_answer: u32,
    /// The request is carried out twice, at the same time; one answer arrives.
    pub double: u32,
    /// The request arrives now, and once more seconds later, behind newer ones.
    pub repeat_late: u32,
    /// Request or answer take up to [`Faults::delay_ms_max`].
    pub delay: u32,
    /// The longest delay.
    pub delay_ms_max: u64,
}

impl Faults {
    /// A bad day: about four requests in ten meet trouble.
    pub const BAD_DAY: Self =
        Self { lose_request: 80, lose_answer: 80, double: 60, repeat_late: 60, delay: 200, delay_ms_max: 120 };
    /// Nothing goes wrong.
    pub const NONE: Self = Self { lose_request: 0, lose_answer: 0, double: 0, repeat_late: 0, delay: 0, delay_ms_max: 0 };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Pass,
    LoseRequest,
    LoseAnswer,
    Double,
    RepeatLate,
}

struct Network {
    target: String,
    client: reqwest::Client,
    rng: Mutex<(StdRng, Faults)>,
    struck: AtomicU64,
    passed: AtomicU64,
}

/// A running proxy; it ends when dropped.
pub struct FaultProxy {
    address: SocketAddr,
    network: Arc<Network>,
    server: JoinHandle<()>,
}

impl FaultProxy {
    /// Listens on a free loopback port in front of `target` (`http://127.0.0.1:…`).
    pub async fn start(target: &str, faults: Faults, seed: u64) -> std::io::Result<Self> {
        let network = Arc::new(Network {
            target: target.trim_end_matches('/').to_owned(),
            client: reqwest::Client::new(),
            rng: Mutex::new((StdRng::seed_from_u64(seed), faults)),
            struck: AtomicU64::new(0),
            passed: AtomicU64::new(0),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let app = Router::new().fallback(carry).with_state(Arc::clone(&network));
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, app).await {
                eprintln!("the fault proxy stopped: {error}");
            }
        });
        Ok(Self { address, network, server })
    }

    /// Where tills find it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on with these faults.
    pub fn set_faults(&self, faults: Faults) {
        self.network.rng.lock().unwrap_or_else(PoisonError::into_inner).1 = faults;
    }

    /// How many requests met a fault, and how many did not.
    pub fn counts(&self) -> (u64, u64) {
        (self.network.struck.load(Ordering::Relaxed), self.network.passed.load(Ordering::Relaxed))
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Network {
    fn draw(&self) -> (Fate, Duration, Duration) {
        let mut guard = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        let (rng, faults) = &mut *guard;
        let mut delay = || match rng.random_range(0..1_000) < faults.delay {
            true => Duration::from_millis(rng.random_range(0..=faults.delay_ms_max)),
            false => Duration::ZERO,
        };
        let (before, after) = (delay(), delay());
        let mut dice = rng.random_range(0..1_000_u32);
        let mut strikes = |share: u32| {
            let hit = dice < share;
            dice = dice.saturating_sub(share);
            hit
        };
        let fate = if strikes(faults.lose_request) {
            Fate::LoseRequest
        } else if strikes(faults.lose_answer) {
            Fate::LoseAnswer
        } else if strikes(faults.double) {
            Fate::Double
        } else if strikes(faults.repeat_late) {
            Fate::RepeatLate
        } else {
            Fate::Pass
        };
        (fate, before, after)
    }

    async fn send(&self, request: &Arc<(axum::http::request::Parts, Bytes)>) -> Result<Response, reqwest::Error> {
        let (parts, body) = &**request;
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut headers = parts.headers.clone();
        headers.remove("host");
        let answer = self
            .client
            .request(parts.method.clone(), format!("{}{path}", self.target))
            .headers(headers)
            .body(body.clone())
            .send()
            .await?;
        let mut response = Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            if name != "transfer-encoding" && name != "content-length" {
                response = response.header(name, value);
            }
        }
        let body = answer.bytes().await?;
        Ok(response.body(Body::from(body)).unwrap_or_else(|_| broken()))
    }
}

/// An answer whose connection breaks before its end.
fn broken() -> Response {
    let cut = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "the network broke");
    let chunks = axum::body::Body::from_stream(OneError(Some(cut)));
    Response::builder().status(200).header("content-length", "1000000").body(chunks).unwrap_or_default()
}

struct OneError(Option<std::io::Error>);

impl futures_core::Stream for OneError {
    type Item = Result<Bytes, std::io::Error>;
    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(Err))
    }
}

async fn carry(State(network): State<Arc<Network>>, request: Request) -> Result<Response, Infallible> {
    let (fate, before, after) = network.draw();
    let counter = if fate == Fate::Pass { &network.passed } else { &network.struck };
    counter.fetch_add(1, Ordering::Relaxed);
    tokio::time::sleep(before).await;
    if fate == Fate::LoseRequest {
        return Ok(broken());
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, 64 * 1024 * 1024).await else { return Ok(broken()) };
    let request = Arc::new((parts, body));
    let answer = match fate {
        Fate::Double => {
            let (first, second) = tokio::join!(network.send(&request), network.send(&request));
            drop(first);
            second
        }
        Fate::RepeatLate => {
            let (late_network, late_request) = (Arc::clone(&network), Arc::clone(&request));
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(700)).await;
                drop(late_network.send(&late_request).await);
            });
            network.send(&request).await
        }
        _ => network.send(&request).await,
    };
    tokio::time::sleep(after).await;
    Ok(match (fate, answer) {
        (Fate::LoseAnswer, _) | (_, Err(_)) => broken(),
        (_, Ok(answer)) => answer,
    })
}
