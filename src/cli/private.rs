//! Which hosts are on this machine or on its own network: a text from elsewhere could have them asked in the curator's
//! name.
//!
//! In: an address, before anybody is asked, and each connection about to be made. Out: why it is not to be made. A
//! connection is judged by the address it goes to, so neither a name that leads to a private address nor a page that
//! leads on to one is followed.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ureq::unversioned::transport::{ConnectionDetails, Connector};
use ureq::{Error, Proxy, http::Uri};
use url::{Host, Url};

/// Why a host is not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Private {
    /// The host, as the address names it.
    host: String,
    /// The address that its name leads to, where it is a name.
    at: Option<IpAddr>,
    /// What its address is.
    what: &'static str,
}

impl std::error::Error for Private {}

impl fmt::Display for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Private { host, at, what } = self;
        match at {
            Some(at) => write!(f, "`{host}` is {at}, {what}"),
            None => write!(f, "`{host}` is {what}"),
        }
    }
}

impl Private {
    /// Whether an address names such a host itself; what a name leads to is not looked up.
    pub(super) fn named(url: &Url) -> Option<Private> {
        let (host, what) = match url.host()? {
            Host::Domain(name) => (name.to_owned(), name_of(name)),
            Host::Ipv4(ip) => (ip.to_string(), what(ip.into())),
            Host::Ipv6(ip) => (ip.to_string(), what(ip.into())),
        };
        Some(Private { host, at: None, what: what? })
    }

    /// What kept a question from being asked, where it was this.
    pub(super) fn of(error: &Error) -> Option<&Private> {
        if let Error::Other(error) = error { error.downcast_ref() } else { None }
    }

    /// Whether this is the host that was asked for, and not one it led on to.
    pub(super) fn is_host_of(&self, url: &Url) -> bool {
        url.host_str().is_some_and(|host| host.trim_matches(['[', ']']) == self.host)
    }
}

/// Stands before what makes connections, and lets pass those alone that lead out.
#[derive(Debug)]
pub(super) struct Guard {
    /// Through whom questions go; they may be nearby.
    proxy: Option<Uri>,
}

impl Guard {
    /// One that lets pass what goes to a proxy. Which host a proxy finds under a name is the proxy's to judge.
    pub(super) fn new(proxy: Option<&Proxy>) -> Guard {
        Guard { proxy: proxy.map(|proxy| proxy.uri().clone()) }
    }
}

impl Connector<()> for Guard {
    type Out = ();

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<()>, Error> {
        let is_proxy = self.proxy.as_ref().is_some_and(|proxy| proxy.authority() == details.uri.authority());
        if is_proxy {
            return Ok(None);
        }
        let refused = |private| Err(Error::Other(Box::new(private)));
        if let Some(private) = Url::parse(&details.uri.to_string()).ok().as_ref().and_then(Private::named) {
            return refused(private);
        }
        for at in details.addrs.iter().map(SocketAddr::ip) {
            if let Some(what) = what(at) {
                let host = details.uri.host().unwrap_or_default().to_owned();
                return refused(Private { host, at: Some(at), what });
            }
        }
        Ok(None)
    }
}

const THIS_MACHINE: &str = "this machine";
const PRIVATE: &str = "on a private network";
const NO_SITE: &str = "an address that no site has";

/// Names that lead nowhere but to this machine or its own network (RFC 6761, 6762 and 8375; ICANN's resolution of 2024).
fn name_of(name: &str) -> Option<&'static str> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let is_below =
        |top: &str| name.strip_suffix(top).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if is_below("localhost") {
        Some(THIS_MACHINE)
    } else {
        ["local", "internal", "home.arpa"].into_iter().any(is_below).then_some(PRIVATE)
    }
}

/// What an address is, where it is none on the public network.
fn what(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => what_v4(ip),
        IpAddr::V6(ip) => what_v6(ip),
    }
}

/// Source of the ranges: <https://www.iana.org/assignments/iana-ipv4-special-registry/>
fn what_v4(ip: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, _] = ip.octets();
    match (a, b, c) {
        (0 | 127, _, _) => Some(THIS_MACHINE),
        // Link-local, and what carriers share among their customers, are private for who stands elsewhere.
        (10, _, _) | (172, 16..=31, _) | (192, 168, _) | (169, 254, _) | (100, 64..=127, _) => Some(PRIVATE),
        (192, 0, 0 | 2) | (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) | (224.., _, _) => Some(NO_SITE),
        _ => None,
    }
}

/// Source of the ranges: <https://www.iana.org/assignments/iana-ipv6-special-registry/>
fn what_v6(ip: Ipv6Addr) -> Option<&'static str> {
    let inside = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        what_v4(Ipv4Addr::new(a, b, c, d))
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => Some(THIS_MACHINE),
        // An address of the older kind in one of the newer: mapped, translated (RFC 6052), tunnelled (RFC 3056).
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => inside(high, low),
        [0x2002, high, low, ..] => inside(high, low),
        [0xfc00..=0xfdff | 0xfe80..=0xfeff, ..] | [0x64, 0xff9b, 1, ..] => Some(PRIVATE),
        [0xff00..=0xffff, ..] | [0x2001, 0xdb8, ..] | [0x100, 0, 0, 0, ..] => Some(NO_SITE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::net::TcpListener;

    use ureq::Agent;
    use ureq::config::Config;
    use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
    use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

    use super::*;

    /// A name server that has one answer.
    #[derive(Debug)]
    struct Always(SocketAddr);

    impl Resolver for Always {
        fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
            let mut addresses = self.empty();
            addresses.push(self.0);
            Ok(addresses)
        }
    }

    #[test]
    fn a_name_that_leads_to_this_machine_is_not_asked() {
        let here = TcpListener::bind("127.0.0.1:0").unwrap();
        here.set_nonblocking(true).unwrap();
        let resolver = Always(here.local_addr().unwrap());
        let config = Agent::config_builder().proxy(None).build();
        let agent = Agent::with_parts(config, Guard::new(None).chain(DefaultConnector::default()), resolver);
        let error = agent.head("http://example.org/a").call().unwrap_err();
        let private = Private::of(&error).unwrap();
        assert_eq!(private.to_string(), "`example.org` is 127.0.0.1, this machine");
        assert!(private.is_host_of(&Url::parse("http://example.org/b").unwrap()));
        assert_eq!(here.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "nobody came");
    }

    #[test]
    fn what_leads_out_is_asked_and_nothing_else() {
        for (host, expected) in [
            ("example.org", None),
            ("93.184.215.14", None),
            ("[2606:2800:21f:cb07:6820:80da:af6b:8b2c]", None),
            ("[64:ff9b::5db8:d70e]", None),
            ("notlocalhost", None),
            ("172.32.0.1", None),
            ("localhost", Some(THIS_MACHINE)),
            ("a.LOCALHOST.", Some(THIS_MACHINE)),
            ("127.8.9.1", Some(THIS_MACHINE)),
            ("0x7f.1", Some(THIS_MACHINE)),
            ("2130706433", Some(THIS_MACHINE)),
            ("0.0.0.0", Some(THIS_MACHINE)),
            ("[::1]", Some(THIS_MACHINE)),
            ("[::]", Some(THIS_MACHINE)),
            ("[::ffff:127.0.0.1]", Some(THIS_MACHINE)),
            ("10.1.2.3", Some(PRIVATE)),
            ("172.31.0.1", Some(PRIVATE)),
            ("192.168.0.1", Some(PRIVATE)),
            ("169.254.169.254", Some(PRIVATE)),
            ("100.64.0.1", Some(PRIVATE)),
            ("[fd00::1]", Some(PRIVATE)),
            ("[fe80::1]", Some(PRIVATE)),
            ("[64:ff9b::10.0.0.1]", Some(PRIVATE)),
            ("[2002:c0a8:1::1]", Some(PRIVATE)),
            ("printer.local", Some(PRIVATE)),
            ("metadata.google.internal", Some(PRIVATE)),
            ("224.0.0.1", Some(NO_SITE)),
            ("255.255.255.255", Some(NO_SITE)),
            ("203.0.113.7", Some(NO_SITE)),
            ("[ff02::1]", Some(NO_SITE)),
        ] {
            let url = Url::parse(&format!("http://{host}/a")).unwrap();
            assert_eq!(Private::named(&url).map(|private| private.what), expected, "{host}");
        }
    }
}
