//! Spending points: set aside at the hub, so that no two tills spend the same ones, and taken off the order by its rules.

use domain::member::SpendRefused;
use domain::{Permission, PointsHoldId};
use sync::members::{HoldPoints, PointsHeld, PointsReleased, ReleasePoints};

use super::{OnOrder, Spending, needs_hub};
use crate::api::{CartView, Problem, ProblemCode};
use crate::hub_connection::ANSWER_WITHIN;
use crate::sessions::OpenOrder;
use crate::terminal::Terminal;

impl Terminal {
    /// Spends points of the order's member; `0` or nothing takes it back. Without the hub it is refused: only the hub knows what
    /// other tills have spent.
    pub(crate) fn spend_points_on_order(&self, session: &str, points: &str) -> Result<CartView, Problem> {
        let points = typed_points(points)?;
        self.in_session(session, Permission::ServeMembers, |session| {
            session.order.ringing()?;
            let no_member = || Problem::new(ProblemCode::NoMemberOnOrder, "there is no member on this order");
            let member = session.order.member.clone().ok_or_else(no_member)?;
            if points == 0 {
                session.order.cart.pay_with_points(None)?;
                session.order.member = Some(OnOrder { id: member.id, spending: None });
                if let Some(spending) = member.spending {
                    self.let_go(spending.hold);
                }
            } else {
                let rules = self.store.loyalty()?.ok_or_else(no_rules)?;
                // Tried before the hub is asked: what does not fit the order is not set aside.
                let mut cart = session.order.cart.clone();
                cart.pay_with_points(Some(rules.worth(points)?))?;
                rules.may_spend(points, i64::MAX).map_err(refused)?;
                let hold = member.spending.map_or_else(PointsHoldId::generate, |spending| spending.hold);
                let question = HoldPoints { staff: session.staff.id.clone(), member: member.id, hold, points };
                let PointsHeld { held, available } = self.ask_hub("/v1/members/hold", &question).map_err(needs_hub)?;
                if !held {
                    session.order.cart.pay_with_points(None)?;
                    session.order.member = Some(OnOrder { id: member.id, spending: None });
                    self.keep_draft(session);
                    rules.may_spend(points, available).map_err(refused)?;
                    return Err(Problem::new(ProblemCode::HubRefused, "the hub did not set the points aside").with("detail", ""));
                }
                session.order.cart = cart;
                session.order.member = Some(OnOrder { id: member.id, spending: Some(Spending { hold, points }) });
            }
            self.keep_draft(session);
            self.cart_view(&session.order)
        })
    }

    /// Lets points go that no longer belong to an order, behind everything else; the hub lets them go by itself in a day.
    pub(crate) fn let_go(&self, hold: PointsHoldId) {
        let Ok(connection) = self.connection() else { return };
        let spawned = std::thread::Builder::new().name("release-points".into()).spawn(move || {
            let question = ReleasePoints { hold };
            let released = connection.wait_for(|client| async move {
                client.ask::<PointsReleased>("/v1/members/release", &question, ANSWER_WITHIN).await
            });
            if let Err(error) = released {
                tracing::debug!(%hold, %error, "points are let go by the hub itself");
            }
        });
        if let Err(error) = spawned {
            tracing::debug!(%hold, %error, "points are let go by the hub itself");
        }
    }

    /// The order as it was `before` a change that is taken back, for the member of `now`: points that were let go do not come
    /// back that way, nor do those that are set aside now go.
    pub(crate) fn with_member_of_now(&self, mut before: OpenOrder, now: &OpenOrder) -> OpenOrder {
        let unspent = before.member.take().map(|member| OnOrder { spending: None, ..member });
        before.member = now.member.clone().or(unspent);
        let set_aside = before.member.as_ref().is_some_and(|member| member.spending.is_some());
        let worth = now.cart.points().filter(|_| set_aside);
        // What no longer fits the smaller order is let go.
        if before.cart.pay_with_points(worth).or_else(|_| before.cart.pay_with_points(None)).is_err() {
            tracing::error!("an order that was priced before cannot be priced again");
        }
        self.let_go_what_no_longer_fits(&mut before);
        before
    }

    /// Lets go what was set aside for an order whose cart no longer takes it.
    pub(crate) fn let_go_what_no_longer_fits(&self, order: &mut OpenOrder) {
        if order.cart.points().is_some() {
            return;
        }
        if let Some(spending) = order.member.as_mut().and_then(|member| member.spending.take()) {
            self.let_go(spending.hold);
        }
    }
}

fn typed_points(text: &str) -> Result<u64, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(0);
    }
    let digits: String = text.chars().map(|c| c.to_digit(10).and_then(|d| char::from_digit(d, 10)).unwrap_or(c)).collect();
    let read = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
    read.ok_or_else(|| Problem::new(ProblemCode::NotAQuantity, format!("'{text}' is not a number of points")).with("text", text))
}

fn no_rules() -> Problem {
    Problem::new(ProblemCode::PointsUnavailable, "this shop has no rules of points")
}

fn refused(refused: SpendRefused) -> Problem {
    let detail = refused.to_string();
    match refused {
        SpendRefused::BelowMinimum { minimum } => Problem::new(ProblemCode::PointsBelowMinimum, detail).with("minimum", minimum),
        SpendRefused::NotEnough { available } => Problem::new(ProblemCode::PointsNotEnough, detail).with("available", available),
        SpendRefused::Money(error) => error.into(),
    }
}
