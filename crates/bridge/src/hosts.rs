//! Which hosts a request may name, and whether a request comes from a page of that host.

use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

/// The hosts that this bridge answers for. A name that resolves here by somebody else's DNS is not among them, so a page
/// from that name cannot reach the terminal (DNS rebinding).
#[derive(Debug)]
pub(crate) struct Hosts {
    beyond_loopback: bool,
    names: Vec<String>,
}

impl Hosts {
    /// Loopback always; any other IP address where the bridge listens `beyond_loopback`; and `names`.
    pub(crate) fn new(beyond_loopback: bool, names: &[String]) -> Self {
        Self { beyond_loopback, names: names.iter().map(|name| name.trim().trim_end_matches('.').to_ascii_lowercase()).collect() }
    }

    /// The value of `Host`, where it is one of ours.
    pub(crate) fn accepted<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let mut values = headers.get_all(HOST).iter();
        let host = values.next()?.to_str().ok()?;
        (values.next().is_none() && self.is_ours(host)).then_some(host)
    }

    fn is_ours(&self, host: &str) -> bool {
        let Some(name) = without_port(host) else { return false };
        if let Ok(address) = name.parse::<IpAddr>() {
            return address.is_loopback() || self.beyond_loopback;
        }
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        name == "localhost" || self.names.contains(&name)
    }
}

/// `name`, `name:port`, `[v6]` or `[v6]:port` without port and brackets.
fn without_port(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => host.find(':').map_or((host, ""), |colon| host.split_at(colon)),
    };
    let port_is_plain = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    (!name.is_empty() && port_is_plain).then_some(name)
}

/// Whether what the browser says of the request's origin is that it is a page of `host`. A client that is no browser says
/// nothing.
pub(crate) fn is_same_origin(headers: &HeaderMap, host: &str) -> bool {
    let origin_is_ours = headers.get_all(ORIGIN).iter().all(|origin| {
        let origin = origin.to_str().unwrap_or_default();
        let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
    });
    origin_is_ours && !is_from_elsewhere(headers)
}

/// Whether the browser says that another site caused the request.
pub(crate) fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get_all("sec-fetch-site").iter().any(|site| site != "same-origin" && site != "none")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_loopback_is_a_host_on_loopback() {
        let hosts = Hosts::new(false, &["Till-1.local".into()]);
        for ours in ["127.0.0.1", "127.0.0.1:8080", "localhost:1", "LOCALHOST", "[::1]:8080", "till-1.local:80", "localhost."] {
            assert!(hosts.is_ours(ours), "{ours}");
        }
        for strange in [
            "evil.example",
            "127.0.0.1.evil.example",
            "192.168.1.5",
            "localhost.evil.example",
            "",
            ":80",
            "[::1",
            "localhost:x",
            "a@localhost",
        ] {
            assert!(!hosts.is_ours(strange), "{strange}");
        }
    }

    #[test]
    fn beyond_loopback_an_address_is_a_host_but_a_name_must_be_allowed() {
        let hosts = Hosts::new(true, &[]);
        assert!(hosts.is_ours("192.168.1.5:8080"));
        assert!(!hosts.is_ours("rebound.example:8080"));
    }

    #[test]
    fn two_hosts_are_no_host() {
        let hosts = Hosts::new(false, &[]);
        assert_eq!(hosts.accepted(&headers(&[("host", "localhost")])), Some("localhost"));
        assert_eq!(hosts.accepted(&headers(&[("host", "localhost"), ("host", "localhost")])), None);
        assert_eq!(hosts.accepted(&headers(&[])), None);
    }

    #[test]
    fn an_origin_must_be_this_very_host_and_port() {
        let same = |pairs: &[(&'static str, &str)]| is_same_origin(&headers(pairs), "localhost:8080");
        assert!(same(&[]));
        assert!(same(&[("origin", "http://localhost:8080"), ("sec-fetch-site", "same-origin")]));
        for strange in [
            "null",
            "http://localhost:3000",
            "http://localhost",
            "https://evil.example",
            "http://localhost:8080.evil.example",
            "file://",
        ] {
            assert!(!same(&[("origin", strange)]), "{strange}");
        }
        for site in ["cross-site", "same-site"] {
            assert!(!same(&[("sec-fetch-site", site)]), "{site}");
        }
    }
}
