//! Commands over HTTP: answers, refusals and sessions.

use crate::fake_terminal::{Running, cookie, problem};
use till::api::{CategoryView, ProblemCode};

#[tokio::test]
async fn a_command_is_answered_and_gives_the_browser_a_session_that_scripts_cannot_read() {
    let bridge = Running::on_loopback().await;
    let response = bridge.command("categories", "{}").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let set = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Path=/"), "{set}");
    assert_eq!(response.json::<Vec<CategoryView>>().await.unwrap()[0].name.zh, "饮料");
    bridge.stop().await;
}

#[tokio::test]
async fn every_browser_has_a_session_of_its_own_and_keeps_it() {
    let bridge = Running::on_loopback().await;
    let first = cookie(&bridge.command("categories", "{}").send().await.unwrap()).unwrap();
    let second = cookie(&bridge.command("categories", "{}").send().await.unwrap()).unwrap();
    let again = bridge.command("categories", "{}").header("Cookie", &first).send().await.unwrap();
    assert_eq!(cookie(&again), None);
    assert_ne!(first, second);
    let sessions: Vec<String> = bridge.terminal.asked().into_iter().map(|(session, _)| session).collect();
    assert_eq!(sessions[0], sessions[2]);
    assert_ne!(sessions[0], sessions[1]);
    let secret = first.strip_prefix("tillbridge=").unwrap();
    assert!(sessions.iter().all(|session| !session.contains(secret)));
    bridge.stop().await;
}

#[tokio::test]
async fn refusals_say_why_in_their_status_and_in_full_in_their_body() {
    let bridge = Running::on_loopback().await;
    for (command, args, status, code) in [
        ("sync", "{}", 401, ProblemCode::NotSignedIn),
        ("reprint", r#"{"order":"1"}"#, 503, ProblemCode::DiskFull),
        ("begin_payment", "{}", 409, ProblemCode::CartEmpty),
        ("clear", r#"{"reason":null}"#, 500, ProblemCode::Internal),
        ("no_such_command", "{}", 400, ProblemCode::BadRequest),
        ("scan", r#"{"code":"1"}"#, 400, ProblemCode::BadRequest),
        ("scan", "{", 400, ProblemCode::BadRequest),
    ] {
        let (found, problem) = problem(bridge.command(command, args).send().await.unwrap()).await;
        assert_eq!((found, problem.code), (status, code), "{command} {args}");
    }
    let (status, unknown) = problem(bridge.command("scan", r#"{"code":"690","quantity":""}"#).send().await.unwrap()).await;
    assert_eq!((status, unknown.code, unknown.params["code"].as_str()), (422, ProblemCode::UnknownBarcode, "690"));
    bridge.stop().await;
}

#[tokio::test]
async fn arguments_larger_than_any_screen_sends_are_refused() {
    let bridge = Running::on_loopback().await;
    let large = format!(r#"{{"code":"{}","quantity":""}}"#, "9".repeat(600_000));
    let (status, refused) = problem(bridge.command("scan", &large).send().await.unwrap()).await;
    assert_eq!((status, refused.code), (413, ProblemCode::BadRequest));
    assert_eq!(bridge.terminal.asked(), []);
    bridge.stop().await;
}

#[tokio::test]
async fn one_browser_too_many_is_told_so() {
    let bridge = Running::on_loopback().await;
    let mut first = None;
    for _ in 0..64 {
        let response = bridge.command("categories", "{}").send().await.unwrap();
        assert_eq!(response.status(), 200);
        first = first.or(cookie(&response));
    }
    let (status, _) = problem(bridge.command("categories", "{}").send().await.unwrap()).await;
    assert_eq!(status, 503);
    let known = bridge.command("categories", "{}").header("Cookie", first.unwrap()).send().await.unwrap();
    assert_eq!(known.status(), 200);
    bridge.stop().await;
}
