//! Counts the requests of each client when others than this machine can ask: a few at once, then so many a second.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Requests that a client may make at once.
const AT_ONCE: f64 = 120.0;
/// Requests a second that it may go on with.
const A_SECOND: f64 = 10.0;
/// Most clients remembered; those that have been quiet are forgotten first.
const CLIENTS: usize = 10_000;

/// What each client has left.
#[derive(Default)]
pub(super) struct Rates {
    left: Mutex<BTreeMap<IpAddr, Left>>,
}

#[derive(Clone, Copy)]
struct Left {
    requests: f64,
    as_of: Instant,
}

impl Left {
    fn now(self, now: Instant) -> f64 {
        let gained = now.saturating_duration_since(self.as_of).as_secs_f64() * A_SECOND;
        (self.requests + gained).min(AT_ONCE)
    }
}

/// A client: an address, or for IPv6 the network of 64 bits that one household has.
fn client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

impl Rates {
    /// Takes one request of a client; if it has none left, gives how long until it has.
    pub(super) fn take(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut all = self.left.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if all.len() >= CLIENTS {
            all.retain(|_, left| left.now(now) < AT_ONCE);
            if all.len() >= CLIENTS {
                all.clear();
            }
        }
        let left = all.entry(client(address)).or_insert(Left { requests: AT_ONCE, as_of: now });
        let requests = left.now(now);
        *left = Left { requests: if requests < 1.0 { requests } else { requests - 1.0 }, as_of: now };
        if requests < 1.0 { Err(Duration::from_secs_f64((1.0 - requests) / A_SECOND)) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_waits_when_it_has_had_its_share() {
        let (rates, start) = (Rates::default(), Instant::now());
        let (one, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        assert!((0..AT_ONCE as usize).all(|_| rates.take(one, start).is_ok()));
        assert_eq!(rates.take(one, start), Err(Duration::from_millis(100)));
        assert_eq!(rates.take(other, start), Ok(()));
        let later = start + Duration::from_millis(200);
        assert!(rates.take(one, later).is_ok() && rates.take(one, later).is_ok());
        assert!(rates.take(one, later).is_err());
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let client = |a: &str| super::client(a.parse().unwrap());
        assert_eq!(client("2001:db8:1:2::1"), client("2001:db8:1:2:ffff::2"));
        assert_ne!(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
        assert_eq!(client("::ffff:192.0.2.1"), client("192.0.2.1"));
    }

    #[test]
    fn no_more_clients_are_remembered_than_there_is_room_for() {
        let (rates, now) = (Rates::default(), Instant::now());
        for n in 0..(CLIENTS as u32 + 10) {
            let _ = rates.take(IpAddr::V4(std::net::Ipv4Addr::from_bits(n)), now);
        }
        assert!(rates.left.lock().unwrap().len() <= CLIENTS);
    }
}
