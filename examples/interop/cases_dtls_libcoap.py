"""libcoap's coap-client and coap-server, on OpenSSL and on GnuTLS, against our DTLS engine."""

import subprocess

import dtls
from dtls import CLIENT, HEX, IDENTITY, KEY, PSK, SERVER, WRONG_PSK, cell, keys, our_client, our_server
from peer import HOST, Failure, Program, free_port

LIBRARIES = ["openssl", "gnutls"]


def coap_client(library, port, *more):
    """Asks for the root resource; gives what was printed."""
    done = subprocess.run([f"coap-client-{library}", "-B", "8", *more, f"coaps://{HOST}:{port}/"], capture_output=True,
                          text=True, errors="replace", timeout=15, stdin=subprocess.DEVNULL)
    return done.stdout + done.stderr


def coap_server(library, *more):
    port = free_port()
    server = Program(f"coap-server-{library}", [f"coap-server-{library}", "-A", HOST, "-p", str(port - 1), "-v", "6", *more])
    return server, port


def answered(printed):
    if "hello from lwm2m" not in printed:
        raise Failure(f"coap-client printed {printed[-300:]!r}")


def run():
    for library in LIBRARIES:
        name = f"libcoap on {'OpenSSL' if library == 'openssl' else 'GnuTLS'}"
        with cell(name, "PSK", SERVER):
            server, port = our_server("--coap", *PSK)
            answered(coap_client(library, port, "-u", IDENTITY, "-k", KEY))
            dtls.established(server, r"TLS_PSK_WITH_\S*")
        with cell(name, "PSK", CLIENT):
            _, port = coap_server(library, "-k", KEY)
            client = our_client(port, "--coap", *PSK)
            dtls.says(client, "libcoap")
        with cell(name, "wrong key refused", SERVER):
            server, port = our_server("--coap", *PSK)
            if "hello" in coap_client(library, port, "-u", IDENTITY, "-k", KEY[::-1], "-B", "3"):
                raise Failure("it was answered")
        with cell(name, "wrong key refused", CLIENT):
            _, port = coap_server(library, "-k", KEY)
            our_client(port, "--coap", *WRONG_PSK, "--seconds", "5").expect("not established", wait=8)
        files = lambda who: ("-c", keys()[f"{who}.pem"], "-j", keys()[f"{who}.key"], "-C", keys()["ca.pem"])
        with cell(name, "X.509", SERVER):
            server, port = our_server("--coap", *keys().x509("server"))
            answered(coap_client(library, port, *files("client")))
            server.expect("certificate client")
        with cell(name, "X.509", CLIENT):
            _, port = coap_server(library, *files("server"))
            dtls.says(our_client(port, "--coap", *keys().x509("client")), "libcoap")
    raw()


def raw():
    """libcoap knows raw public keys on GnuTLS only."""
    with cell("libcoap on GnuTLS", "raw public keys", SERVER):
        server, port = our_server("--coap", *keys().rpk("server", "client"))
        answered(coap_client("gnutls", port, "-M", both_halves("client")))
    with cell("libcoap on GnuTLS", "raw public keys", CLIENT):
        _, port = coap_server("gnutls", "-M", both_halves("server"))
        dtls.says(our_client(port, "--coap", *keys().rpk("client", "server")), "libcoap")


def both_halves(name):
    """A file with the private and the public key."""
    path = keys()[f"{name}.raw"]
    with open(path, "w", encoding="ascii") as file:
        for half in "key", "pub":
            with open(keys()[f"{name}.{half}"], encoding="ascii") as part:
                file.write(part.read())
    return path
