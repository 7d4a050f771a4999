//! A cashier in a hurry, to be killed: sells at the till in the folder given as argument until it is stopped, and prints the
//! receipt number and id of each sale once its success is shown.

use std::io::Write;
use std::path::PathBuf;

use shop::TillAt;

fn main() {
    let dir = PathBuf::from(std::env::args_os().nth(1).expect("usage: cashier DIR"));
    let till = TillAt::open_local(&dir);
    till.begin_anew();
    let mut out = std::io::stdout().lock();
    for choice in 0.. {
        let receipt = till.sell(choice);
        writeln!(out, "{} {}", receipt.receipt, receipt.order).expect("somebody reads");
        out.flush().expect("somebody reads");
    }
}
