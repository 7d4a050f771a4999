//! What a terminal's entries since the last Z come to: the live figures, and what the next Z will say.

use jiff::Timestamp;
use thiserror::Error;

use super::CashMoved;
use super::count::Count;
use super::drawer::Drawer;
use super::state::{ShiftError, ShiftState};
use super::z::{GrandTotals, ShiftClosed};
use crate::event::Event;
use crate::ids::StaffId;
use crate::money::{Currency, Money, MoneyError};
use crate::report::Tally;
use crate::staff::Permission;

/// Why an entry does not fit into the period.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PeriodError {
    /// It cannot follow.
    #[error(transparent)]
    Shift(#[from] ShiftError),
    /// What it says of the drawer is not what the entries before say.
    #[error("the drawer is said to differ by {said}, by the entries it is {found}")]
    Drawer {
        /// What the entry says.
        said: Money,
        /// What the entries before come to.
        found: Money,
    },
    /// A count whose parts are not its total.
    #[error("a count does not add up")]
    Count,
    /// More is to be taken out than was counted.
    #[error("no more can be taken out of the drawer than was counted in it")]
    TooMuchTakenOut,
    /// Entries are missing in between.
    #[error("entry {found} does not follow: entry {expected} is missing")]
    Gap {
        /// The one that follows.
        expected: u64,
        /// The one that came.
        found: u64,
    },
    /// An amount could not be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// A terminal's period up to now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The number that its Z will bear: one more than the last.
    pub number: u64,
    /// The number of its first entry.
    pub first: u64,
    /// The number of its last entry so far, one below `first` while it has none.
    pub last: u64,
    /// When the last entry was written, that of the period before included.
    pub last_at: Option<Timestamp>,
    /// The cash.
    pub drawer: Drawer,
    /// Every figure.
    pub tally: Tally,
    /// Whether a shift is open.
    pub state: ShiftState,
    /// When a shift was opened, and by whom.
    pub opened: Option<(Timestamp, StaffId)>,
    /// How many entries lie before the one that they follow: the clock was set back.
    pub clock_back: u32,
    /// What was sold and given back since the journal began, up to the period before.
    pub grand_before: GrandTotals,
    /// Cash that moved without a sale, in order.
    pub moves: Vec<MovedCash>,
    /// The last count to close the shift, while what must lie in the drawer is what it was then.
    pub counted: Option<Count>,
    /// Who allowed, since that count, to close in spite of the difference.
    pub confirmed_by: Option<StaffId>,
}

/// Cash that moved without a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedCash {
    /// When.
    pub at: Timestamp,
    /// Who was signed in.
    pub staff: Option<StaffId>,
    /// What happened.
    pub moved: CashMoved,
}

impl Period {
    /// The first period of a journal that sells in `currency`.
    pub fn first(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self {
            number: 1,
            first: 1,
            last: 0,
            last_at: None,
            drawer: Drawer::left_with(zero),
            tally: Tally::default(),
            state: ShiftState::Closed,
            opened: None,
            clock_back: 0,
            grand_before: GrandTotals { sales: zero, refunds: zero },
            moves: Vec::new(),
            counted: None,
            confirmed_by: None,
        }
    }

    /// The period that follows the Z of entry `seq`, written `at`. Where the shop has changed its currency meanwhile, drawer and
    /// totals begin anew.
    pub fn after(z: &ShiftClosed, seq: u64, at: Timestamp, currency: Currency) -> Result<Self, MoneyError> {
        let begun = Self::first(currency);
        let same = z.count.total.currency() == currency;
        Ok(Self {
            number: z.number + 1,
            first: seq + 1,
            last: seq,
            last_at: Some(at),
            drawer: if same { Drawer::left_with(z.left()?) } else { begun.drawer },
            grand_before: if same { z.grand } else { begun.grand_before },
            ..begun
        })
    }

    /// The currency of its drawer.
    pub fn currency(&self) -> Currency {
        self.drawer.opening.currency()
    }

    /// Takes the next entry, which must be no Z. An entry that does not fit leaves the period as it was.
    pub fn add(&mut self, seq: u64, at: Timestamp, staff: Option<&StaffId>, event: &Event) -> Result<(), PeriodError> {
        if seq != self.last + 1 {
            return Err(PeriodError::Gap { expected: self.last + 1, found: seq });
        }
        let state = self.state.after(event, staff)?;
        let expected = self.drawer.expected()?;
        if let Some((said, count)) = said_of_the_drawer(event, expected)? {
            let found = count.total.minus(expected)?;
            if !count.adds_up() {
                return Err(PeriodError::Count);
            }
            if said != found {
                return Err(PeriodError::Drawer { said, found });
            }
        }
        let mut drawer = self.drawer.clone();
        drawer.add(event)?;
        // Hours are no part of a Z, which is the same wherever the store stands.
        self.tally.add(event, staff, 0)?;
        if drawer != self.drawer {
            (self.counted, self.confirmed_by) = (None, None);
        }
        self.drawer = drawer;
        self.state = state;
        match event {
            Event::DrawerCounted(counted) => (self.counted, self.confirmed_by) = (Some(counted.count.clone()), None),
            Event::PermissionOverridden(allowed) if allowed.permission == Permission::ConfirmDifference => {
                self.confirmed_by = Some(allowed.by.clone());
            }
            Event::CashMoved(moved) => self.moves.push(MovedCash { at, staff: staff.cloned(), moved: moved.clone() }),
            _ => {}
        }
        if let (Event::ShiftOpened(_), Some(staff)) = (event, staff) {
            self.opened = Some((at, staff.clone()));
        }
        if self.last_at.is_some_and(|before| at < before) {
            self.clock_back = self.clock_back.saturating_add(1);
        }
        self.last = seq;
        self.last_at = Some(at);
        Ok(())
    }
}

/// What an event with a count says of the drawer, and the count.
fn said_of_the_drawer(event: &Event, expected: Money) -> Result<Option<(Money, &super::Count)>, MoneyError> {
    Ok(match event {
        Event::ShiftOpened(opened) => Some((opened.brought_in, &opened.float)),
        Event::ShiftHandedOver(handed) => match &handed.count {
            Some(count) => Some((handed.over_short.unwrap_or(Money::zero(expected.currency())), count)),
            None => None,
        },
        Event::DrawerCounted(counted) => Some((counted.over_short, &counted.count)),
        _ => None,
    })
}
