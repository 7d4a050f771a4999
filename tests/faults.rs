//! Twenty tills sell through a network that drops, delays, cuts, doubles and reorders. When it heals, the hub's books equal
//! what was sold, to the cent, every sale once.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{Currency, Event, Money};
use journal::Entry;
use shop::{On, TestHub, TillAt, wait_until};
use test_support::fault_proxy::{FaultProxy, Faults};

const TERMINALS: usize = 20;
const SALES_EACH: usize = 12;

#[test]
fn twenty_tills_on_a_bad_network_end_equal_to_the_cent_on_sqlite() {
    sell_through_a_bad_network(On::Sqlite, 11);
}

#[test]
fn twenty_tills_on_a_bad_network_end_equal_to_the_cent_on_postgresql() {
    sell_through_a_bad_network(On::Postgres, 12);
}

fn sell_through_a_bad_network(on: On, seed: u64) {
    let hub = TestHub::start(on);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let proxy = Arc::new(runtime.block_on(FaultProxy::start(&hub.url, Faults::NONE, seed)).expect("the proxy starts"));
    let folder = tempfile::tempdir().expect("a folder");

    let tills: Vec<TillAt> = (0..TERMINALS)
        .map(|number| {
            let till = TillAt::open(&folder.path().join(format!("till{number}")));
            till.enrol(&proxy.url(), &hub.code(&format!("Till {number}")));
            till.sign_in()
        })
        .collect();
    let background: Vec<_> = tills.iter().map(|till| till.0.start_background().expect("it starts")).collect();

    proxy.set_faults(Faults::BAD_DAY);
    std::thread::scope(|scope| {
        for (number, till) in tills.iter().enumerate() {
            scope.spawn(move || {
                for sale in 0..SALES_EACH {
                    till.sell(number + sale);
                    if sale % 4 == 0 {
                        till.sync_now();
                    }
                }
            });
        }
    });
    let (struck, passed) = proxy.counts();
    proxy.set_faults(Faults::NONE);
    for till in &tills {
        wait_until("everything is sent", || {
            let unsent = till.0.store().unsent_count().expect("it can be counted");
            if unsent > 0 {
                till.sync_now();
            }
            unsent == 0
        });
        let view = till.sync_view();
        assert_eq!(view.incidents, [], "nothing went wrong that a manager must see");
    }
    drop(background);

    let mut sold: HashMap<String, Money> = HashMap::new();
    for till in &tills {
        collect_sales(till, &mut sold);
    }
    assert_eq!(sold.len(), TERMINALS * SALES_EACH);
    let total = Money::sum(Currency::parse("CNY").expect("a currency"), sold.values().copied()).expect("it fits");
    let [orders, distinct, sum] = hub.values("SELECT count(*), count(DISTINCT id), sum(total) FROM orders");
    assert_eq!((orders, distinct), (sold.len().to_string(), sold.len().to_string()), "every sale once");
    assert_eq!(sum, total.minor().to_string(), "to the cent");
    let [payments] = hub.values("SELECT sum(amount) FROM payments");
    assert_eq!(payments, total.minor().to_string());
    let [ledger] = hub.values("SELECT sum(amount) FROM posting_lines");
    assert_eq!(ledger, "0", "debits equal credits");
    println!("{struck} requests met a fault and {passed} did not, {} sales, {total}", sold.len());
    assert!(struck > 20, "the network was too kind to mean anything: {struck} requests met a fault and {passed} did not");
}

fn collect_sales(till: &TillAt, sold: &mut HashMap<String, Money>) {
    till.0
        .store()
        .for_each_entry::<store::StoreError>(|_, text| {
            if let Event::SaleCompleted(sale) = Entry::read(text).expect("an entry").event {
                assert!(sold.insert(sale.order.id.to_string(), sale.order.total).is_none());
            }
            Ok(())
        })
        .expect("the journal can be read");
}
