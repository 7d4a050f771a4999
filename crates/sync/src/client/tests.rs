use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::Change;
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::client_error::CertificateFault;
use crate::fake::{FakeHub, KEYS, TERMINAL, compressed_snapshot, journal, problem, stock_changes};

fn client_of(address: &str) -> HubClient {
    client_with(address, &ClientOptions::default())
}

fn client_with(address: &str, options: &ClientOptions) -> HubClient {
    let address = HubAddress::parse(address).expect("an address");
    HubClient::new(address, *TERMINAL, Arc::clone(&KEYS), options).expect("a client")
}

/// A server that answers every request so.
async fn server(answer: impl Fn() -> axum::response::Response + Clone + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let routes = Router::new().fallback(move || async move { answer() });
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

#[tokio::test]
async fn a_signed_request_is_taken_and_an_unknown_key_refused_with_the_hubs_words() {
    let hub = FakeHub::start().await;
    let client = client_of(&hub.address().to_string());
    assert_eq!(client.head().await.expect("answered").acked, 0);
    let texts: Vec<String> = journal(1).into_iter().map(|entry| entry.text).collect();
    assert_eq!(client.push(&texts).await.expect("answered").acked, 1);
    assert_eq!(client.feed(hub.store(), 0).await.expect("answered").next, 0);
    assert_eq!(client.incidents(hub.store()).await.expect("answered").incidents.len(), 1);

    hub.state().request_keys.clear();
    match client.head().await {
        Err(ClientError::Refused(problem)) => assert_eq!(problem.kind, ProblemKind::Unauthenticated),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_not_a_hub_is_told_apart_from_a_hub_that_refuses() {
    let web_site = server(|| (StatusCode::NOT_FOUND, "<html>").into_response()).await;
    assert!(matches!(client_of(&web_site).head().await, Err(ClientError::NotAHub { .. })));
    let greeting = server(|| "hello".into_response()).await;
    assert!(matches!(client_of(&greeting).head().await, Err(ClientError::NotAHub { .. })));
    let elsewhere = server(|| (StatusCode::FOUND, [("location", "http://example.com")]).into_response()).await;
    assert!(matches!(client_of(&elsewhere).head().await, Err(ClientError::NotAHub { .. })));
    let busy = server(|| problem(ProblemKind::Unavailable, StatusCode::SERVICE_UNAVAILABLE)).await;
    assert!(matches!(client_of(&busy).head().await, Err(ClientError::Refused(_))));
}

#[tokio::test]
async fn an_answer_without_an_end_is_not_read_to_its_end() {
    let flood = server(|| vec![b' '; MAX_ANSWER_BYTES + 1].into_response()).await;
    match client_of(&flood).head().await {
        Err(ClientError::NotAHub { what, .. }) => assert_eq!(what, "its answer has no end"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn more_than_a_request_may_carry_is_not_sent() {
    let client = client_of("http://127.0.0.1:1");
    let entries = ["x".repeat(MAX_BODY_BYTES)];
    assert!(matches!(client.push(&entries).await, Err(ClientError::TooLarge { .. })));
}

#[tokio::test]
async fn a_connection_that_breaks_off_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 1_024];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{").await;
        }
    });
    match client_of(&address).head().await {
        Err(ClientError::Unreachable { reason, .. }) => assert_eq!(reason, UnreachableReason::Interrupted),
        other => panic!("{other:?}"),
    }
}

async fn load(hub: &FakeHub) -> Result<Vec<Change>, String> {
    let client = client_of(&hub.address().to_string());
    let loaded = client.snapshot(hub.store(), Iterator::collect::<Result<Vec<_>, _>>);
    loaded.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_snapshot_comes_whole_or_not_at_all() {
    let hub = FakeHub::start().await;
    let changes = stock_changes(20_000);
    hub.state().feed.clone_from(&changes);
    assert_eq!(load(&hub).await, Ok(changes.clone()));

    let whole = compressed_snapshot(&changes, 20_000);
    let broken = [
        whole[..whole.len() / 2].to_vec(),
        compressed_snapshot(&changes, 20_001),
        compressed_snapshot(&changes, 19_999),
        b"not zstd".to_vec(),
        Vec::new(),
        zstd::encode_all(&b"{\"feed\":1,\"changes\":1}\n{\"no\":\"change\"}\n"[..], 1).expect("compressed"),
        zstd::encode_all(&b"{\"feed\":1,\"changes\":0}"[..], 1).expect("compressed"),
        zstd::encode_all(&vec![b'x'; 64 * 1024 * 1024][..], 1).expect("compressed"),
    ];
    for snapshot in broken {
        hub.state().snapshot = Some(snapshot);
        assert!(load(&hub).await.is_err());
    }
}

#[tokio::test]
async fn a_reader_that_stops_early_does_not_hang_the_connection() {
    let hub = FakeHub::start().await;
    hub.state().feed = stock_changes(100_000);
    let client = client_of(&hub.address().to_string());
    let first = client.snapshot(hub.store(), |mut snapshot| snapshot.next().and_then(Result::ok)).await;
    assert_eq!(first.expect("answered"), stock_changes(1).pop());
}

/// A TLS server with a certificate of its own; its address on `127.0.0.1` and the certificate.
async fn tls_server(change: impl FnOnce(&mut CertificateParams), name: &str) -> (String, String) {
    let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
    change(&mut params);
    let signing_key = KeyPair::generate().expect("a key");
    let cert = params.self_signed(&signing_key).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a certificate");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("https://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4_096];
            let _ = stream.read(&mut request).await;
            let body = r#"{"acked":7,"head":"","countersignature":""}"#;
            let answer = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (address, cert.pem())
}

async fn fault_of(address: &str, trusted: &str) -> CertificateFault {
    let options = ClientOptions { root_certificates: trusted.as_bytes().to_vec(), ..ClientOptions::default() };
    match client_with(address, &options).head().await {
        Err(ClientError::Certificate { fault, .. }) => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_is_refused_and_the_shops_own_authority_can_be_trusted() {
    let (address, certificate) = tls_server(|_| (), "127.0.0.1").await;
    assert_eq!(fault_of(&address, "").await, CertificateFault::Untrusted);
    let options = ClientOptions { root_certificates: certificate.into_bytes(), ..ClientOptions::default() };
    assert_eq!(client_with(&address, &options).head().await.expect("answered").acked, 7);
}

// The verifiers of macOS and Windows name these faults in words of their own.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_certificate_of_another_name_or_time_is_told_apart() {
    let (address, certificate) = tls_server(|_| (), "hub.example.com").await;
    assert_eq!(fault_of(&address, &certificate).await, CertificateFault::WrongHost);
    let (address, certificate) = tls_server(
        |params| {
            params.not_before = rcgen::date_time_ymd(2020, 1, 1);
            params.not_after = rcgen::date_time_ymd(2021, 1, 1);
        },
        "127.0.0.1",
    )
    .await;
    assert_eq!(fault_of(&address, &certificate).await, CertificateFault::NotValidNow);
}

#[tokio::test]
async fn https_to_a_plain_server_says_so() {
    let plain = server(|| "hello".into_response()).await.replace("http://", "https://");
    match client_of(&plain).head().await {
        Err(ClientError::NotAHub { what, .. }) => assert_eq!(what, "it does not speak TLS"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn roots_that_are_no_certificates_are_refused() {
    let options = ClientOptions { root_certificates: b"-----BEGIN CERTIFICATE-----\nAAAA".to_vec(), ..ClientOptions::default() };
    let address = HubAddress::parse("https://hub.example.com").expect("an address");
    let client = HubClient::new(address, *TERMINAL, Arc::clone(&KEYS), &options);
    assert!(matches!(client, Err(ClientError::Local(_))));
}
