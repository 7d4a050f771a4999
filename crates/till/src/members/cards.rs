//! Reading what the till keeps of members. The keys of the store's cards come from the hub once and are kept under the
//! terminal's own key, which lies where its private keys lie; the store's file alone tells nobody's name.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::member::{Greeting, MemberCard};
use journal::{SealError, SealKey};
use serde::{Deserialize, Serialize};
use sync::members::{AskKeys, StoreKeys, about_greeting, about_store_key};

use crate::api::{Problem, ProblemCode};
use crate::terminal::Terminal;

/// The setting that holds the sealed keys.
const SETTING: &str = "member_keys";

/// The keys of the cards of this store.
pub(super) struct CardKeys {
    members: SealKey,
    pub(super) lookup: SealKey,
}

/// [`CardKeys`] as the store keeps them: sealed, base64.
#[derive(Serialize, Deserialize)]
struct Kept {
    members: String,
    lookup: String,
}

impl Terminal {
    /// The keys of the cards, asked of the hub where they are not here yet; none while they cannot be had.
    pub(super) fn card_keys(&self) -> Result<Option<CardKeys>, Problem> {
        match self.kept_card_keys() {
            Some(keys) => Ok(Some(keys)),
            None => match self.fetch_card_keys() {
                Ok(keys) => Ok(Some(keys)),
                Err(problem) if super::is_away(&problem) => Ok(None),
                Err(problem) => Err(problem),
            },
        }
    }

    /// Fetches the keys once there are cards to read with them, so that they are here when the network is not. Run where
    /// waiting for the hub holds nobody up.
    pub(crate) fn fetch_card_keys_when_needed(&self) {
        let needed = self.store.has_members().unwrap_or(false) && self.kept_card_keys().is_none();
        if needed && let Err(error) = self.fetch_card_keys() {
            tracing::warn!(%error, "the keys of members' cards are not here yet");
        }
    }

    /// The same on a thread of its own.
    pub(crate) fn fetch_card_keys_behind(self: &Arc<Self>) {
        if self.store.has_members().unwrap_or(false) && self.kept_card_keys().is_none() {
            let terminal = Arc::clone(self);
            let spawned = std::thread::Builder::new().name("member-keys".into()).spawn(move || {
                terminal.fetch_card_keys_when_needed();
            });
            if let Err(error) = spawned {
                tracing::warn!(%error, "the keys of members' cards are fetched the next time");
            }
        }
    }

    fn kept_card_keys(&self) -> Option<CardKeys> {
        let kept: Kept = serde_json::from_str(&self.store.setting(SETTING)?).ok()?;
        // Keys of another store, or kept under other keys of this terminal, are asked for again.
        let open = |text: &str, which| -> Option<SealKey> {
            let sealed = STANDARD.decode(text).ok()?;
            self.keys.seal_key().ok()?.unwrap(&self.about(which), &sealed).ok()
        };
        Some(CardKeys { members: open(&kept.members, "members")?, lookup: open(&kept.lookup, "lookup")? })
    }

    fn fetch_card_keys(&self) -> Result<CardKeys, Problem> {
        let StoreKeys { members, lookup } = self.ask_hub("/v1/members/keys", &AskKeys {})?;
        let keys = CardKeys {
            members: SealKey::from_text(&members).map_err(unreadable)?,
            lookup: SealKey::from_text(&lookup).map_err(unreadable)?,
        };
        let own = self.keys.seal_key().map_err(unreadable)?;
        let seal =
            |key: &SealKey, which| own.wrap(&self.about(which), key).map(|sealed| STANDARD.encode(sealed)).map_err(unreadable);
        let kept = Kept { members: seal(&keys.members, "members")?, lookup: seal(&keys.lookup, "lookup")? };
        let text = serde_json::to_string(&kept).map_err(|error| Problem::new(ProblemCode::Internal, error.to_string()))?;
        self.store.set_setting(SETTING, &text)?;
        Ok(keys)
    }

    fn about(&self, which: &str) -> String {
        format!("tillbridge till|{which}|store={}", self.store.shop().id)
    }

    /// Who the member is; none where the keys are not here or the card cannot be read. Never asks the hub: carts are shown by it.
    pub(super) fn greeting(&self, card: &MemberCard) -> Option<Greeting> {
        let keys = self.kept_card_keys()?;
        let read = || -> Option<Greeting> {
            let wrapped = STANDARD.decode(&card.key).ok()?;
            let own = keys.members.unwrap(&about_store_key(card.id, self.store.shop().id), &wrapped).ok()?;
            let sealed = STANDARD.decode(&card.greeting).ok()?;
            serde_json::from_slice(&own.open(&about_greeting(card.id), &sealed).ok()?).ok()
        };
        let greeting = read();
        if greeting.is_none() {
            tracing::warn!(member = %card.id, "a member's card cannot be read");
        }
        greeting
    }
}

fn unreadable(error: SealError) -> Problem {
    Problem::new(ProblemCode::Internal, error.to_string())
}
