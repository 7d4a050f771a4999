//! The access token that lets a browser in when the bridge can be reached from other machines.

use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// 128 random bits as text for an address or a cookie.
pub(crate) fn random_text() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>())
}

/// Whether `text` has the form of [`random_text`].
pub(crate) fn is_random_text(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 16)
}

/// A secret that is shown once, in the address to open.
pub(crate) struct AccessToken(String);

impl AccessToken {
    pub(crate) fn generate() -> Self {
        Self(random_text())
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// Compares without telling by the time it takes how much was right.
    pub(crate) fn matches(&self, offered: &str) -> bool {
        let differing = self.0.bytes().zip(offered.bytes()).fold(0, |differing, (ours, theirs)| differing | (ours ^ theirs));
        self.0.len() == offered.len() && differing == 0
    }
}

/// The token in the query of `uri`, if there is one.
pub(crate) fn offered(uri: &Uri) -> Option<&str> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("token="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_matches_itself_only() {
        let token = AccessToken::generate();
        assert!(token.matches(token.text()));
        for wrong in ["", &token.text()[1..], &format!("{}x", token.text()), AccessToken::generate().text()] {
            assert!(!token.matches(wrong), "{wrong}");
        }
        assert!(is_random_text(token.text()) && !is_random_text("x"));
    }

    #[test]
    fn the_token_is_read_from_the_address() {
        assert_eq!(offered(&"/?a=1&token=abc".parse().unwrap()), Some("abc"));
        assert_eq!(offered(&"/?tokens=abc".parse().unwrap()), None);
        assert_eq!(offered(&"/".parse().unwrap()), None);
    }
}
