//! The managers' pages, as a browser without scripts sees them.

mod fake;

use std::net::SocketAddr;

use domain::{Name, Role, StaffId, StoreCode};
use fake::{FakeTerminal, Place, client, on_both_databases};
use hub::server::{ServeOptions, bind};
use hub::{Hub, NewStaff};
use reqwest::{Response, StatusCode};

on_both_databases! {
    a_manager_sees_every_store_and_goes_down_to_the_signed_order,
    nobody_else_gets_in,
}

struct Pages {
    hub: Hub,
    url: String,
    cookie: String,
}

impl Pages {
    async fn open(place: &Place) -> Self {
        let database = place.database.clone();
        let hub = tokio::task::spawn_blocking(move || Hub::open(&database)).await.expect("no panic").expect("opened");
        let server = bind(hub.clone(), ServeOptions::new(SocketAddr::from(([127, 0, 0, 1], 0)))).await.expect("listening");
        let url = server.url();
        tokio::spawn(server.run(std::future::pending()));
        Self { hub, url, cookie: String::new() }
    }

    async fn staff(&self, id: &str, role: Role) {
        let name = Name { zh: "陈".to_owned(), en: "Chen".to_owned() };
        let staff = NewStaff { id: StaffId::parse(id).expect("an id"), name, role, pin: "9999".to_owned() };
        let hub = self.hub.clone();
        let add = move || hub.add_staff(&StoreCode::parse("S1").expect("a code"), &staff);
        tokio::task::spawn_blocking(add).await.expect("no panic").expect("added");
    }

    async fn get(&self, path: &str) -> Response {
        let asked = client().get(format!("{}{path}", self.url)).header("cookie", &self.cookie).header("accept-language", "en");
        asked.send().await.expect("an answer")
    }

    async fn shown(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.expect("a page")
    }

    /// Follows nothing, so that it is seen where an answer leads.
    fn form_sender() -> reqwest::Client {
        reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
    }

    async fn post(&self, path: &str, origin: &str, form: String) -> Response {
        Self::form_sender()
            .post(format!("{}{path}", self.url))
            .header("cookie", &self.cookie)
            .header("origin", origin)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .expect("an answer")
    }

    async fn sign_in(&mut self, staff: &str, pin: &str) -> Response {
        let answer = self.post("/manage/sign-in", &self.url.clone(), format!("store=S1&staff={staff}&pin={pin}")).await;
        if let Some(cookie) = answer.headers().get("set-cookie") {
            let cookie = cookie.to_str().expect("text");
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
            self.cookie = cookie.split(';').next().expect("a pair").to_owned();
        }
        answer
    }
}

/// The first thing on a page between two texts.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    page.split_once(from).and_then(|(_, rest)| rest.split_once(to)).expect("it is on the page").0
}

async fn a_manager_sees_every_store_and_goes_down_to_the_signed_order(place: Place) {
    let mut pages = Pages::open(&place).await;
    let (mut till, _) = FakeTerminal::joined(&pages.url, &pages.hub, "S1").await;
    till.sell(500);
    till.refund(120);
    // Signed by nobody the hub knows: an incident.
    let mut broken = till.entries.clone();
    broken[1].push('A');
    assert!(till.push(&broken).await.is_err());
    till.push(&till.entries).await.expect("taken in");
    pages.staff("chen", Role::Manager).await;
    assert_eq!(pages.sign_in("chen", "9999").await.status(), StatusCode::SEE_OTHER);

    let overview = pages.shown("/manage").await;
    assert!(overview.contains("/manage/stores/S1") && overview.contains("open incidents"), "{overview}");
    let day = pages.shown("/manage/stores/S1").await;
    assert!(day.contains("3.80 CNY"), "{day}");
    let link = between(&day, "<p class=\"figure\"><a href=\"", "\"").replace("&amp;", "&");
    let orders = pages.shown(&link).await;
    assert!(orders.contains("5.00 CNY") && orders.contains("-1.20 CNY"), "{orders}");
    let link = format!("/manage/stores/S1/orders/{}", between(&orders, "/manage/stores/S1/orders/", "\""));
    let order = pages.shown(&link).await;
    assert!(order.contains("signature holds"), "{order}");

    let incidents = pages.shown("/manage/incidents").await;
    let close = between(&incidents, "action=\"/manage/incidents/", "\"");
    let close = format!("/manage/incidents/{close}");
    let word = between(&incidents, "name=\"form\" value=\"", "\"").to_owned();
    let (own, foreign) = (pages.url.clone(), "https://elsewhere.example");
    assert_eq!(pages.post(&close, foreign, format!("form={word}")).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(pages.post(&close, &own, "form=guessed".to_owned()).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(place.count("SELECT count(*) FROM incidents WHERE resolved_at IS NULL"), 1);
    pages.post(&close, &own, format!("form={word}")).await;
    assert_eq!(place.count("SELECT count(*) FROM incidents WHERE resolved_at IS NULL"), 0);

    pages.post("/manage/sign-out", &own, format!("form={word}")).await;
    assert_eq!(pages.get("/manage").await.status(), StatusCode::UNAUTHORIZED);
}

async fn nobody_else_gets_in(place: Place) {
    let mut pages = Pages::open(&place).await;
    FakeTerminal::joined(&pages.url, &pages.hub, "S1").await;
    pages.staff("lin", Role::Cashier).await;
    pages.staff("chen", Role::Owner).await;
    for path in ["/manage", "/manage/stores/S1", "/manage/incidents", "/manage/stores/S1/orders/1/1"] {
        let answer = pages.get(path).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert!(answer.headers()["content-security-policy"].to_str().expect("text").contains("default-src 'none'"));
    }
    assert_eq!(pages.sign_in("lin", "9999").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(pages.sign_in("ghost", "9999").await.status(), StatusCode::UNAUTHORIZED);
    for _ in 0..5 {
        assert_eq!(pages.sign_in("chen", "0000").await.status(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!(pages.sign_in("chen", "9999").await.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(pages.cookie.is_empty());
}
