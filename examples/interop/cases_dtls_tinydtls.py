"""tinydtls, as DTLSSocket has it, against our DTLS engine. It knows PSK with CCM_8, and IPv6."""

import os
import sys

import dtls
from cases_dtls_openssl import REGISTRY
from dtls import CLIENT, KEY, PSK, SERVER, WRONG_PSK, cell, our_client, our_server
from peer import Program, free_port

SCRIPT = os.path.join(os.path.dirname(__file__), "tinydtls.py")
HOST = "::1"


def tinydtls(role, port, key=KEY):
    return Program("tinydtls", [sys.executable, "-B", "-u", SCRIPT, role, str(port), key])


def run():
    with cell("tinydtls", "PSK CCM_8", CLIENT):
        port = free_port()
        server = tinydtls("server", port)
        server.expect("listening")
        client = our_client(port, *PSK, host=HOST)
        dtls.established(client, REGISTRY["c0a8"])
        dtls.says(client, "hello")
    with cell("tinydtls", "PSK CCM_8", SERVER):
        server, port = our_server(*PSK, host=HOST)
        client = tinydtls("client", port)
        dtls.established(server, REGISTRY["c0a8"])
        client.expect("received b'marco'", wait=12)
    with cell("tinydtls", "wrong key refused", CLIENT):
        port = free_port()
        server = tinydtls("server", port)
        server.expect("listening")
        our_client(port, *WRONG_PSK, "--seconds", "5", host=HOST).expect("not established", wait=8)
    with cell("tinydtls", "wrong key refused", SERVER):
        _, port = our_server(*PSK, host=HOST)
        tinydtls("client", port, KEY[::-1]).expect("not established|received None", wait=12)
