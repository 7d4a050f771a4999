//! A network that misbehaves: an HTTP proxy in front of a hub that loses requests, loses and cuts answers, delays, doubles
//! and reorders, by a seed, so that a run that fails can be run again.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use thiserror::Error;
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};

/// How often, in a thousand requests, each fault strikes.
#[derive(Debug, Clone, Copy)]
pub struct Faults {
    /// The request never arrives and the connection breaks.
    pub lose_request: u32,
    /// The request is carried out, the connection breaks before its answer.
    pub lose_answer: u32,
    /// The request is carried out, the connection breaks in the middle of its answer.
    pub cut_answer: u32,
    /// The request is carried out twice, at the same time; one answer arrives.
    pub double: u32,
    /// The request arrives now, and once more seconds later, behind newer ones.
    pub repeat_late: u32,
    /// The request waits until a later one has overtaken it, half a second at most.
    pub reorder: u32,
    /// Request or answer take up to [`Faults::delay_ms_max`].
    pub delay: u32,
    /// The longest delay.
    pub delay_ms_max: u64,
}

impl Faults {
    /// A bad day: about four requests in ten meet trouble.
    pub const BAD_DAY: Self = Self {
        lose_request: 80,
        lose_answer: 80,
        cut_answer: 60,
        double: 60,
        repeat_late: 60,
        reorder: 60,
        delay: 200,
        delay_ms_max: 120,
    };
    /// Nothing goes wrong.
    pub const NONE: Self =
        Self { lose_request: 0, lose_answer: 0, cut_answer: 0, double: 0, repeat_late: 0, reorder: 0, delay: 0, delay_ms_max: 0 };
}

/// How long a request waits to be overtaken when no other comes.
const OVERTAKEN_WITHIN: Duration = Duration::from_millis(500);
/// How much later a late repeat arrives.
const LATE: Duration = Duration::from_millis(700);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Pass,
    LoseRequest,
    LoseAnswer,
    CutAnswer,
    Double,
    RepeatLate,
    Reorder,
}

/// The connection breaks here.
#[derive(Debug, Error)]
#[error("the network broke")]
struct Broken;

type AnswerBody = BoxBody<Bytes, Broken>;
type Carried = Arc<(hyper::http::request::Parts, Bytes)>;

struct Network {
    target: String,
    client: reqwest::Client,
    rng: Mutex<(StdRng, Faults)>,
    overtaken: Notify,
    struck: AtomicU64,
    passed: AtomicU64,
}

/// A running proxy; it ends, and breaks what it carries, when dropped.
pub struct FaultProxy {
    address: SocketAddr,
    network: Arc<Network>,
    server: JoinHandle<()>,
}

impl FaultProxy {
    /// Listens on a free loopback port in front of `target` (`http://127.0.0.1:…`).
    pub async fn start(target: &str, faults: Faults, seed: u64) -> std::io::Result<Self> {
        let client = reqwest::Client::builder().no_proxy().build().map_err(std::io::Error::other)?;
        let network = Arc::new(Network {
            target: target.trim_end_matches('/').to_owned(),
            client,
            rng: Mutex::new((StdRng::seed_from_u64(seed), faults)),
            overtaken: Notify::new(),
            struck: AtomicU64::new(0),
            passed: AtomicU64::new(0),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(accept(listener, Arc::clone(&network)));
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

async fn accept(listener: tokio::net::TcpListener, network: Arc<Network>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let network = Arc::clone(&network);
        let service = service_fn(move |request| carry(Arc::clone(&network), request));
        // An error ends the connection at once: that is what a till sees when the network breaks.
        connections.spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        while connections.try_join_next().is_some() {}
    }
}

async fn carry(network: Arc<Network>, request: Request<Incoming>) -> Result<Response<AnswerBody>, Broken> {
    let (fate, before, after) = network.draw();
    let counter = if fate == Fate::Pass { &network.passed } else { &network.struck };
    counter.fetch_add(1, Ordering::Relaxed);
    tokio::time::sleep(before).await;
    if fate == Fate::LoseRequest {
        return Err(Broken);
    }
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Broken)?.to_bytes();
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
                tokio::time::sleep(LATE).await;
                drop(late_network.send(&late_request).await);
            });
            network.send(&request).await
        }
        Fate::Reorder => {
            drop(tokio::time::timeout(OVERTAKEN_WITHIN, network.overtaken.notified()).await);
            network.send(&request).await
        }
        _ => {
            let answer = network.send(&request).await;
            network.overtaken.notify_waiters();
            answer
        }
    };
    tokio::time::sleep(after).await;
    let (parts, body) = answer.map_err(|_| Broken)?;
    match fate {
        Fate::LoseAnswer => Err(Broken),
        Fate::CutAnswer => Ok(Response::from_parts(parts, cut(&body))),
        _ => Ok(Response::from_parts(parts, Full::new(body).map_err(|never| match never {}).boxed())),
    }
}

/// The first half of `body`, then the connection breaks.
fn cut(body: &Bytes) -> AnswerBody {
    let half = stream::iter([Ok(Frame::data(body.slice(..body.len() / 2)))]);
    // The half must be on its way before the connection ends, or nothing of the answer would arrive.
    let end = stream::once(async {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Err(Broken)
    });
    BodyExt::boxed(StreamBody::new(half.chain(end)))
}

impl Network {
    fn draw(&self) -> (Fate, Duration, Duration) {
        let mut guard = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        let (rng, faults) = &mut *guard;
        let mut delay = || {
            let late = rng.random_range(0..1_000) < faults.delay;
            Duration::from_millis(if late { rng.random_range(0..=faults.delay_ms_max) } else { 0 })
        };
        let (before, after) = (delay(), delay());
        let mut dice = rng.random_range(0..1_000_u32);
        let shares = [
            (Fate::LoseRequest, faults.lose_request),
            (Fate::LoseAnswer, faults.lose_answer),
            (Fate::CutAnswer, faults.cut_answer),
            (Fate::Double, faults.double),
            (Fate::RepeatLate, faults.repeat_late),
            (Fate::Reorder, faults.reorder),
        ];
        for (fate, share) in shares {
            if dice < share {
                return (fate, before, after);
            }
            dice -= share;
        }
        (Fate::Pass, before, after)
    }

    async fn send(&self, request: &Carried) -> Result<(hyper::http::response::Parts, Bytes), reqwest::Error> {
        let (parts, body) = &**request;
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut headers = parts.headers.clone();
        headers.remove(hyper::header::HOST);
        let url = format!("{}{path}", self.target);
        let request = self.client.request(parts.method.clone(), url).headers(headers).body(body.clone());
        let answer = request.send().await?;
        let mut response = Response::new(());
        *response.status_mut() = answer.status();
        response.headers_mut().clone_from(answer.headers());
        response.headers_mut().remove(hyper::header::TRANSFER_ENCODING);
        let body = answer.bytes().await?;
        response.headers_mut().insert(hyper::header::CONTENT_LENGTH, body.len().into());
        Ok((response.into_parts().0, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    const ANSWER: &str = "an answer that is long enough to be cut in two";

    /// A hub that counts what arrives.
    async fn counting_hub() -> (String, Arc<AtomicUsize>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let arrived = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&arrived);
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                let count = Arc::clone(&count);
                let service = service_fn(move |request: Request<Incoming>| {
                    count.fetch_add(1, Ordering::SeqCst);
                    async move {
                        drop(request.into_body().collect().await);
                        Ok::<_, Broken>(Response::new(Full::new(Bytes::from_static(ANSWER.as_bytes()))))
                    }
                });
                let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                tokio::spawn(connection);
            }
        });
        (url, arrived)
    }

    /// What one request through a proxy with these faults gives, and how often it arrived.
    async fn one_request(faults: Faults) -> (Result<String, reqwest::Error>, usize) {
        let (hub, arrived) = counting_hub().await;
        let proxy = FaultProxy::start(&hub, faults, 1).await.expect("a proxy");
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let answer = match client.post(format!("{}/x?a=1", proxy.url())).body("{}").send().await {
            Ok(answer) => answer.text().await,
            Err(error) => Err(error),
        };
        (answer, arrived.load(Ordering::SeqCst))
    }

    #[tokio::test]
    async fn without_faults_the_answer_arrives() {
        let (answer, arrived) = one_request(Faults::NONE).await;
        assert_eq!((answer.expect("an answer").as_str(), arrived), (ANSWER, 1));
    }

    #[tokio::test]
    async fn a_lost_request_never_arrives() {
        let (answer, arrived) = one_request(Faults { lose_request: 1_000, ..Faults::NONE }).await;
        assert!(answer.is_err());
        assert_eq!(arrived, 0);
    }

    #[tokio::test]
    async fn a_lost_and_a_cut_answer_were_carried_out() {
        for faults in [Faults { lose_answer: 1_000, ..Faults::NONE }, Faults { cut_answer: 1_000, ..Faults::NONE }] {
            let (answer, arrived) = one_request(faults).await;
            assert!(answer.is_err(), "{answer:?}");
            assert_eq!(arrived, 1);
        }
    }

    #[tokio::test]
    async fn a_doubled_request_arrives_twice_and_is_answered_once() {
        let (answer, arrived) = one_request(Faults { double: 1_000, ..Faults::NONE }).await;
        assert_eq!((answer.expect("an answer").as_str(), arrived), (ANSWER, 2));
    }

    #[tokio::test]
    async fn a_reordered_request_still_arrives() {
        let (answer, arrived) = one_request(Faults { reorder: 1_000, ..Faults::NONE }).await;
        assert_eq!((answer.expect("an answer").as_str(), arrived), (ANSWER, 1));
    }
}
