use domain::TerminalId;
use journal::{EntryHash, TerminalKeys};
use proptest::prelude::*;
use tokio::sync::watch;

use super::*;
use crate::client::ClientOptions;
use crate::client_error::UnreachableReason;
use crate::fake::{FakeHub, FakeOutbox, KEYS, OnPush, TERMINAL, journal, stock_changes};
use crate::wire::ProblemKind;
use crate::{HubAddress, wire};

fn engine(hub: &FakeHub, outbox: &Arc<FakeOutbox>) -> Engine<FakeOutbox> {
    engine_with(hub, outbox, &ClientOptions::default())
}

fn engine_with(hub: &FakeHub, outbox: &Arc<FakeOutbox>, options: &ClientOptions) -> Engine<FakeOutbox> {
    let client = HubClient::new(hub.address(), *TERMINAL, Arc::clone(&KEYS), options).expect("a client");
    Engine::new(client, Arc::clone(outbox), hub.identity(), |_| ())
}

#[tokio::test]
async fn everything_unsent_is_pushed_and_everything_new_is_pulled() {
    let hub = FakeHub::start().await;
    hub.state().feed = stock_changes(3);
    let outbox = FakeOutbox::with(journal(5));
    let mut engine = engine(&hub, &outbox);

    assert_eq!(engine.step().await.expect("synced"), StepSummary { pushed: 5, pulled: 3 });
    assert_eq!(hub.texts(), outbox.texts());
    assert_eq!(outbox.state().acked, 5);
    assert_eq!(outbox.position_and_snapshots(), (3, 1));
    assert_eq!(engine.report().state, State::Synced);
    assert!(engine.report().last_at.is_some());

    hub.state().feed = stock_changes(7);
    assert_eq!(engine.step().await.expect("synced"), StepSummary { pushed: 0, pulled: 4 });
    assert_eq!(outbox.state().changes, stock_changes(7));
    assert_eq!(outbox.state().snapshots, 1, "a snapshot is for the first time alone");
}

#[tokio::test]
async fn a_push_carries_no_more_than_one_request_may() {
    let hub = FakeHub::start().await;
    let outbox = FakeOutbox::with(journal(401));
    engine(&hub, &outbox).step().await.expect("synced");
    assert_eq!(hub.state().pushes, [200, 200, 1]);
}

#[tokio::test]
async fn pages_are_pulled_until_there_are_no_more() {
    let hub = FakeHub::start().await;
    hub.state().page_size = 2;
    hub.state().feed = stock_changes(2);
    let outbox = FakeOutbox::with(Vec::new());
    let mut engine = engine(&hub, &outbox);
    engine.step().await.expect("synced");
    hub.state().feed = stock_changes(9);
    assert_eq!(engine.step().await.expect("synced").pulled, 7);
    assert_eq!(outbox.state().changes, stock_changes(9));
}

#[tokio::test]
async fn an_answer_that_was_lost_doubles_nothing() {
    let hub = FakeHub::start().await;
    let outbox = FakeOutbox::with(journal(3));
    let mut engine = engine(&hub, &outbox);
    hub.state().on_push = OnPush::StoreAndLoseTheAnswer;
    let error = engine.step().await.expect_err("no answer");
    assert!(!error.is_refusal(), "{error}");
    assert_eq!((engine.report().state, outbox.state().acked), (State::Offline, 0));

    hub.state().on_push = OnPush::Store;
    engine.step().await.expect("synced");
    assert_eq!(hub.texts(), outbox.texts());
    assert_eq!(outbox.state().acked, 3);
}

#[tokio::test]
async fn a_hub_that_lost_its_newest_entries_gets_them_again() {
    let hub = FakeHub::start().await;
    let outbox = FakeOutbox::with(journal(4));
    let mut engine = engine(&hub, &outbox);
    engine.step().await.expect("synced");
    hub.state().entries.truncate(1);
    outbox.state().entries = journal(6);
    engine.step().await.expect("synced");
    assert_eq!(hub.texts(), outbox.texts());
    assert_eq!(outbox.state().acked, 6);
}

#[tokio::test]
async fn a_hub_that_went_back_to_an_old_copy_is_taken_as_a_whole() {
    let hub = FakeHub::start().await;
    hub.state().feed = stock_changes(5);
    let outbox = FakeOutbox::with(Vec::new());
    let mut engine = engine(&hub, &outbox);
    engine.step().await.expect("synced");
    hub.state().feed = stock_changes(2);
    engine.step().await.expect("synced");
    assert_eq!(outbox.position_and_snapshots(), (2, 2));
    assert_eq!(outbox.state().changes, stock_changes(2));
}

#[tokio::test]
async fn a_store_put_back_from_an_old_copy_is_found_and_changes_still_come() {
    let hub = FakeHub::start().await;
    hub.state().entries = journal(5).into_iter().map(|entry| entry.text).collect();
    hub.state().feed = stock_changes(1);
    let outbox = FakeOutbox::with(journal(2));
    let mut engine = engine(&hub, &outbox);
    assert!(matches!(engine.step().await, Err(SyncError::Truncated { held: 5 })));
    assert_eq!(outbox.state().changes, stock_changes(1));
    assert_eq!(outbox.state().acked, 0, "nothing was acknowledged that is not here");
    let report = engine.report();
    assert_eq!(report.state, State::Refused);
    assert_eq!(report.problem.as_ref().and_then(|problem| problem.kind), Some(ProblemKind::Truncated));
    assert_eq!(hub.state().told_ends, [2], "the hub knows");
    assert!(engine.step().await.is_err());
    assert_eq!(hub.state().told_ends, [2], "and is not told again and again");
}

#[tokio::test]
async fn two_machines_with_one_copied_store_are_found() {
    let hub = FakeHub::start().await;
    hub.state().entries = crate::fake::other_history(3).into_iter().map(|entry| entry.text).collect();
    let outbox = FakeOutbox::with(journal(4));
    let mut engine = engine(&hub, &outbox);
    assert!(matches!(engine.step().await, Err(SyncError::Forked { seq: 3 })));
    assert_eq!(engine.report().problem.as_ref().and_then(|problem| problem.kind), Some(ProblemKind::Fork));
    assert_eq!(hub.texts().len(), 3, "nothing was written over");
    assert_eq!(hub.state().told_ends, [4], "the hub has this side's entries as evidence");
}

#[tokio::test]
async fn a_word_that_another_hub_signed_is_not_taken() {
    let hub = FakeHub::start().await;
    let outbox = FakeOutbox::with(journal(2));
    let client = HubClient::new(hub.address(), *TERMINAL, Arc::clone(&KEYS), &ClientOptions::default()).expect("a client");
    let pinned = journal::HubKey::generate().expect("a key").public_text();
    let identity = Identity { hub_key: pinned, ..hub.identity() };
    let mut engine = Engine::new(client, Arc::clone(&outbox), identity, |_| ());
    assert!(matches!(engine.step().await, Err(SyncError::WrongCountersignature)));
    assert_eq!((outbox.state().acked, hub.texts().len()), (0, 0), "nothing is sent to a hub that is not ours");
}

#[tokio::test]
async fn a_refused_push_is_shown_with_its_incident_and_changes_still_come() {
    let hub = FakeHub::start().await;
    hub.state().on_push = OnPush::Refuse(ProblemKind::BadSignature);
    hub.state().feed = stock_changes(2);
    let outbox = FakeOutbox::with(journal(1));
    let mut engine = engine(&hub, &outbox);
    let error = engine.step().await.expect_err("refused");
    assert!(error.is_refusal(), "{error}");
    let report = engine.report();
    assert_eq!(report.state, State::Refused);
    assert_eq!(report.problem.as_ref().and_then(|problem| problem.kind), Some(ProblemKind::BadSignature));
    assert_eq!(report.incidents.len(), 1);
    assert_eq!(outbox.state().changes.len(), 2);

    hub.state().on_push = OnPush::Store;
    engine.step().await.expect("synced");
    assert_eq!((engine.report().state, &engine.report().problem), (State::Synced, &None));
}

#[tokio::test]
async fn changes_that_the_hub_refuses_to_give_are_not_taken_for_synced() {
    let hub = FakeHub::start().await;
    hub.state().refuse_feed = true;
    let outbox = FakeOutbox::with(journal(1));
    let mut engine = engine(&hub, &outbox);
    assert!(engine.step().await.is_err());
    assert_eq!((engine.report().state, hub.texts().len()), (State::Refused, 1));
    assert_eq!(engine.report().problem.as_ref().and_then(|problem| problem.kind), Some(ProblemKind::Forbidden));
}

#[tokio::test]
async fn a_hub_that_takes_a_push_and_holds_no_more_is_not_asked_for_ever() {
    let hub = FakeHub::start().await;
    hub.state().on_push = OnPush::Forget;
    let outbox = FakeOutbox::with(journal(1));
    assert!(matches!(engine(&hub, &outbox).step().await, Err(SyncError::NoProgress { held: 0 })));
}

#[tokio::test]
async fn a_hub_that_is_away_leaves_the_till_offline() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let address = HubAddress::parse(&format!("http://{free}")).expect("an address");
    let client = HubClient::new(address, *TERMINAL, Arc::clone(&KEYS), &ClientOptions::default()).expect("a client");
    let identity = Identity { terminal: *TERMINAL, store: domain::StoreId::generate(), hub_key: String::new() };
    let mut engine = Engine::new(client, FakeOutbox::with(journal(1)), identity, |_| ());
    let error = engine.step().await.expect_err("away");
    let reason = match error {
        SyncError::Client(ClientError::Unreachable { reason, .. }) => reason,
        other => panic!("{other}"),
    };
    assert_eq!((reason, engine.report().state), (UnreachableReason::NoConnection, State::Offline));
}

#[tokio::test]
async fn a_clock_off_by_a_day_is_told_and_sales_arrive_all_the_same() {
    fn tomorrow() -> Timestamp {
        Timestamp::now() + jiff::SignedDuration::from_hours(24)
    }
    let hub = FakeHub::start().await;
    let outbox = FakeOutbox::with(journal(2));
    let options = ClientOptions { clock: tomorrow, ..ClientOptions::default() };
    let mut engine = engine_with(&hub, &outbox, &options);
    engine.step().await.expect("synced");
    assert_eq!(hub.texts(), outbox.texts());
    let drift = engine.report().clock_drift_seconds;
    assert!((86_390..=86_410).contains(&drift), "{drift}");
}

#[tokio::test]
async fn a_store_that_fails_is_told_apart_from_a_hub_that_fails() {
    let hub = FakeHub::start().await;
    let outbox = FakeOutbox::with(journal(1));
    outbox.state().broken = true;
    let mut engine = engine(&hub, &outbox);
    assert!(matches!(engine.step().await, Err(SyncError::Outbox(_))));
}

#[tokio::test]
async fn a_running_engine_pushes_what_is_sold_and_stops_when_told() {
    let hub = FakeHub::start().await;
    let outbox = FakeOutbox::with(journal(1));
    let client = HubClient::new(hub.address(), *TERMINAL, Arc::clone(&KEYS), &ClientOptions::default()).expect("a client");
    let (told, mut reports) = watch::channel(Report::default());
    let engine = Engine::new(client, Arc::clone(&outbox), hub.identity(), move |report| {
        told.send_replace(report.clone());
    });
    let (wake, stop) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let stopped = Arc::clone(&stop);
    let running = tokio::spawn(engine.run(Arc::clone(&wake), async move { stopped.notified().await }));

    reports.wait_for(|report| report.state == State::Synced).await.expect("running");
    assert_eq!(hub.texts().len(), 1);
    outbox.state().entries = journal(3);
    wake.notify_one();
    reports.wait_for(|report| report.state == State::Sending).await.expect("running");
    reports.wait_for(|report| report.state == State::Synced).await.expect("running");
    assert_eq!(hub.texts(), outbox.texts());
    stop.notify_one();
    running.await.expect("stopped");
}

#[tokio::test]
async fn a_terminal_delivers_the_tail_of_a_lost_one() {
    let hub = FakeHub::start().await;
    let bearer = TerminalId::generate();
    let keys = Arc::new(TerminalKeys::generate().expect("keys"));
    hub.state().request_keys.insert(bearer, keys.request.public());
    let client = HubClient::new(hub.address(), bearer, keys, &ClientOptions::default()).expect("a client");
    assert_eq!(client.head_of(*TERMINAL).await.expect("answered").acked, 0);
    let texts: Vec<String> = journal(2).into_iter().map(|entry| entry.text).collect();
    let answer = client.push_for(*TERMINAL, &texts).await.expect("taken");
    assert_eq!((answer.acked, hub.texts()), (2, texts));
    assert_ne!(answer.head, EntryHash::ZERO.to_string());
}

#[derive(Debug, Clone, Copy)]
enum Fault {
    None,
    LostRequest,
    LostAnswer,
    HubRestored(usize),
    TillRestarted,
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        2 => Just(Fault::None),
        2 => Just(Fault::LostRequest),
        2 => Just(Fault::LostAnswer),
        1 => (0_usize..30).prop_map(Fault::HubRestored),
        1 => Just(Fault::TillRestarted),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_lost_on_the_way_both_sides_end_equal(faults in proptest::collection::vec(fault(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let (at_hub, at_till, acked) = runtime.block_on(async {
            let hub = FakeHub::start().await;
            let outbox = FakeOutbox::with(journal(30));
            outbox.state().batch = 7;
            let mut syncing = engine(&hub, &outbox);
            for fault in faults {
                hub.state().on_push = match fault {
                    Fault::LostRequest => OnPush::Refuse(wire::ProblemKind::Unavailable),
                    Fault::LostAnswer => OnPush::StoreAndLoseTheAnswer,
                    _ => OnPush::Store,
                };
                match fault {
                    Fault::HubRestored(length) => hub.state().entries.truncate(length),
                    Fault::TillRestarted => syncing = engine(&hub, &outbox),
                    _ => {}
                }
                // Each try may fail; what counts is how it ends.
                drop(syncing.step().await);
            }
            hub.state().on_push = OnPush::Store;
            // An entry more, as a sale after the last fault: it makes the till speak to a hub that was put back.
            outbox.state().entries = journal(31);
            syncing.step().await.expect("synced");
            (hub.texts(), outbox.texts(), outbox.state().acked)
        });
        prop_assert_eq!(at_hub, at_till);
        prop_assert_eq!(acked, 31);
    }
}
