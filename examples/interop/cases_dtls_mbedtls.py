"""mbedTLS, as python-mbedtls has it, against our DTLS engine."""

import importlib.util
import os
import sys

import dtls
from cases_dtls_openssl import REGISTRY
from dtls import CLIENT, HEX, PSK, SERVER, WRONG_PSK, cell, keys, our_client, our_server, suite
from peer import Program, free_port

SCRIPT = os.path.join(os.path.dirname(__file__), "mbed.py")
PSKS = [
    ("PSK CCM_8", "TLS-PSK-WITH-AES-128-CCM-8", "c0a8"),
    ("PSK GCM", "TLS-PSK-WITH-AES-128-GCM-SHA256", "00a8"),
    ("PSK CBC", "TLS-PSK-WITH-AES-128-CBC-SHA256", "00ae"),
    ("ECDHE_PSK CBC", "TLS-ECDHE-PSK-WITH-AES-128-CBC-SHA256", "c037"),
]
CERTIFICATES = [
    ("X.509 CCM_8", "TLS-ECDHE-ECDSA-WITH-AES-128-CCM-8", "c0ae"),
    ("X.509 GCM", "TLS-ECDHE-ECDSA-WITH-AES-128-GCM-SHA256", "c02b"),
    ("X.509 CBC", "TLS-ECDHE-ECDSA-WITH-AES-128-CBC-SHA256", "c023"),
]


def present():
    return importlib.util.find_spec("mbedtls") is not None


def mbed(role, port, cipher, *more):
    program = Program("mbedtls", [sys.executable, "-B", "-u", SCRIPT, role, str(port), cipher, *more])
    if role == "server":
        program.expect("listening")
    return program


def as_client(cipher, number, theirs, ours):
    port = free_port()
    server = mbed("server", port, cipher, *theirs)
    client = our_client(port, *suite(number), *ours)
    dtls.established(client, REGISTRY[number])
    server.expect("received b'hello")
    dtls.says(client, "hello")


def as_server(cipher, number, theirs, ours):
    server, port = our_server(*suite(number), *ours)
    client = mbed("client", port, cipher, *theirs)
    dtls.established(server, REGISTRY[number])
    dtls.says(server, "marco")
    client.expect("received b'marco'")


def run():
    for mode, cipher, number in PSKS:
        with cell("mbedTLS", mode, CLIENT):
            as_client(cipher, number, ("psk", HEX), PSK)
        with cell("mbedTLS", mode, SERVER):
            as_server(cipher, number, ("psk", HEX), PSK)
    files = lambda who: ("x509", keys()[f"{who}.pem"], keys()[f"{who}.key"], keys()["ca.pem"])
    for mode, cipher, number in CERTIFICATES:
        with cell("mbedTLS", mode, CLIENT):
            as_client(cipher, number, files("server"), keys().x509("client"))
        with cell("mbedTLS", mode, SERVER):
            as_server(cipher, number, files("client"), keys().x509("server"))
    with cell("mbedTLS", "wrong key refused", CLIENT):
        port = free_port()
        mbed("server", port, PSKS[0][1], "psk", HEX)
        our_client(port, *WRONG_PSK, "--seconds", "5").expect("not established", wait=8)
    with cell("mbedTLS", "wrong key refused", SERVER):
        _, port = our_server(*WRONG_PSK)
        mbed("client", port, PSKS[0][1], "psk", HEX).expect("Error|Exception|end of output", wait=12)
