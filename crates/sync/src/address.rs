//! The address of a hub, checked once.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

use crate::client_error::ClientError;

/// Where a hub is reached: `https://` anywhere, `http://` on this machine alone. Written without a scheme, loopback hosts
/// mean `http`, all others `https`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubAddress(Url);

impl HubAddress {
    /// Reads a typed address such as `hub.example.com` or `http://127.0.0.1:8080`.
    pub fn parse(text: &str) -> Result<Self, ClientError> {
        let typed = text.trim();
        let wrong = || ClientError::Address { address: typed.to_owned() };
        let written = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
        let mut url = Url::parse(&written).map_err(|_| wrong())?;
        if !typed.contains("://") && is_loopback(&url) {
            url = Url::parse(&format!("http://{typed}")).map_err(|_| wrong())?;
        }
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() || url.host_str().is_none() {
            return Err(wrong());
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            "http" => Err(ClientError::Insecure { address: typed.to_owned() }),
            _ => Err(wrong()),
        }
    }

    /// True when requests go out without TLS, which only stays on this machine.
    pub fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// The whole URL of `path`, which begins with `/`.
    pub(crate) fn url(&self, path: &str, query: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url.set_query((!query.is_empty()).then_some(query));
        url
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

impl fmt::Display for HubAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl FromStr for HubAddress {
    type Err = ClientError;
    fn from_str(text: &str) -> Result<Self, ClientError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_scheme_gets_the_one_that_fits() {
        let cases = [
            ("hub.example.com", "https://hub.example.com"),
            (" hub.example.com:8443 ", "https://hub.example.com:8443"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("localhost:8080", "http://localhost:8080"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("https://192.168.1.5", "https://192.168.1.5"),
        ];
        for (typed, expected) in cases {
            assert_eq!(HubAddress::parse(typed).expect(typed).to_string(), expected);
        }
    }

    #[test]
    fn plain_http_leaves_this_machine_under_no_name() {
        for typed in
            ["http://hub.example.com", "http://192.168.1.5:8080", "http://127.0.0.1.example.com", "http://localhost.evil.example"]
        {
            assert!(matches!(HubAddress::parse(typed), Err(ClientError::Insecure { .. })), "{typed}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for typed in ["", "   ", "ftp://hub", "https://", "https://hub/path", "https://hub?x=1", "https://me:pw@hub", "a b c"] {
            assert!(matches!(HubAddress::parse(typed), Err(ClientError::Address { .. })), "{typed}");
        }
    }
}
