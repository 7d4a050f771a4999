//! The manager's promotions: a list, saved and published through the hub, which checks the role again.

use domain::promotion::{Effect, PromotionState};
use domain::{Change, Permission, Promotion, PromotionId, StaffId};
use sync::promotion_wire::{PromotionSave, PromotionSaved};

use crate::api::{NameView, Problem, ProblemCode, PromotionForm, PromotionView};
use crate::terminal::Terminal;

impl Terminal {
    /// Every promotion: drafts first, then live ones by priority, then those that have ended.
    pub(crate) fn list_promotions(&self, session: &str) -> Result<Vec<PromotionView>, Problem> {
        self.in_session(session, Permission::ManagePromotions, |_| self.promotion_views())
    }

    /// Saves a draft, or publishes it to every till that it concerns.
    pub(crate) fn keep_promotion(
        &self,
        session: &str,
        form: &PromotionForm,
        publish: bool,
    ) -> Result<Vec<PromotionView>, Problem> {
        self.in_session(session, Permission::ManagePromotions, |session| {
            let state = if publish { PromotionState::Live } else { PromotionState::Draft };
            let promotion = Promotion { state, ..self.promotion_of_form(form)? };
            self.save_at_hub(&session.staff.id, promotion)?;
            self.promotion_views()
        })
    }

    /// Ends a live promotion at once, or throws a draft away.
    pub(crate) fn finish_promotion(&self, session: &str, id: &str) -> Result<Vec<PromotionView>, Problem> {
        self.in_session(session, Permission::ManagePromotions, |session| {
            let known = self.known_promotion(id)?;
            let state = match known.state {
                PromotionState::Draft => PromotionState::Removed,
                _ => PromotionState::Ended,
            };
            self.save_at_hub(&session.staff.id, Promotion { state, ..known })?;
            self.promotion_views()
        })
    }

    fn known_promotion(&self, id: &str) -> Result<Promotion, Problem> {
        let missing = || Problem::new(ProblemCode::NoSuchPromotion, "this promotion is no longer there");
        let id: PromotionId = id.parse().map_err(|_| missing())?;
        self.store.promotions()?.into_iter().find(|promotion| promotion.id == id).ok_or_else(missing)
    }

    /// Saves at the hub and takes over at once what it answers; the feed brings it again.
    fn save_at_hub(&self, staff: &StaffId, promotion: Promotion) -> Result<(), Problem> {
        let question = PromotionSave { staff: staff.clone(), promotion };
        let PromotionSaved { promotion } = self.ask_hub("/v1/promotions", &question)?;
        let position = self.store.feed_position()?;
        self.store.apply_changes(&[Change::Promotion(Box::new(promotion))], position)?;
        self.after_commit.ring();
        self.catalogue_changed();
        Ok(())
    }

    fn promotion_views(&self) -> Result<Vec<PromotionView>, Problem> {
        let now = self.clock.now().to_zoned_datetime(self.shop().zone()).datetime();
        let mut promotions = self.store.promotions()?;
        let place = |promotion: &Promotion| match promotion.state {
            PromotionState::Draft => 0,
            PromotionState::Live => 1,
            PromotionState::Ended | PromotionState::Removed => 2,
        };
        promotions.sort_by_key(|promotion| (place(promotion), promotion.priority, std::cmp::Reverse(promotion.id)));
        promotions
            .iter()
            .map(|promotion| {
                Ok(PromotionView {
                    id: promotion.id.to_string(),
                    name: NameView::from(&promotion.name),
                    state: state(promotion).to_owned(),
                    holds_now: promotion.state == PromotionState::Live && promotion.when.contains(now),
                    over: promotion.state == PromotionState::Ended || promotion.when.is_over(now),
                    kind: kind(&promotion.effect).to_owned(),
                    form: self.form_of_promotion(promotion)?,
                })
            })
            .collect()
    }
}

fn state(promotion: &Promotion) -> &'static str {
    match promotion.state {
        PromotionState::Draft => "draft",
        PromotionState::Live => "live",
        PromotionState::Ended | PromotionState::Removed => "ended",
    }
}

/// The name of a kind of promotion in forms.
pub(super) fn kind(effect: &Effect) -> &'static str {
    match effect {
        Effect::Percent { .. } => "percent",
        Effect::Amount { .. } => "amount",
        Effect::FixedPrice { .. } => "fixed_price",
        Effect::BuyGet { .. } => "buy_get",
        Effect::MixAndMatch { .. } => "mix_and_match",
        Effect::Threshold { .. } => "threshold",
    }
}
