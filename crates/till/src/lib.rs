//! The use cases of a terminal: what the window, the bridge and the command line call.
//!
//! [`Terminal::open`] is the way in. A terminal implements [`api::Commands`], the one interface to every user interface; a
//! command is checked against the role of who is signed in, read strictly, done whole or not at all, and answered with what
//! there is to show. Sales of other systems come in by [`Terminal::sell_external`] and its siblings, on the same way.

pub mod api;
pub mod proof;
pub mod recovery;

mod after_commit;
mod audit;
mod authority;
mod background;
mod browsing;
mod clock;
mod command_codes;
mod commands;
mod customer;
mod device_settings;
mod discount_limit;
mod draft;
mod enrolment;
mod error;
mod external;
mod hub_connection;
mod imports;
mod labels;
mod local_shop;
mod locking;
mod logo;
mod members;
mod mirror;
mod outbox;
mod overview;
mod paying;
mod pole;
mod present;
mod print_desk;
mod printing;
mod products;
mod promotions;
mod quick_cash;
mod receipts;
mod reports;
mod ringing;
mod scanner;
mod scanning;
mod selling;
mod sessions;
mod settings;
mod shift_reports;
mod shift_slip;
mod shift_view;
mod shifts;
mod sign_in;
mod slip;
mod status;
mod stockroom;
mod sync_task;
mod tender_step;
mod terminal;
mod training;
mod transfers;

mod customer_orders;
mod exchanging;
mod holding;
mod order_slip;
mod refunding;
mod typed;
mod voiding;

pub use background::BackgroundTasks;
pub use clock::{Clock, SetClock, SystemClock};
pub use error::TillError;
pub use external::{ExternalAdjustment, ExternalAdjustmentLine, ExternalLine, ExternalOrder, ExternalProduct, Outcome};
pub use local_shop::LocalShop;
pub use mirror::MirrorTask;
pub use sync_task::SyncTask;
pub use terminal::{Terminal, TerminalOptions};
