//! What fits: open files, and ports of source addresses.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use lwm2m_core::transport::{Host, Uri};

use super::Plan;

/// Files that are no sockets of devices.
const OTHER_FILES: u64 = 64;
/// Ports of a source address that are left to others.
const OTHER_PORTS: u32 = 500;
/// Loopback addresses that are used at most: 127.0.0.1 to 127.0.15.255.
const MAX_LOOPBACK: u32 = 4095;

/// Where the devices of a fleet send from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    sources: Sources,
    per_source: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sources {
    /// The address that the system chooses.
    One,
    /// As many loopback addresses as are needed.
    Loopback(u32),
}

impl Room {
    /// Raises the limit of open files, and refuses a fleet that does not fit.
    pub(super) async fn of(plan: &Plan) -> Result<Self, String> {
        let uri = Uri::parse(&plan.server).map_err(|error| error.to_string())?;
        let address = match (&uri.host, uri.socket_addr()) {
            (_, Some(address)) => address,
            (Host::Name(name), None) => look_up(name, uri.port).await?,
            (host, None) => return Err(format!("{host}: zones are not supported here")),
        };
        let files = raise_file_limit()?;
        let room = Self::for_devices(plan.devices, address.ip(), ephemeral_ports());
        let reach = room.map_or_else(|reach| reach, |_| plan.devices).min(files);
        match room {
            Ok(room) if reach >= plan.devices => Ok(room),
            _ => Err(format!(
                "{} devices do not fit: this machine can reach {reach} ({files} open files, {} ports a source address)",
                plan.devices,
                ephemeral_ports(),
            )),
        }
    }

    /// `Err`: how many would fit.
    fn for_devices(devices: u32, server: IpAddr, ports: u32) -> Result<Self, u32> {
        let per_source = ports.saturating_sub(OTHER_PORTS).max(1);
        if devices <= per_source {
            return Ok(Self { sources: Sources::One, per_source });
        }
        let needed = devices.div_ceil(per_source);
        match server {
            // The rest of 127.0.0.0/8 is ours to send from.
            IpAddr::V4(ip) if ip.is_loopback() && needed <= MAX_LOOPBACK => {
                Ok(Self { sources: Sources::Loopback(needed), per_source })
            }
            IpAddr::V4(ip) if ip.is_loopback() => Err(per_source.saturating_mul(MAX_LOOPBACK)),
            _ => Err(per_source),
        }
    }

    /// Where that device sends from, if not from where the system chooses.
    pub(super) fn source(&self, device: u32) -> Option<SocketAddr> {
        match self.sources {
            Sources::One => None,
            Sources::Loopback(_) => {
                let ip = Ipv4Addr::from(0x7f00_0001 + device / self.per_source.max(1));
                Some(SocketAddr::from((ip, 0)))
            }
        }
    }
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sources {
            Sources::One => f.write_str("one source address"),
            Sources::Loopback(n) => write!(f, "{n} loopback addresses"),
        }
    }
}

async fn look_up(name: &str, port: u16) -> Result<SocketAddr, String> {
    let found = tokio::net::lookup_host((name, port)).await.map_err(|error| format!("{name}: {error}"))?;
    found.into_iter().next().ok_or_else(|| format!("{name} has no address"))
}

/// As far as it goes; returns how many devices that is.
fn raise_file_limit() -> Result<u32, String> {
    let limit = rlimit::increase_nofile_limit(u64::MAX).map_err(|error| format!("open files: {error}"))?;
    Ok(u32::try_from(limit.saturating_sub(OTHER_FILES)).unwrap_or(u32::MAX))
}

/// How many ports the system gives out on one address.
fn ephemeral_ports() -> u32 {
    let range = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    let mut ends = range.split_whitespace().filter_map(|end| end.parse::<u32>().ok());
    match (ends.next(), ends.next()) {
        (Some(first), Some(last)) if last > first => last - first + 1,
        // The range of RFC 6335 §6.
        _ => 16_384,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    #[test]
    fn past_the_port_range_further_loopback_addresses_are_used() {
        let room = Room::for_devices(100_000, LOOPBACK, 28_232).unwrap();
        assert_eq!(room.to_string(), "4 loopback addresses");
        let at = |device| room.source(device).map(|source| source.to_string());
        assert_eq!(at(0).as_deref(), Some("127.0.0.1:0"));
        assert_eq!(at(27_731).as_deref(), Some("127.0.0.1:0"));
        assert_eq!(at(27_732).as_deref(), Some("127.0.0.2:0"));
        assert_eq!(at(99_999).as_deref(), Some("127.0.0.4:0"));
    }

    #[test]
    fn a_small_fleet_leaves_the_source_to_the_system() {
        assert_eq!(Room::for_devices(10_000, ELSEWHERE, 28_232).unwrap().source(9_999), None);
    }

    #[test]
    fn what_does_not_fit_is_told_with_the_number_that_does() {
        assert_eq!(Room::for_devices(30_000, ELSEWHERE, 28_232), Err(27_732));
        assert_eq!(Room::for_devices(u32::MAX, LOOPBACK, 1500), Err(4_095_000));
    }
}
