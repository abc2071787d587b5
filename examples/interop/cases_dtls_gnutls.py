"""GnuTLS's gnutls-cli and gnutls-serv against our DTLS engine."""

import os

import dtls
from cases_dtls_openssl import REGISTRY
from dtls import CLIENT, HEX, IDENTITY, NAME, PSK, SERVER, cell, keys, our_client, our_server, suite
from peer import HOST, Program, free_port

PSKS = [
    # mode, key exchange, cipher, number, more of the priority string
    ("PSK CCM_8", "PSK", "AES-128-CCM-8", "c0a8", ""),
    ("PSK CCM_8, no extended master secret", "PSK", "AES-128-CCM-8", "c0a8", ":%NO_SESSION_HASH"),
    ("PSK GCM", "PSK", "AES-128-GCM", "00a8", ""),
    ("PSK CBC, encrypt then MAC", "PSK", "AES-128-CBC:-MAC-ALL:+SHA256", "00ae", ""),
    ("PSK CBC, MAC then encrypt", "PSK", "AES-128-CBC:-MAC-ALL:+SHA256", "00ae", ":%NO_ETM"),
    ("ECDHE_PSK CBC (as the server: handshake only)", "ECDHE-PSK", "AES-128-CBC:-MAC-ALL:+SHA256", "c037", ""),
]
# gnutls-cli 3.7.9 ends with a segmentation fault when this handshake is over, with gnutls-serv as well.
CRASHES = "c037"
SIGNED = [("CCM_8", "AES-128-CCM-8", "c0ae"), ("GCM", "AES-128-GCM", "c02b"),
          ("CBC", "AES-128-CBC:-MAC-ALL:+SHA256", "c023")]


def priority(exchange, cipher, more=""):
    return f"NORMAL:-VERS-ALL:+VERS-DTLS1.2:-KX-ALL:+{exchange}:-CIPHER-ALL:+{cipher}{more}"


def serv(wanted, *more):
    port = free_port()
    server = Program("gnutls-serv", ["gnutls-serv", "--udp", "--echo", "--port", str(port), "--priority", wanted, *more])
    server.expect("listening|Echo Server")
    return server, port


def cli(port, wanted, *more):
    return Program("gnutls-cli", ["gnutls-cli", "--udp", "--port", str(port), "--priority", wanted, *more, HOST])


def as_client(wanted, number, theirs, ours):
    _, port = serv(wanted, *theirs)
    client = our_client(port, *suite(number), *ours)
    dtls.established(client, REGISTRY[number])
    dtls.says(client, "hello")
    client.expect("done")


def as_server(wanted, number, theirs, ours):
    server, port = our_server(*suite(number), *ours)
    client = cli(port, wanted, *theirs)
    dtls.established(server, REGISTRY[number])
    if number == CRASHES:
        return
    client.expect("Handshake was completed")
    client.say("marco")
    dtls.says(server, "marco")
    client.expect("^marco")


def run():
    passwords = os.path.join(keys().home, "passwords")
    with open(passwords, "w", encoding="ascii") as file:
        file.write(f"{IDENTITY}:{HEX}\n")
    for mode, exchange, cipher, number, more in PSKS:
        wanted = priority(exchange, cipher, more)
        with cell("GnuTLS", mode, CLIENT):
            as_client(wanted, number, ("--pskpasswd", passwords), PSK)
        with cell("GnuTLS", mode, SERVER):
            as_server(wanted, number, ("--pskusername", IDENTITY, "--pskkey", HEX), PSK)
    for name, cipher, number in SIGNED:
        raw(name, cipher, number)
    for name, cipher, number in SIGNED:
        certificates(name, cipher, number)


def raw(name, cipher, number):
    wanted = priority("ECDHE-ECDSA", cipher, ":-CTYPE-ALL:+CTYPE-SRV-RAWPK:+CTYPE-CLI-RAWPK")
    pair = lambda who: ("--rawpkkeyfile", keys()[f"{who}.key"], "--rawpkfile", keys()[f"{who}.pub"])
    with cell("GnuTLS", f"raw public keys {name}", CLIENT):
        as_client(wanted, number, pair("server"), keys().rpk("client", "server"))
    with cell("GnuTLS", f"raw public keys {name}", SERVER):
        as_server(wanted, number, (*pair("client"), "--insecure"), keys().rpk("server", "client"))


def certificates(name, cipher, number):
    wanted = priority("ECDHE-ECDSA", cipher)
    files = lambda who: ("--x509certfile", keys()[f"{who}.pem"], "--x509keyfile", keys()[f"{who}.key"],
                         "--x509cafile", keys()["ca.pem"])
    with cell("GnuTLS", f"X.509 {name}", CLIENT):
        as_client(wanted, number, (*files("server"), "--require-client-cert", "--verify-client-cert"),
                  keys().x509("client"))
    with cell("GnuTLS", f"X.509 {name}", SERVER):
        as_server(wanted, number, (*files("client"), "--sni-hostname", NAME, "--verify-hostname", NAME),
                  keys().x509("server"))
