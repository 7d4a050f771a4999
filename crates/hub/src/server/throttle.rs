//! Refused tries by address: after a few in a row the next has to wait.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Refused tries an address has within [`WINDOW`].
const TRIES: usize = 10;
/// How long a refused try counts.
const WINDOW: Duration = Duration::from_mins(1);
/// Addresses remembered at once.
const MAX_ADDRESSES: usize = 10_000;

/// Counts refused tries by address.
#[derive(Default)]
pub(super) struct Throttle(Mutex<HashMap<IpAddr, Vec<Instant>>>);

impl Throttle {
    /// Ok when `address` may try now; otherwise in how many seconds.
    pub(super) fn allow(&self, address: IpAddr, now: Instant) -> Result<(), u64> {
        let refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(tries) = refused.get(&network(address)) else { return Ok(()) };
        let counted: Vec<Instant> = tries.iter().copied().filter(|at| now.duration_since(*at) < WINDOW).collect();
        if counted.len() < TRIES {
            return Ok(());
        }
        let oldest = counted[counted.len() - TRIES];
        Err(WINDOW.saturating_sub(now.duration_since(oldest)).as_secs() + 1)
    }

    /// A try was refused.
    pub(super) fn refused(&self, address: IpAddr, now: Instant) {
        let mut refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() >= MAX_ADDRESSES {
            refused.retain(|_, tries| tries.last().is_some_and(|at| now.duration_since(*at) < WINDOW));
        }
        let tries = refused.entry(network(address)).or_default();
        tries.retain(|at| now.duration_since(*at) < WINDOW);
        tries.push(now);
    }
}

/// One household or shop has a whole /64 of IPv6 addresses.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & (u128::MAX << 64)).into()),
        IpAddr::V4(v4) => IpAddr::V4(v4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_ten_refused_tries_an_address_waits_for_a_minute() {
        let throttle = Throttle::default();
        let (address, start) = (IpAddr::from([10, 0, 0, 1]), Instant::now());
        for _ in 0..TRIES {
            assert_eq!(throttle.allow(address, start), Ok(()));
            throttle.refused(address, start);
        }
        assert_eq!(throttle.allow(address, start + Duration::from_secs(10)), Err(51));
        assert_eq!(throttle.allow(address, start + WINDOW), Ok(()));
    }

    #[test]
    fn other_addresses_do_not_wait() {
        let throttle = Throttle::default();
        let now = Instant::now();
        (0..TRIES).for_each(|_| throttle.refused(IpAddr::from([10, 0, 0, 1]), now));
        assert_eq!(throttle.allow(IpAddr::from([10, 0, 0, 2]), now), Ok(()));
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let throttle = Throttle::default();
        let now = Instant::now();
        for last in 0..10 {
            throttle.refused(IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, last]), now);
        }
        assert!(throttle.allow(IpAddr::from([0x2001, 0xdb8, 0, 1, 9, 9, 9, 9]), now).is_err());
        assert_eq!(throttle.allow(IpAddr::from([0x2001, 0xdb8, 0, 2, 0, 0, 0, 0]), now), Ok(()));
    }
}
