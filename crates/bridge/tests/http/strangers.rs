//! What is kept out: other sites' pages, rebound names, other machines without the token, ways out of the folder.

use crate::fake_terminal::{Running, cookie, problem};
use reqwest::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn a_name_that_was_rebound_to_this_machine_reaches_nothing() {
    let bridge = Running::on_loopback().await;
    for host in ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "192.168.1.5"] {
        assert_eq!(bridge.command("categories", "{}").header("Host", host).send().await.unwrap().status(), 403, "{host}");
        assert_eq!(bridge.get("/").header("Host", host).send().await.unwrap().status(), 403, "{host}");
        assert_eq!(bridge.get("/api/events").header("Host", host).send().await.unwrap().status(), 403, "{host}");
    }
    let allowed = bridge.command("categories", "{}").header("Host", "till-1.local:8080").send().await.unwrap();
    assert_eq!(allowed.status(), 200);
    assert_eq!(bridge.terminal.asked().len(), 1);
    bridge.stop().await;
}

#[tokio::test]
async fn a_page_of_another_site_can_neither_command_nor_listen() {
    let bridge = Running::on_loopback().await;
    for (name, value) in [
        ("Origin", "https://evil.example"),
        ("Origin", "http://127.0.0.1:1"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ] {
        let refused = bridge.command("categories", "{}").header(name, value).send().await.unwrap();
        assert_eq!(refused.status(), 403, "{name}: {value}");
        assert!(refused.headers().get("access-control-allow-origin").is_none());
        assert_eq!(bridge.get("/api/events").header(name, value).send().await.unwrap().status(), 403, "{name}: {value}");
    }
    let preflight = reqwest::Client::new().request(reqwest::Method::OPTIONS, bridge.url("/api/categories"));
    let preflight =
        preflight.header("Origin", "https://evil.example").header("Access-Control-Request-Method", "POST").send().await.unwrap();
    assert_eq!(preflight.status(), 403);
    assert_eq!(bridge.terminal.asked(), []);

    let own = bridge.command("categories", "{}").header("Origin", bridge.url("")).header("Sec-Fetch-Site", "same-origin");
    assert_eq!(own.send().await.unwrap().status(), 200);
    bridge.stop().await;
}

#[tokio::test]
async fn what_a_form_of_another_site_could_send_is_no_command() {
    let bridge = Running::on_loopback().await;
    let post = || reqwest::Client::new().post(bridge.url("/api/categories")).body("{}");
    let without_header = post().header("Content-Type", "application/json").send().await.unwrap();
    assert_eq!(problem(without_header).await.0, 403);
    let as_a_form = post().header("X-Tillbridge", "1").header("Content-Type", "text/plain").send().await.unwrap();
    assert_eq!(problem(as_a_form).await.0, 415);
    assert_eq!(bridge.get("/api/categories").send().await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(bridge.terminal.asked(), []);
    bridge.stop().await;
}

#[tokio::test]
async fn beyond_loopback_a_browser_is_let_in_by_the_token_and_by_nothing_else() {
    let bridge = Running::on("0.0.0.0:0").await;
    let token = bridge.token.clone().unwrap();
    assert!(bridge.address.ends_with(&format!("/?token={token}")), "{}", bridge.address);

    let own_cookie = "tillbridge=AAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(bridge.get("/").send().await.unwrap().status(), 401);
    assert_eq!(bridge.get("/?token=guess").send().await.unwrap().status(), 401);
    assert_eq!(bridge.command("categories", "{}").header("Cookie", own_cookie).send().await.unwrap().status(), 403);
    assert_eq!(bridge.get("/api/events").header("Cookie", own_cookie).send().await.unwrap().status(), 403);

    let welcome = bridge.get(&format!("/?token={token}")).send().await.unwrap();
    assert_eq!(welcome.status(), 200);
    let session = cookie(&welcome).unwrap();
    assert!(!welcome.text().await.unwrap().contains(&token));
    let let_in = bridge.command("categories", "{}").header("Cookie", &session).send().await.unwrap();
    assert_eq!(let_in.status(), 200);
    assert_eq!(bridge.get("/api/events").header("Cookie", &session).send().await.unwrap().status(), 200);
    bridge.stop().await;
}

#[tokio::test]
async fn loopback_needs_no_token() {
    let bridge = Running::on_loopback().await;
    assert_eq!(bridge.token, None);
    assert_eq!(bridge.address, bridge.url("/"));
    bridge.stop().await;
}

#[tokio::test]
async fn no_path_leads_out_of_the_user_interface() {
    let bridge = Running::on_loopback().await;
    for path in [
        "/../Cargo.toml",
        "/assets/../../../Cargo.toml",
        "/..%2f..%2fCargo.toml",
        "/%2e%2e/%2e%2e/Cargo.toml",
        "//../Cargo.toml",
        "/..\\Cargo.toml",
    ] {
        let mut stream = TcpStream::connect(("127.0.0.1", bridge.port)).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(!answer.contains("[package]") && !answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn every_answer_forbids_what_the_page_does_not_need() {
    let bridge = Running::on_loopback().await;
    for path in ["/", "/assets/gone.js", "/api/gone"] {
        let response = bridge.get(path).send().await.unwrap();
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-eval") && !policy.contains("script-src 'self' 'unsafe-inline'"), "{policy}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{path}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_link_from_another_site_does_not_take_the_session_away() {
    let bridge = Running::on_loopback().await;
    let by_link =
        bridge.get("/").header("Sec-Fetch-Site", "cross-site").header("Sec-Fetch-Mode", "navigate").send().await.unwrap();
    assert_eq!(cookie(&by_link), None);
    bridge.stop().await;
}
