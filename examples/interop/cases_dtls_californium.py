"""Californium's Scandium against our DTLS engine: the stack under Leshan, and the one peer here with connection IDs."""

import os
import socket
import threading

import dtls
from cases_dtls_openssl import REGISTRY
from dtls import CLIENT, IDENTITY, KEY, PSK, SERVER, WRONG_PSK, cell, keys, our_client, our_server, suite
from peer import HOST, Program, free_port

PSKS = [("PSK CCM_8", "c0a8"), ("PSK GCM", "00a8"), ("PSK CBC", "00ae"), ("ECDHE_PSK CBC", "c037")]
SIGNED = [("CCM_8", "c0ae"), ("GCM", "c02b"), ("CBC", "c023")]
NO_CID = "-1"


def present():
    return "LESHAN_HOME" in os.environ


def scandium(role, port, number, *more, cid=NO_CID):
    home = os.environ["LESHAN_HOME"]
    program = Program("scandium", ["java", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp",
                                   f"{home}/classes:{home}/lib/*", "ScandiumPeer", role, str(port), REGISTRY[number],
                                   cid, *more])
    program.expect("listening", wait=20)
    return program


def pem(name):
    """Californium knows the form of a file by its name."""
    path = keys()[name] + ".pem"
    if not os.path.lexists(path):
        os.symlink(keys()[name], path)
    return path


def as_client(number, theirs, ours, cid=NO_CID):
    port = free_port()
    server = scandium("server", port, number, *theirs, cid=cid)
    client = our_client(port, *suite(number), *ours)
    dtls.established(client, REGISTRY[number])
    server.expect("received hello")
    dtls.says(client, "hello")
    return server, client


def as_server(number, theirs, ours, cid=NO_CID, by_way_of=None):
    server, port = our_server(*suite(number), *ours)
    client = scandium("client", by_way_of(port).port if by_way_of else port, number, *theirs, cid=cid)
    client.ask("marco", "received marco", wait=10)
    dtls.established(server, REGISTRY[number])
    return server, client


def run():
    psk = ("psk", IDENTITY, KEY)
    for mode, number in PSKS:
        with cell("Californium", mode, CLIENT):
            as_client(number, psk, PSK)
        with cell("Californium", mode, SERVER):
            as_server(number, psk, PSK)
    raw = lambda own, peer: ("rpk", pem(f"{own}.key"), pem(f"{own}.pub"), pem(f"{peer}.pub"))
    chain = lambda who: ("x509", keys()[f"{who}.pem"], pem(f"{who}.key"), keys()["ca.pem"])
    for mode, number in SIGNED:
        with cell("Californium", f"raw public keys {mode}", CLIENT):
            as_client(number, raw("server", "client"), keys().rpk("client", "server"))
        with cell("Californium", f"raw public keys {mode}", SERVER):
            as_server(number, raw("client", "server"), keys().rpk("server", "client"))
    for mode, number in SIGNED:
        with cell("Californium", f"X.509 {mode}", CLIENT):
            as_client(number, chain("server"), keys().x509("client"))
        with cell("Californium", f"X.509 {mode}", SERVER):
            as_server(number, chain("client"), keys().x509("server"))
    connection_ids(psk)
    with cell("Californium", "resumption by session ID", CLIENT):
        _, client = as_client("c0a8", psk, (*PSK, "--resume"))
        dtls.established(client, REGISTRY["c0a8"], resumed=True)
        dtls.says(client, "resumed")
    with cell("Californium", "wrong key refused", CLIENT):
        port = free_port()
        scandium("server", port, "c0a8", *psk)
        our_client(port, *WRONG_PSK, "--seconds", "5").expect("not established", wait=8)


def connection_ids(psk):
    with cell("Californium", "connection ID, the client's port changes", CLIENT):
        server, client = as_client("c0a8", psk, (*PSK, "--rebind"), cid="6")
        server.expect("received from another port")
        dtls.says(client, "from another port")
    for cid in "0", "4":
        with cell("Californium", f"connection ID, the client's port changes, it issues {cid} octets", SERVER):
            nats = []
            server, client = as_server("c0a8", psk, PSK, cid=cid, by_way_of=lambda port: nats.append(Nat(port)) or nats[0])
            nats[0].rebind()
            client.ask("polo", "received polo")
            server.expect("^moved")
            nats[0].over = True


class Nat:
    """An address translator in front of a server, which can forget the port that it gave."""

    def __init__(self, port):
        self.over = False
        self.there = (HOST, port)
        self.inside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.inside.bind((HOST, 0))
        self.port = self.inside.getsockname()[1]
        self.client = None
        self.rebind()
        threading.Thread(target=self._outwards, daemon=True).start()

    def rebind(self):
        self.outside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.outside.bind((HOST, 0))
        threading.Thread(target=self._inwards, args=(self.outside,), daemon=True).start()

    def _outwards(self):
        self.inside.settimeout(0.2)
        while not self.over:
            try:
                data, self.client = self.inside.recvfrom(65536)
                self.outside.sendto(data, self.there)
            except OSError:
                continue

    def _inwards(self, outside):
        outside.settimeout(0.2)
        while not self.over and outside is self.outside:
            try:
                self.inside.sendto(outside.recv(65536), self.client)
            except OSError:
                continue
