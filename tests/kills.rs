//! A till that is killed at random moments: every sale whose success was shown is in the journal, none twice, the chain is
//! whole and so is the file.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::{Event, OrderId, ReceiptNumber};
use journal::{Entry, Head};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use shop::TillAt;

const ROUNDS: u32 = 200;
const SEED: u64 = 20_261_124;

#[test]
fn a_till_killed_200_times_holds_every_sale_it_showed_and_none_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("till");
    drop(TillAt::open_local(&dir));
    let mut rng = StdRng::seed_from_u64(SEED);
    let mut shown: Vec<(String, String)> = Vec::new();
    for _ in 0..ROUNDS {
        // From before the store is open to some dozen sales later.
        shown.extend(sell_until_killed(&dir, Duration::from_millis(rng.random_range(10..400))));
    }
    assert!(shown.len() > ROUNDS as usize, "too few sales were made to mean anything: {}", shown.len());

    let till = TillAt::open(&dir);
    let store = till.0.store();
    store.integrity_check().expect("the file is whole");
    let mut orders: HashMap<OrderId, ReceiptNumber> = HashMap::new();
    let mut receipts: HashSet<ReceiptNumber> = HashSet::new();
    let mut head = Head::START;
    store
        .for_each_entry::<store::StoreError>(|_, text| {
            let entry = Entry::read(text).expect("an entry can be read");
            assert_eq!((entry.seq, entry.prev), (head.seq + 1, head.hash), "the chain is whole");
            head = entry.head();
            if let Event::SaleCompleted(sale) = &entry.event {
                assert!(orders.insert(sale.order.id, sale.order.receipt.clone()).is_none(), "an order is in the journal twice");
                assert!(receipts.insert(sale.order.receipt.clone()), "a receipt number was given out twice");
            }
            Ok(())
        })
        .expect("the journal can be read");
    for (receipt, order) in &shown {
        let id: OrderId = order.parse().expect("an id");
        let held = orders.get(&id).unwrap_or_else(|| panic!("sale {receipt} was shown as done and is not in the journal"));
        assert_eq!(&held.to_string(), receipt);
    }
    drop(till);
    let verified = till::proof::verify(&dir).expect("chain, signatures and projections are whole");
    println!("{ROUNDS} kills, {} sales shown, {} in the journal, {verified:?}", shown.len(), orders.len());
}

/// Runs a cashier for `life`, kills it, and gives what it had shown as done.
fn sell_until_killed(dir: &std::path::Path, life: Duration) -> Vec<(String, String)> {
    let mut cashier =
        Command::new(env!("CARGO_BIN_EXE_cashier")).arg(dir).stdout(Stdio::piped()).spawn().expect("the cashier starts");
    let output = cashier.stdout.take().expect("its output is piped");
    std::thread::sleep(life);
    cashier.kill().expect("it can be killed");
    cashier.wait().expect("it has ended");
    BufReader::new(output)
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.split_once(' ').map(|(receipt, order)| (receipt.to_owned(), order.to_owned())))
        .filter(|(_, order)| order.len() == 36)
        .collect()
}
