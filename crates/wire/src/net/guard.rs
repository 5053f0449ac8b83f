//! Where a connection may go: a name is resolved first, what it leads to is checked, and the connection goes to the
//! checked address. So a name in a settings field opens no door into the firm's own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::time::timeout;

use super::{Limits, Reach, Target, Trouble};

/// The addresses behind a server's name that may be reached.
pub async fn resolve(target: &Target, limits: &Limits) -> Result<Vec<SocketAddr>, Trouble> {
    let host = target.host.trim_start_matches('[').trim_end_matches(']');
    let found = timeout(limits.connect, tokio::net::lookup_host((host, target.port)))
        .await
        .map_err(|_| Trouble::TimedOut("the look-up of its address"))?
        .map_err(|source| Trouble::Unknown { host: target.host.clone(), source })?;
    let mut may = Vec::new();
    let mut refused = None;
    for address in found {
        match target.reach == Reach::Private || is_public(address.ip()) {
            true => may.push(address),
            false => refused = Some(address.ip()),
        }
    }
    match (may.is_empty(), refused) {
        (false, _) => Ok(may),
        (true, Some(address)) => {
            Err(Trouble::Forbidden { host: target.host.clone(), address: address.to_string() })
        }
        (true, None) => Err(Trouble::Unknown {
            host: target.host.clone(),
            source: std::io::Error::other("the name has no address"),
        }),
    }
}

/// An address of the open internet: not this machine, not a private or local network, nothing reserved.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_4(address),
        IpAddr::V6(address) => is_public_6(address),
    }
}

fn is_public_4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocols = (a, b, c) == (192, 0, 0);
    let relay = (a, b, c) == (192, 88, 99);
    let benchmarks = a == 198 && (b == 18 || b == 19);
    !(a == 0
        || a >= 240
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || shared
        || protocols
        || relay
        || benchmarks)
}

fn is_public_6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // An IPv4 address in other clothes: as itself, behind a translator, or in a 6to4 tunnel.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        [0x2001, 0xdb8, ..] | [0x2001, 0, ..] => false,
        // Only 2000::/3 is given out to the open internet.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_open_internet_is_public() {
        let inside = "127.0.0.1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 \
            100.127.255.255 192.0.0.8 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 203.0.113.5 :: ::1 fe80::1 \
            fc00::1 fd12::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: 2002:a00:1:: \
            2001:db8::1 ::127.0.0.1 fec0::1";
        for text in inside.split_whitespace() {
            assert!(!is_public(text.parse().expect(text)), "{text}");
        }
        let outside = "1.1.1.1 8.8.8.8 172.32.0.1 172.15.0.1 100.63.0.1 100.128.0.1 192.0.1.1 2606:4700::1111 \
            ::ffff:8.8.8.8 2a00:1450:4001::1 64:ff9b::808:808";
        for text in outside.split_whitespace() {
            assert!(is_public(text.parse().expect(text)), "{text}");
        }
    }
}
