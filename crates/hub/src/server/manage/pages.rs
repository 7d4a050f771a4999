//! What the managers' pages show.

use domain::report::Dimension;
use domain::{Money, Shop};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use maud::{DOCTYPE, Markup, html};
use sync::wire::Incident;

use super::session::Session;
use super::words::{self, Speech};
use crate::managers::{Manager, OrderBehind, SignedOrder, StoreToday};
use crate::sums::{DayReport, NamedFigure};
use crate::terminal::TerminalSummary;

/// Orders and products that a list shows.
const LONGEST: usize = 200;

/// What stands around every page of somebody who is signed in.
pub(super) struct Page<'a> {
    pub(super) speech: Speech,
    pub(super) session: &'a Session,
    pub(super) manager: &'a Manager,
}

fn shell(speech: Speech, title: &str, live: bool, header: &Markup, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(speech.say("zh-Hans", "en")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Tillbridge" }
                link rel="stylesheet" href="/manage/style.css";
                @if live { script src="/manage/live.js" defer {} }
            }
            body {
                (header)
                main id="main" data-live[live] { (body) }
            }
        }
    }
}

impl Page<'_> {
    fn show(&self, title: &str, live: bool, body: &Markup) -> Markup {
        let speech = self.speech;
        let header = html! {
            header {
                nav {
                    a href="/manage" { (speech.say("所有门店", "All stores")) }
                    a href="/manage/incidents" { (speech.say("异常", "Incidents")) }
                    a href={ "/manage?language=" (speech.say("en", "zh")) } { (speech.say("English", "中文")) }
                }
                form method="post" action="/manage/sign-out" {
                    (self.word())
                    span { (speech.name(&self.manager.name)) }
                    button { (speech.say("退出", "Sign out")) }
                }
            }
        };
        shell(speech, title, live, &header, body)
    }

    fn word(&self) -> Markup {
        html! { input type="hidden" name="form" value=(self.session.form); }
    }
}

/// The form to sign in, with what was wrong.
pub(super) fn sign_in(speech: Speech, problem: Option<String>) -> Markup {
    let body = html! {
        form.sign-in method="post" action="/manage/sign-in" {
            h1 { (speech.say("店长登录", "Managers sign in")) }
            @if let Some(problem) = problem { p.bad role="alert" { (problem) } }
            label { (speech.say("门店编号", "Store code")) input name="store" required autocomplete="organization"; }
            label { (speech.say("工号", "Staff id")) input name="staff" required autocomplete="username"; }
            label { "PIN" input name="pin" type="password" inputmode="numeric" required autocomplete="current-password"; }
            button { (speech.say("登录", "Sign in")) }
            p { a href={ "/manage?language=" (speech.say("en", "zh")) } { (speech.say("English", "中文")) } }
        }
    };
    shell(speech, speech.say("登录", "Sign in"), false, &html! {}, &body)
}

/// There is nothing here.
pub(super) fn missing(speech: Speech) -> Markup {
    let body = html! { h1 { (speech.say("没有这个页面", "There is no such page")) } p { a href="/manage" { (speech.say("所有门店", "All stores")) } } };
    shell(speech, speech.say("没有", "Missing"), false, &html! {}, &body)
}

/// Every store today.
pub(super) fn overview(page: &Page<'_>, stores: &[StoreToday]) -> Markup {
    let speech = page.speech;
    let body = html! {
        h1 { (speech.say("所有门店 · 今天", "All stores · today")) }
        div.cards {
            @for store in stores {
                section.card {
                    h2 { a href={ "/manage/stores/" (store.code) } { (speech.name(&store.name)) " " small { (store.code) } } }
                    p.figure { (store.net) }
                    p { (store.date) " · " (store.sales) " " (speech.say("单", "orders"))
                        " · " (store.refunds) " " (speech.say("退款", "refunds")) }
                    @if let Some(average) = store.average { p { (speech.say("客单价 ", "Average ")) (average) } }
                    @if store.incidents > 0 {
                        p.bad { a href="/manage/incidents" { (store.incidents) " " (speech.say("个异常未处理", "open incidents")) } }
                    }
                    (tills(speech, &store.terminals))
                }
            }
        }
    };
    page.show(speech.say("所有门店", "All stores"), true, &body)
}

fn tills(speech: Speech, terminals: &[TerminalSummary]) -> Markup {
    html! {
        ul.tills {
            @for terminal in terminals {
                li {
                    (terminal.number) " " (terminal.name) " · "
                    @match terminal.seen_at {
                        Some(at) => { (speech.say("上次上传 ", "last heard ")) time datetime=(at) { (short(at)) } }
                        None => { (speech.say("从未上传", "never heard")) }
                    }
                    @if terminal.revoked_at.is_some() { " · " span.bad { (speech.say("已停用", "shut out")) } }
                }
            }
        }
    }
}

fn short(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn local(at: Timestamp, shop: &Shop) -> String {
    at.to_zoned_datetime(shop.zone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// A store's day.
pub(super) fn day(page: &Page<'_>, shop: &Shop, today: Date, report: &DayReport, terminals: &[TerminalSummary]) -> Markup {
    let speech = page.speech;
    let date = report.from;
    let link = |date: Date| format!("/manage/stores/{}?date={date}", shop.code);
    let orders = |dimension: &str, key: &str| figure_link(shop, date, dimension, key);
    let count = |dimension| report.figures.iter().filter(|it| it.dimension == dimension).map(|it| it.count).sum::<u64>();
    let sections = [
        Dimension::Sales,
        Dimension::Refunds,
        Dimension::Hour,
        Dimension::Tender,
        Dimension::Tax,
        Dimension::Discount,
        Dimension::Cashier,
        Dimension::Product,
    ];
    let body = html! {
        h1 { (speech.name(&shop.name)) " · " (date) }
        p.days {
            @if let Ok(before) = date.checked_sub(1.day()) { a href=(link(before)) { "← " (before) } }
            @if date < today { a href=(link(today)) { (speech.say("今天", "Today")) } }
            @else { span { (speech.say("当天尚未结束", "The day is not over")) } }
        }
        p.figure { a href=(orders("net", "")) { (report.net) } }
        p {
            (speech.say("净销售额", "Net sales")) " · " (count(Dimension::Sales)) " " (speech.say("单", "orders"))
            @if let Some(average) = report.average { " · " (speech.say("客单价 ", "average ")) (average) }
        }
        div.cards {
            @for dimension in sections {
                (section(speech, dimension, report, &orders))
            }
        }
        h2 { (speech.say("收银机", "Tills")) }
        (tills(speech, terminals))
    };
    page.show(speech.name(&shop.name), date >= today, &body)
}

fn figure_link(shop: &Shop, date: Date, dimension: &str, key: &str) -> String {
    let key: String = key.bytes().map(encoded).collect();
    format!("/manage/stores/{}/orders?date={date}&dimension={dimension}&key={key}", shop.code)
}

/// A byte of a query's value.
fn encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

fn section(speech: Speech, dimension: Dimension, report: &DayReport, orders: &dyn Fn(&str, &str) -> String) -> Markup {
    let mut figures: Vec<&NamedFigure> = report.figures.iter().filter(|figure| figure.dimension == dimension).collect();
    if dimension == Dimension::Product {
        figures.sort_by_key(|figure| std::cmp::Reverse(figure.amount.map_or(0, Money::minor)));
        figures.truncate(LONGEST);
    }
    if figures.is_empty() {
        return html! {};
    }
    html! {
        section.card {
            h2 { (words::dimension(speech, dimension)) }
            table {
                @for figure in figures {
                    tr {
                        th scope="row" {
                            a href=(orders(dimension.code(), &figure.key)) {
                                @let name = speech.name(&figure.name);
                                @if name.is_empty() { (words::key(speech, dimension, &figure.key)) } @else { (name) }
                            }
                        }
                        td { (figure.count) "×" }
                        td { @if let Some(amount) = figure.amount { (amount) } }
                    }
                }
            }
        }
    }
}

/// The orders behind a figure.
pub(super) fn orders(page: &Page<'_>, shop: &Shop, date: Date, figure: (&str, &str), behind: &[OrderBehind]) -> Markup {
    let speech = page.speech;
    let body = html! {
        p { a href={ "/manage/stores/" (shop.code) "?date=" (date) } { "← " (speech.name(&shop.name)) " " (date) } }
        h1 { (figure.0) " " (figure.1) }
        p { (behind.len()) " " (speech.say("张单据", "orders")) }
        table {
            @for order in behind.iter().take(LONGEST) {
                tr {
                    th scope="row" {
                        a href={ "/manage/stores/" (shop.code) "/orders/" (order.terminal) "/" (order.seq) } { (order.receipt) }
                        @if order.refund { " " span.bad { (speech.say("退款", "refund")) } }
                    }
                    td { (local(order.at, shop)) }
                    td { @if let Some(amount) = order.amount { (amount) } }
                }
            }
        }
    };
    page.show(speech.name(&shop.name), false, &body)
}

/// An order as it was signed.
pub(super) fn order(page: &Page<'_>, shop: &Shop, found: &SignedOrder) -> Markup {
    let speech = page.speech;
    let order = &found.order;
    let body = html! {
        h1 { (order.receipt) @if found.refund { " " span.bad { (speech.say("退款", "refund")) } } }
        p { (local(found.at, shop)) @if let Some(staff) = &found.staff { " · " (staff) } }
        @if found.signed { p.ok { (speech.say("收银机签名有效", "The till's signature holds")) } }
        @else { p.bad { (speech.say("签名无效", "The signature does not hold")) } }
        p.hash { (found.hash) }
        table {
            @for line in &order.lines {
                tr { th scope="row" { (speech.name(&line.name)) " " small { (line.sku) } } td { (line.quantity) " × " (line.unit_price.amount()) } td { (line.payable) } }
            }
            tr.total { th scope="row" { (speech.say("合计", "Total")) } td {} td { (order.total) } }
            @for payment in &order.payments {
                tr { th scope="row" { (words::key(speech, Dimension::Tender, payment.tender.code())) } td {} td { (payment.amount) } }
            }
        }
    };
    page.show(order.receipt.as_str(), false, &body)
}

/// What must not happen and did.
pub(super) fn incidents(page: &Page<'_>, open: &[(Vec<Incident>, Shop)]) -> Markup {
    let speech = page.speech;
    let none = open.iter().all(|(incidents, _)| incidents.is_empty());
    let body = html! {
        h1 { (speech.say("未处理的异常", "Open incidents")) }
        @if none { p.ok { (speech.say("没有异常", "No incidents")) } }
        @for (incidents, shop) in open.iter().filter(|(incidents, _)| !incidents.is_empty()) {
            h2 { (speech.name(&shop.name)) }
            @for incident in incidents {
                section.card {
                    p { strong { "#" (incident.id) } " " (local(incident.at, shop)) }
                    p { (incident.detail) }
                    form method="post" action={ "/manage/incidents/" (incident.id) "/close" } {
                        (page.word())
                        button { (speech.say("已核查，关闭", "Looked into: close")) }
                    }
                }
            }
        }
    };
    page.show(speech.say("异常", "Incidents"), false, &body)
}
