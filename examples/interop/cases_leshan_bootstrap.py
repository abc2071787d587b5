"""Eclipse Leshan as a device of our bootstrap server, and as the bootstrap server of our client; then both register.

What proves a device to the bootstrap server and what it is given are different: another key, or another kind.
"""

import os

from cases_dtls_californium import pem
from cases_leshan import HOME, START, java, present  # noqa: F401: `present` is for the suite
from cases_secure import der
from dtls import HEX, IDENTITY, KEY, keys
from peer import HOST, Program, binary, case, free_port, start_bootstrap, stop_all

GIVEN = "fedcba9876543210"


def run():
    devices()
    servers()


def credentials(name, *lines):
    """A file of keys for one of our servers."""
    path = keys()[name]
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    os.chmod(path, 0o600)
    return path


def certificates(endpoint):
    return (f"certificate file:{keys()['client.pem']} {endpoint}", f"authority file:{keys()['ca.pem']}",
            f"own-certificate * file:{keys()['server.key']} file:{keys()['server.pem']}")


def start_server(*lines):
    """Our server, over DTLS if there are keys."""
    port = free_port()
    scheme = "coaps" if lines else "coap"
    more = ("--credentials", credentials("given.txt", *lines)) if lines else ()
    server = Program("server", [binary("server"), "--listen", f"{scheme}://{HOST}:{port}", *more])
    server.expect("listening on")
    return server, f"{scheme}://{HOST}:{port}"


def plan(endpoint, account):
    return f"""
[[plan]]
endpoint = "{endpoint}"
delete = ["/0", "/1"]

[[plan.server]]
id = 123
lifetime = 60
{account}

[[plan.write]]
path = "/3/0/14"
value = "+02"
"""


def devices():
    """Leshan 2.0.0-M18 as a device of our bootstrap server."""
    psk = (f"psk {IDENTITY} {GIVEN.encode().hex()} {IDENTITY}",)
    given_psk = f'identity = "{IDENTITY}"\nkey = "text:{GIVEN}"'
    modes = [
        ("without protection, gives none", "leshan", (), (), (), ""),
        ("PSK, gives another PSK", IDENTITY, (f"psk {IDENTITY} {HEX} {IDENTITY}",), ("psk", IDENTITY, KEY), psk, given_psk),
        ("X.509, gives a PSK", IDENTITY, certificates(IDENTITY), ("x509", der("client.pem"), der("client.key"), der("server.pem")),
         psk, given_psk),
        ("PSK, gives X.509", IDENTITY, (f"psk {IDENTITY} {HEX} {IDENTITY}",), ("psk", IDENTITY, KEY), certificates(IDENTITY), None),
    ]
    for mode, endpoint, ours, theirs, lines, given in modes:
        title = f"leshan-client bootstraps, {mode}"
        server, uri = start_server(*lines)
        if given is None:
            given = (f'certificate = "file:client.pem.der"\nkey = "file:client.key.der"\n'
                     f'server-certificate = "file:server.pem.der"')
            der("client.pem"), der("client.key"), der("server.pem")
        scheme = "coaps" if ours else "coap"
        more = ("--credentials", credentials("bootstrap.txt", *ours)) if ours else ()
        bootstrap, port = start_bootstrap(plan(endpoint, f'uri = "{uri}"\n{given}'), *more, scheme=scheme,
                                          beside=keys().home)
        device = java("LeshanDevice", f"{scheme}://{HOST}:{port}", endpoint, 60, *theirs, bootstrap="true")
        with case(f"{title}: it is bootstrapped"):
            bootstrap.expect(f"^started {endpoint}", wait=START)
            device.expect("^written /3/0/14 = .02")
            bootstrap.expect(f"^finished {endpoint}")
            device.expect("^bootstrapped")
        with case(f"{title}: it registers with what it was given"):
            device.expect("^registered ")
            server.expect(f"^registered {endpoint}")
            float(server.value(f"read {endpoint} /3303/0/5700", "/3303/0/5700"))
        device.stop("quit")
        stop_all()
    unknown_device()


def unknown_device():
    bootstrap, port = start_bootstrap(plan("somebody-else", 'uri = "coap://127.0.0.1:1"'))
    device = java("LeshanDevice", f"coap://{HOST}:{port}", "leshan", 60, bootstrap="true")
    with case("leshan-client bootstraps: there is nothing for it → 4.00"):
        device.expect("^no bootstrap BAD_REQUEST", wait=START)
        bootstrap.expect("^failed leshan|^leshan is told")
    device.stop("quit")
    stop_all()


def servers():
    """Leshan 2.0.0-M15 as the bootstrap server of our client."""
    x509 = ",".join(("x509", pem("server.key"), keys()["server.pem"], keys()["ca.pem"]))
    given_x509 = ",".join(("x509", der("client.pem"), der("client.key"), der("server.pem")))
    certificate = ("--key", keys()["client.key"], "--certificate", keys()["client.pem"], "--authority", keys()["ca.pem"])
    psk = lambda endpoint: (f"psk {IDENTITY} {GIVEN.encode().hex()} {endpoint}",)
    given_psk = f"psk,{IDENTITY},{GIVEN}"
    modes = [
        ("without protection, gives none", "ours", "none", (), (), "none"),
        ("PSK, gives another PSK", IDENTITY, f"psk,{IDENTITY},{KEY}", ("--psk", f"{IDENTITY}:{HEX}"), psk(IDENTITY), given_psk),
        ("X.509, gives a PSK", "client", x509, certificate, psk("client"), given_psk),
        ("PSK, gives X.509", IDENTITY, f"psk,{IDENTITY},{KEY}", ("--psk", f"{IDENTITY}:{HEX}"), certificates(IDENTITY), given_x509),
    ]
    for mode, endpoint, own, ours, lines, given in modes:
        title = f"leshan-bootstrap-server, {mode}"
        server, uri = start_server(*lines)
        scheme = "coap" if own == "none" else "coaps"
        port = free_port()
        bootstrap = java("LeshanBootstrap", f"{scheme}://{HOST}:{port}", endpoint, uri, home=f"{HOME}/bootstrap",
                         own=own, given=given)
        bootstrap.expect("^listening on", wait=START)
        client = Program("client", [binary("client"), "--bootstrap", f"{scheme}://{HOST}:{port}", "--endpoint", endpoint,
                                    "--lwm2m", "1.0..1.1", *ours])
        with case(f"{title}: our client is bootstrapped"):
            bootstrap.expect(f"^started {endpoint}", wait=10)
            bootstrap.expect("^done BootstrapDiscoverRequest")
            bootstrap.expect("^done BootstrapDeleteRequest /0")
            bootstrap.expect(f"^finished {endpoint}")
            client.expect(f"^bootstrapped: {uri}")
        with case(f"{title}: our client registers with what it was given"):
            client.expect(f"^registered with {uri}")
            server.expect(f"^registered {endpoint}")
            float(server.value(f"read {endpoint} /3303/0/5700", "/3303/0/5700"))
        with case(f"{title}: its bootstrap server is asked again when the trigger is executed"):
            since = bootstrap.mark()
            server.ask(f"execute {endpoint} /1/0/9", "^ok")
            bootstrap.expect(f"^finished {endpoint}", since)
        client.stop("quit")
        stop_all()
    stranger()


def stranger():
    port = free_port()
    bootstrap = java("LeshanBootstrap", f"coaps://{HOST}:{port}", IDENTITY, "coap://127.0.0.1:1", home=f"{HOME}/bootstrap",
                     own=f"psk,{IDENTITY},{KEY}", given="none")
    bootstrap.expect("^listening on", wait=START)
    client = Program("client", [binary("client"), "--bootstrap", f"coaps://{HOST}:{port}", "--endpoint", "another",
                                "--lwm2m", "1.1", "--psk", f"{IDENTITY}:{HEX}"])
    with case("leshan-bootstrap-server: a name that does not go with the key is refused, and our client comes again"):
        bootstrap.expect("^refused another", wait=10)
        client.expect(r"^no bootstrap \(refused: 4\.00.*again in")
    client.stop("quit")
    stop_all()
