//! What the terminal says by itself, as a browser hears it.

use std::time::Duration;

use crate::fake_terminal::Running;
use reqwest::Response;
use till::api::{CategoryView, SessionNews, TillEvent};
use tokio::time::timeout;

/// Reads until the stream has said `wanted`.
async fn hear(stream: &mut Response, wanted: &str) -> String {
    let mut heard = String::new();
    while !heard.contains(wanted) {
        let chunk = timeout(Duration::from_secs(10), stream.chunk()).await.expect("an event in time").unwrap();
        heard.push_str(std::str::from_utf8(&chunk.expect("an open stream")).unwrap());
    }
    heard
}

#[tokio::test]
async fn every_browser_hears_every_event() {
    let bridge = Running::on_loopback().await;
    let mut first = bridge.get("/api/events").send().await.unwrap();
    let mut second = bridge.get("/api/events").send().await.unwrap();
    assert_eq!(first.headers()["content-type"], "text/event-stream");
    bridge.events.send(TillEvent::Catalogue).unwrap();
    for stream in [&mut first, &mut second] {
        hear(stream, "data: {\"type\":\"catalogue\"}\n\n").await;
    }
    bridge.stop().await;
}

#[tokio::test]
async fn what_one_session_is_told_no_other_browser_hears() {
    let bridge = Running::on_loopback().await;
    let mut mine = bridge.get("/api/events").send().await.unwrap();
    let mut other = bridge.get("/api/events").send().await.unwrap();
    let cookie = mine.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let categories = bridge.command("categories", "{}").header("cookie", cookie).send().await.unwrap();
    let session = categories.json::<Vec<CategoryView>>().await.unwrap()[0].code.clone();
    let news = SessionNews::Scan { data: "6901234567892".into(), aim: "E0".into() };
    bridge.events.send(TillEvent::Session { session, news }).unwrap();
    bridge.events.send(TillEvent::Catalogue).unwrap();
    hear(&mut mine, "6901234567892").await;
    let heard = hear(&mut other, "catalogue").await;
    assert!(!heard.contains("6901234567892"), "{heard}");
    bridge.stop().await;
}

#[tokio::test]
async fn closing_the_bridge_ends_the_streams() {
    let bridge = Running::on_loopback().await;
    let mut stream = bridge.get("/api/events").send().await.unwrap();
    hear(&mut stream, ": connected").await;
    bridge.stop().await;
    while stream.chunk().await.unwrap_or(None).is_some() {}
}
