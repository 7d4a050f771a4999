//! What can go wrong between till and hub, told apart so that a person knows what to do.

use std::error::Error;
use std::io;

use rustls::CertificateError;
use thiserror::Error;

use crate::wire::Problem;

/// Why nothing came of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreachableReason {
    /// The name is not known; also what a machine without a network sees.
    NoSuchHost,
    /// Nobody listens there, or the network is down.
    NoConnection,
    /// No answer in time.
    Timeout,
    /// The connection broke off before the answer was complete.
    Interrupted,
}

/// What is wrong with the hub's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateFault {
    /// Nobody this machine trusts has issued it.
    Untrusted,
    /// It was issued for another name.
    WrongHost,
    /// It is not valid at this machine's time: run out, not begun, or the clock is wrong.
    NotValidNow,
}

/// Why a request brought no answer to use.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClientError {
    /// The address is not one.
    #[error("'{address}' is not a hub's address: write a host such as hub.example.com or https://hub.example.com:8443")]
    Address {
        /// As typed.
        address: String,
    },
    /// Plain HTTP to another machine.
    #[error("'{address}' is not encrypted: write https:// (http:// is for a hub on this machine alone)")]
    Insecure {
        /// As typed.
        address: String,
    },
    /// No connection.
    #[error("the hub at {address} cannot be reached ({reason}): selling goes on, what was sold is sent later", reason = reason_text(*reason))]
    Unreachable {
        /// The hub's address.
        address: String,
        /// What is known of the cause.
        reason: UnreachableReason,
    },
    /// A connection that TLS refused.
    #[error("the certificate of the hub at {address} cannot be trusted: {fault}", fault = fault_text(*fault))]
    Certificate {
        /// The hub's address.
        address: String,
        /// What is wrong with it.
        fault: CertificateFault,
    },
    /// Somebody answers there, but not in a hub's words.
    #[error("what answers at {address} is not a hub of this version ({what}): check the address")]
    NotAHub {
        /// The hub's address.
        address: String,
        /// What came instead.
        what: String,
    },
    /// This machine's clock is too far from the hub's, and a request signed by the hub's time was refused as well.
    #[error("this machine's clock differs from the hub's by {seconds} s: set it right")]
    ClockSkew {
        /// This clock minus the hub's, in seconds.
        seconds: i64,
    },
    /// The hub refused.
    #[error("{}", .0.detail)]
    Refused(Box<Problem>),
    /// More than one request may carry.
    #[error("a request of {bytes} bytes is more than the hub takes")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// This machine could not make the request.
    #[error("the request could not be made: {0}")]
    Local(String),
}

fn reason_text(reason: UnreachableReason) -> &'static str {
    match reason {
        UnreachableReason::NoSuchHost => "its name is not known here: no network, or a wrong address",
        UnreachableReason::NoConnection => "nothing answers there",
        UnreachableReason::Timeout => "no answer in time",
        UnreachableReason::Interrupted => "the connection broke off",
    }
}

fn fault_text(fault: CertificateFault) -> &'static str {
    match fault {
        CertificateFault::Untrusted => "it was issued by nobody this machine trusts; install the shop's root certificate",
        CertificateFault::WrongHost => "it was issued for another name; check the address",
        CertificateFault::NotValidNow => "it is not valid at this machine's time; check the clock, then the certificate",
    }
}

impl ClientError {
    /// Tells apart what the HTTP library reports about a request to `address`.
    pub(crate) fn of_request(error: &reqwest::Error, address: &str) -> Self {
        let address = address.to_owned();
        if let Some(tls) = find_in_chain(error) {
            return match tls {
                rustls::Error::InvalidCertificate(fault) => Self::Certificate { address, fault: fault_of(fault) },
                rustls::Error::InvalidMessage(_) => Self::NotAHub { address, what: "it does not speak TLS".to_owned() },
                other => Self::NotAHub { address, what: other.to_string() },
            };
        }
        let reason = if error.is_dns() {
            UnreachableReason::NoSuchHost
        } else if error.is_timeout() {
            UnreachableReason::Timeout
        } else if error.is_connect() {
            UnreachableReason::NoConnection
        } else if error.is_builder() {
            return Self::Local(error.to_string());
        } else {
            UnreachableReason::Interrupted
        };
        Self::Unreachable { address, reason }
    }
}

fn fault_of(fault: &CertificateError) -> CertificateFault {
    match fault {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => CertificateFault::WrongHost,
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => CertificateFault::NotValidNow,
        _ => CertificateFault::Untrusted,
    }
}

/// The TLS error at the root of `error`. `io::Error` hides what it wraps from `source`, so it is opened here.
fn find_in_chain<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(current) = next {
        if let Some(tls) = current.downcast_ref() {
            return Some(tls);
        }
        let wrapped = current.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(wrapped) = wrapped {
            let wrapped: &(dyn Error + 'static) = wrapped;
            return find_in_chain(wrapped);
        }
        next = current.source();
    }
    None
}
