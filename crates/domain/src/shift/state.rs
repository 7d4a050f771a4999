//! Whether a shift is open, and what may follow.

use thiserror::Error;

use crate::event::Event;
use crate::ids::StaffId;

/// Why something could not be done with the shift as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ShiftError {
    /// Opening twice.
    #[error("a shift is open already: close it before the next one is opened")]
    AlreadyOpen,
    /// No shift is open.
    #[error("no shift is open: open one by counting the float")]
    NotOpen,
    /// The drawer was put away.
    #[error("the shift is suspended: resume it first")]
    Suspended,
    /// Resuming what was not suspended.
    #[error("the shift is not suspended")]
    NotSuspended,
    /// Handing over to oneself.
    #[error("the drawer is with this person already")]
    SameCashier,
}

/// Whether a shift is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ShiftState {
    /// None since the last Z.
    #[default]
    Closed,
    /// One is.
    Open {
        /// Who answers for the drawer.
        cashier: StaffId,
    },
    /// One is, and its drawer was put away.
    Suspended {
        /// Who answers for the drawer.
        cashier: StaffId,
    },
}

impl ShiftState {
    /// Who answers for the drawer, while a shift is open or suspended.
    pub fn cashier(&self) -> Option<&StaffId> {
        match self {
            Self::Closed => None,
            Self::Open { cashier } | Self::Suspended { cashier } => Some(cashier),
        }
    }

    /// Ok when goods may be sold: always but while suspended, and only in an open shift where the shop `requires` one.
    pub fn may_sell(&self, requires: bool) -> Result<(), ShiftError> {
        match self {
            Self::Open { .. } => Ok(()),
            Self::Suspended { .. } => Err(ShiftError::Suspended),
            Self::Closed if requires => Err(ShiftError::NotOpen),
            Self::Closed => Ok(()),
        }
    }

    /// Ok when a Z may be made: not while the drawer is away. A period without an opened shift gets one too.
    pub fn may_close(&self) -> Result<(), ShiftError> {
        match self {
            Self::Suspended { .. } => Err(ShiftError::Suspended),
            Self::Open { .. } | Self::Closed => Ok(()),
        }
    }

    fn open(&self) -> Result<&StaffId, ShiftError> {
        match self {
            Self::Open { cashier } => Ok(cashier),
            Self::Suspended { .. } => Err(ShiftError::Suspended),
            Self::Closed => Err(ShiftError::NotOpen),
        }
    }

    /// The state after `event`, which `staff` brought about; events that have nothing to do with shifts leave it.
    pub fn after(&self, event: &Event, staff: Option<&StaffId>) -> Result<Self, ShiftError> {
        match event {
            Event::ShiftOpened(_) => match (self, staff) {
                (Self::Closed, Some(staff)) => Ok(Self::Open { cashier: staff.clone() }),
                (Self::Closed, None) => Err(ShiftError::NotOpen),
                (Self::Open { .. } | Self::Suspended { .. }, _) => Err(ShiftError::AlreadyOpen),
            },
            Event::CashMoved(_) => self.open().map(|_| self.clone()),
            Event::ShiftHandedOver(handed) => match self.open()? {
                cashier if *cashier == handed.to => Err(ShiftError::SameCashier),
                _ => Ok(Self::Open { cashier: handed.to.clone() }),
            },
            Event::ShiftSuspended(_) => self.open().map(|cashier| Self::Suspended { cashier: cashier.clone() }),
            Event::ShiftResumed(_) => match self {
                Self::Suspended { cashier } => Ok(Self::Open { cashier: staff.unwrap_or(cashier).clone() }),
                Self::Open { .. } | Self::Closed => Err(ShiftError::NotSuspended),
            },
            Event::ShiftClosed(_) => self.may_close().map(|()| Self::Closed),
            _ => Ok(self.clone()),
        }
    }
}
