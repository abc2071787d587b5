"""What the cases of DTLS share: our end, keys for both ends, and the matrix that is printed at the end."""

import os
import subprocess
import tempfile
from contextlib import contextmanager

from peer import HOST, RELEASE, Failure, Program, case, free_port, stop_all

IDENTITY, KEY = "node1", "0123456789abcdef"  # libcoap takes keys as text
HEX = KEY.encode().hex()
PSK = ("--psk", f"{IDENTITY}:{HEX}")
WRONG_PSK = ("--psk", f"{IDENTITY}:{HEX[::-1]}")
NAME = "lwm2m.example"
CLIENT, SERVER = "client", "server"

_results = {}


@contextmanager
def cell(peer, mode, role):
    """One case, and one entry of the matrix; `role` is ours. All programs end with it."""
    passed = False
    with case(f"{peer}: {mode}, we are the {role}"):
        yield
        passed = True
    stop_all()
    cells = _results.setdefault((peer, mode), {})
    cells[role] = passed and cells.get(role, True)


def print_matrix():
    """Peer by mode by role, as in docs/interop.md."""
    if not _results:
        return
    print("\n| peer | mode | we are the client | we are the server |\n|---|---|---|---|")
    words = {True: "yes", False: "FAILED", None: "–"}
    for (peer, mode), roles in _results.items():
        print(f"| {peer} | {mode} | {words[roles.get(CLIENT)]} | {words[roles.get(SERVER)]} |")
    print(flush=True)


def _peer():
    return os.environ.get("LWM2M_DTLS_PEER", os.path.join(RELEASE, "examples", "dtls_peer"))


def our_server(*more, host=HOST):
    """Sends back what it receives. Gives the program and its port."""
    port = free_port()
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    server = Program("ours", [_peer(), "server", address, "--seconds", "60", *more])
    server.expect("listening")
    return server, port


def our_client(port, *more, host=HOST):
    """Says hello and waits for an answer."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return Program("ours", [_peer(), "client", address, "--seconds", "15", *more])


def suite(number):
    return ("--suite", number)


class Keys:
    """A small authority with a server and a client, another one, and two raw key pairs; made with OpenSSL."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="lwm2m-interop-keys-")
        for ca in "ca", "other":
            self._key(ca)
            self._openssl("req", "-x509", "-new", "-key", self[f"{ca}.key"], "-subj", f"/CN=Test {ca}", "-days", "30",
                          "-addext", "basicConstraints=critical,CA:TRUE", "-out", self[f"{ca}.pem"])
        self._signed("server", "ca", f"subjectAltName=DNS:{NAME},IP:127.0.0.1")
        self._signed("client", "ca", f"subjectAltName=DNS:{IDENTITY}")
        self._signed("stranger", "other", f"subjectAltName=DNS:{IDENTITY}")
        self._signed("impostor", "other", f"subjectAltName=DNS:{NAME},IP:127.0.0.1")
        for name in "server", "client", "stranger":
            self._openssl("pkey", "-in", self[f"{name}.key"], "-pubout", "-out", self[f"{name}.pub"])

    def __getitem__(self, name):
        return os.path.join(self.home, name)

    def _openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, timeout=20)
        if done.returncode:
            raise Failure(f"openssl {arguments[0]}: {done.stderr[-300:]}")

    def _key(self, name):
        self._openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self[f"{name}.key"])

    def _signed(self, name, ca, names):
        self._key(name)
        request, extensions = self[f"{name}.csr"], self[f"{name}.ext"]
        with open(extensions, "w", encoding="ascii") as file:
            file.write(names + "\n")
        self._openssl("req", "-new", "-key", self[f"{name}.key"], "-subj", f"/CN={name}", "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self[f"{ca}.pem"], "-CAkey", self[f"{ca}.key"],
                      "-CAcreateserial", "-days", "30", "-extfile", extensions, "-out", self[f"{name}.pem"])

    def x509(self, name, ca="ca"):
        """For our end."""
        return ("--x509", self[f"{name}.pem"], self[f"{name}.key"], self[f"{ca}.pem"], "--host", NAME)

    def rpk(self, own, peer):
        """For our end; the peer's public half is read from its key."""
        return ("--rpk", self[f"{own}.key"], self[f"{peer}.key"])


_keys = []


def keys():
    if not _keys:
        _keys.append(Keys())
    return _keys[0]


def established(program, name, resumed=False, wait=8):
    return program.expect(rf"established {name} .*resumed={str(resumed).lower()}", wait=wait)


def says(program, text):
    return program.expect(rf'received ".*{text}')
