//! Where a serial line is and how fast it runs.

use std::fmt;

use super::{AddressError, is_device_path, strip_scheme};

/// How a device says that it takes no more for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Flow {
    /// It does not.
    #[default]
    None,
    /// By the lines RTS and CTS; most serial printers are set to DTR or to this.
    RtsCts,
    /// By the characters XON and XOFF.
    XonXoff,
}

/// A serial line: `/dev/ttyUSB0?baud=9600`. Eight data bits, no parity, one stop bit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SerialAddress {
    path: String,
    baud: u32,
    flow: Flow,
}

impl SerialAddress {
    /// Bits a second unless said.
    pub const DEFAULT_BAUD: u32 = 9_600;

    /// Reads `serial:/dev/ttyUSB0?baud=9600&flow=none`; `baud` and `flow` may be left out.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let wrong = || AddressError(text.to_owned());
        Self::read(strip_scheme(text.trim(), "serial:").ok_or_else(wrong)?).ok_or_else(wrong)
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        if !is_device_path(path) {
            return None;
        }
        let (mut baud, mut flow) = (None, None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=')? {
                ("baud", value) if baud.is_none() => baud = Some(read_baud(value)?),
                ("flow", value) if flow.is_none() => flow = Some(read_flow(value)?),
                _ => return None,
            }
        }
        Some(Self { path: path.to_owned(), baud: baud.unwrap_or(Self::DEFAULT_BAUD), flow: flow.unwrap_or_default() })
    }

    /// The port: a device file, or `COM3`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Bits a second.
    pub const fn baud(&self) -> u32 {
        self.baud
    }

    /// How it holds back data.
    pub const fn flow(&self) -> Flow {
        self.flow
    }
}

fn read_baud(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|baud| digits && (300..=4_000_000).contains(baud))
}

fn read_flow(text: &str) -> Option<Flow> {
    match text {
        "none" => Some(Flow::None),
        "rtscts" => Some(Flow::RtsCts),
        "xonxoff" => Some(Flow::XonXoff),
        _ => None,
    }
}

impl fmt::Display for SerialAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "serial:{}?baud={}", self.path, self.baud)?;
        match self.flow {
            Flow::None => Ok(()),
            Flow::RtsCts => f.write_str("&flow=rtscts"),
            Flow::XonXoff => f.write_str("&flow=xonxoff"),
        }
    }
}
