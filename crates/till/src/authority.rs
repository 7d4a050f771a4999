//! Letting somebody do once what their role does not allow: another person who may gives their PIN and the reason. The grant is
//! for what was just refused, ends soon, and is used up by the first command that needs it.

use std::cell::{Cell, RefCell};
use std::sync::PoisonError;

use domain::event::PermissionOverridden;
use domain::{Event, Permission, Role, StaffId};
use jiff::{SignedDuration, Timestamp};

use crate::api::{Problem, ProblemCode};
use crate::sign_in::{TRIES, wrong_pin};
use crate::terminal::Terminal;

/// How long a grant waits for the command that needs it.
const GRANT_LASTS: SignedDuration = SignedDuration::from_mins(2);
/// Characters of a reason that are kept.
const LONGEST_REASON: usize = 200;

/// What a session may do beyond the role of who is signed in. A command begins, asks, and ends; what it asked for and was
/// granted is used up when it was done.
#[derive(Debug, Default)]
pub(crate) struct Authority {
    grants: Vec<Grant>,
    refused: Cell<Option<Permission>>,
    used: RefCell<Vec<Permission>>,
}

#[derive(Debug, Clone, Copy)]
struct Grant {
    permission: Permission,
    at: Timestamp,
}

impl Authority {
    /// A command begins at `now`: what was granted too long ago, or in a future that the clock has left, is no longer valid.
    pub(crate) fn begin(&mut self, now: Timestamp) {
        self.used.get_mut().clear();
        self.grants.retain(|grant| {
            let age = now.duration_since(grant.at);
            !age.is_negative() && age <= GRANT_LASTS
        });
    }

    /// Ok when `role` or a grant allows it; what is refused is remembered, for somebody to allow it.
    pub(crate) fn allow(&self, role: Role, permission: Permission) -> Result<(), Problem> {
        let Err(refused) = role.allow(permission) else { return Ok(()) };
        match self.grants.iter().find(|grant| grant.permission.covers(permission)) {
            Some(grant) => {
                self.used.borrow_mut().push(grant.permission);
                Ok(())
            }
            None => {
                self.refused.set(Some(permission));
                Err(refused.into())
            }
        }
    }

    /// The command has ended; when it was done, the grants it needed are gone.
    pub(crate) fn end(&mut self, done: bool) {
        let used = std::mem::take(self.used.get_mut());
        if done {
            self.grants.retain(|grant| !used.contains(&grant.permission));
        }
    }

    fn grant(&mut self, permission: Permission, at: Timestamp) {
        self.grants.retain(|grant| !permission.covers(grant.permission));
        self.grants.push(Grant { permission, at });
        self.refused.set(None);
    }
}

impl Terminal {
    /// Lets who is signed in at `session` do `permission` once. `staff` must be somebody else whose role allows it, with their
    /// PIN; tries count as they do at signing in. It is in the journal before it is granted.
    pub(crate) fn authorise_once(
        &self,
        session: &str,
        permission: &str,
        staff: &str,
        pin: &str,
        reason: &str,
    ) -> Result<(), Problem> {
        let _one_at_a_time = self.sign_in.lock().unwrap_or_else(PoisonError::into_inner);
        let reason: String = reason.trim().chars().filter(|c| !c.is_control()).take(LONGEST_REASON).collect();
        if reason.is_empty() {
            return Err(Problem::new(ProblemCode::ReasonMissing, "why it is allowed is missing: type a reason"));
        }
        let wanted: Permission = permission
            .parse()
            .map_err(|error: domain::staff::NoSuchPermission| Problem::new(ProblemCode::BadRequest, error.to_string()))?;
        let (doer, refused) = self
            .session(session, |session| (session.staff.id.clone(), session.authority.refused.get()))
            .ok_or_else(|| Problem::new(ProblemCode::NotSignedIn, "nobody is signed in: sign in first"))?;
        if refused != Some(wanted) {
            return Err(Problem::new(ProblemCode::NothingToAllow, format!("'{wanted}' was not refused here just now")));
        }
        let by = StaffId::parse(staff).ok().and_then(|id| self.staff_member(&id)).filter(|staff| staff.active);
        let Some(by) = by else { return Err(wrong_pin(TRIES)) };
        if by.id == doer {
            return Err(Problem::new(ProblemCode::SamePerson, "nobody can allow themselves: another person has to"));
        }
        self.try_pin(&by, pin)?;
        by.role.allow(wanted)?;
        let said = PermissionOverridden { permission: wanted, by: by.id.clone(), for_staff: doer.clone(), reason };
        let now = self.clock.now();
        self.record(Event::PermissionOverridden(said), Some(&by.id), now)?;
        // Somebody else may have signed in meanwhile: it was allowed to the one who asked.
        self.session(session, |session| {
            if session.staff.id == doer {
                session.authority.grant(wanted, now);
            }
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What happens to a session.
    #[derive(Debug, Clone)]
    enum Step {
        /// Somebody allows it once.
        Grant,
        /// A command that needs it, which is then done or fails.
        Command { done: bool },
        /// Seconds pass; below zero: the clock is set back.
        Wait(i64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![Just(Step::Grant), any::<bool>().prop_map(|done| Step::Command { done }), (-30_i64..90).prop_map(Step::Wait),]
    }

    proptest! {
        #[test]
        fn what_is_done_was_allowed_just_before_and_no_leave_is_used_twice(steps in prop::collection::vec(step(), 0..40)) {
            let mut authority = Authority::default();
            let mut now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24);
            let mut granted_at: Option<Timestamp> = None;
            for step in steps {
                match step {
                    Step::Grant => {
                        authority.grant(Permission::Refund, now);
                        granted_at = Some(now);
                    }
                    Step::Wait(seconds) => now += SignedDuration::from_secs(seconds),
                    Step::Command { done } => {
                        authority.begin(now);
                        let allowed = authority.allow(Role::Cashier, Permission::Refund).is_ok();
                        let fresh = granted_at.is_some_and(|at| now >= at && now.duration_since(at) <= GRANT_LASTS);
                        if !fresh {
                            granted_at = None;
                        }
                        prop_assert_eq!(allowed, fresh);
                        prop_assert!(authority.allow(Role::Cashier, Permission::OverridePrice).is_err(), "nothing else");
                        authority.end(done);
                        if allowed && done {
                            granted_at = None;
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_discount_that_was_allowed_covers_a_smaller_one() {
        let share = |percent| Permission::Discount(rust_decimal::Decimal::new(percent, 2));
        let mut authority = Authority::default();
        authority.grant(share(30), Timestamp::UNIX_EPOCH);
        authority.begin(Timestamp::UNIX_EPOCH);
        assert!(authority.allow(Role::Cashier, share(25)).is_ok());
        assert!(authority.allow(Role::Cashier, share(31)).is_err());
        assert_eq!(authority.refused.get(), Some(share(31)), "what was refused can be allowed next");
    }
}
