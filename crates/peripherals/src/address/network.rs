//! Where a printer on the network is.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::AddressError;

/// The address of a network printer, `host` or `host:port`; an IPv6 address with a port stands in brackets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NetworkAddress {
    host: String,
    port: u16,
}

impl NetworkAddress {
    /// The port of raw printing.
    pub const DEFAULT_PORT: u16 = 9100;

    /// Reads `host` or `host:port`; nothing else may stand around it but white space.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        Self::read(text.trim()).ok_or_else(|| AddressError(text.to_owned()))
    }

    fn read(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse::<Ipv6Addr>() {
            return Some(Self { host: address.to_string(), port: Self::DEFAULT_PORT });
        }
        if let Some(rest) = text.strip_prefix('[') {
            let (host, after) = rest.split_once(']')?;
            let port = if after.is_empty() { Self::DEFAULT_PORT } else { read_port(after.strip_prefix(':')?)? };
            return Some(Self { host: host.parse::<Ipv6Addr>().ok()?.to_string(), port });
        }
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, read_port(port)?),
            None => (text, Self::DEFAULT_PORT),
        };
        is_host(host).then(|| Self { host: host.to_ascii_lowercase(), port })
    }

    /// Name or IP address.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// TCP port.
    pub const fn port(&self) -> u16 {
        self.port
    }
}

fn read_port(text: &str) -> Option<u16> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| plain && *port != 0)
}

/// A host name (RFC 1123) or an IPv4 address; a name that ends in a number could only be a mistyped address.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let ends_in_a_number = host.rsplit('.').next().is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    if ends_in_a_number {
        return host.parse::<Ipv4Addr>().is_ok();
    }
    host.len() <= 253 && host.split('.').all(is_label)
}

impl fmt::Display for NetworkAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.parse() {
            Ok(IpAddr::V6(address)) => write!(f, "[{address}]:{}", self.port),
            _ => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

impl FromStr for NetworkAddress {
    type Err = AddressError;
    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_9100_unless_said() {
        let read = |text: &str| NetworkAddress::parse(text).unwrap().to_string();
        assert_eq!(read("192.168.1.50"), "192.168.1.50:9100");
        assert_eq!(read(" printer.local:9101 "), "printer.local:9101");
        assert_eq!(read("EPSON-1"), "epson-1:9100");
        assert_eq!(read("fe80::1"), "[fe80::1]:9100");
        assert_eq!(read("[::1]:9102"), "[::1]:9102");
        assert_eq!(read("[::1]"), "[::1]:9100");
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in [
            "",
            " ",
            ":9100",
            "host:",
            "host:0",
            "host:+1",
            "host:65536",
            "host:91x",
            "http://host",
            "host/queue",
            "192.168.1.300",
            "192.168.1",
            "1",
            "a b",
            "-a",
            "a-",
            "a..b",
            "user@host",
            "[::1",
            "[::1]9100",
            "[host]:1",
            "打印机",
            "host:1:2",
        ] {
            assert_eq!(NetworkAddress::parse(wrong), Err(AddressError(wrong.to_owned())), "{wrong}");
        }
    }
}
