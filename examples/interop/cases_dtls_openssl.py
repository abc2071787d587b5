"""OpenSSL's s_client and s_server against our DTLS engine."""

import os

import dtls
from dtls import CLIENT, HEX, IDENTITY, NAME, PSK, SERVER, WRONG_PSK, cell, keys, our_client, our_server, suite
from peer import HOST, Program, free_port

PSKS = [
    # mode, OpenSSL's name, number, more of OpenSSL's options
    ("PSK CCM_8", "PSK-AES128-CCM8", "c0a8", ()),
    ("PSK GCM", "PSK-AES128-GCM-SHA256", "00a8", ()),
    ("PSK CBC, encrypt then MAC", "PSK-AES128-CBC-SHA256", "00ae", ()),
    ("PSK CBC, MAC then encrypt", "PSK-AES128-CBC-SHA256", "00ae", ("-no_etm",)),
    ("ECDHE_PSK CBC", "ECDHE-PSK-AES128-CBC-SHA256", "c037", ()),
]
CERTIFICATES = [
    ("X.509 CCM_8", "ECDHE-ECDSA-AES128-CCM8", "c0ae"),
    ("X.509 GCM", "ECDHE-ECDSA-AES128-GCM-SHA256", "c02b"),
    ("X.509 CBC", "ECDHE-ECDSA-AES128-SHA256", "c023"),
]
REGISTRY = {
    "c0a8": "TLS_PSK_WITH_AES_128_CCM_8", "00a8": "TLS_PSK_WITH_AES_128_GCM_SHA256",
    "00ae": "TLS_PSK_WITH_AES_128_CBC_SHA256", "c037": "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256",
    "c0ae": "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "c02b": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "c023": "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
}


def s_server(cipher, *more):
    port = free_port()
    server = Program("s_server", ["openssl", "s_server", "-dtls1_2", "-accept", f"{HOST}:{port}", "-listen",
                                  "-cipher", f"{cipher}:@SECLEVEL=0", *more])
    server.expect("ACCEPT")
    return server, port


def s_client(port, cipher, *more):
    return Program("s_client", ["openssl", "s_client", "-dtls1_2", "-connect", f"{HOST}:{port}",
                                "-cipher", f"{cipher}:@SECLEVEL=0", "-quiet", *more])


def as_client(cipher, number, theirs, ours, *more):
    """Data both ways from our client."""
    server, port = s_server(cipher, *theirs)
    client = our_client(port, *suite(number), *ours, *more)
    dtls.established(client, REGISTRY[number])
    server.expect("hello")
    server.say("answer")
    dtls.says(client, "answer")
    return server, client


def as_server(cipher, number, theirs, ours):
    server, port = our_server(*suite(number), *ours)
    client = s_client(port, cipher, *theirs)
    dtls.established(server, REGISTRY[number])
    client.say("marco")
    dtls.says(server, "marco")
    client.expect("^marco")
    return server, client


def certificate(name, ca="ca"):
    return ("-cert", keys()[f"{name}.pem"], "-key", keys()[f"{name}.key"], "-CAfile", keys()[f"{ca}.pem"])


def run():
    psk = ("-psk", HEX, "-psk_identity", IDENTITY)
    for mode, cipher, number, more in PSKS:
        with cell("OpenSSL", mode, CLIENT):
            as_client(cipher, number, (*psk, "-nocert", *more), PSK)
        with cell("OpenSSL", mode, SERVER):
            as_server(cipher, number, (*psk, *more), PSK)
    strict = ("-Verify", "2", "-verify_return_error")
    for mode, cipher, number in CERTIFICATES:
        with cell("OpenSSL", mode, CLIENT):
            as_client(cipher, number, (*certificate("server"), *strict), keys().x509("client"))
        with cell("OpenSSL", mode, SERVER):
            theirs = (*certificate("client"), "-verify_return_error", "-servername", NAME)
            server, _ = as_server(cipher, number, theirs, keys().x509("server"))
            server.expect("certificate client")
    resumption(psk)
    refusals(psk, strict)


def resumption(psk):
    cipher, number = "PSK-AES128-CCM8", "c0a8"
    with cell("OpenSSL", "resumption by session ID", CLIENT):
        server, port = s_server(cipher, *psk, "-nocert", "-no_ticket")
        client = our_client(port, *PSK, *suite(number), "--resume")
        server.expect("hello")
        server.say("answer")
        dtls.says(client, "answer")
        dtls.established(client, REGISTRY[number], resumed=True)
        server.expect("resumed")
        server.say("again")
        dtls.says(client, "again")
    with cell("OpenSSL", "resumption by session ID", SERVER):
        server, port = our_server(*PSK, *suite(number))
        kept = os.path.join(keys().home, "session")
        client = s_client(port, cipher, *psk, "-no_ign_eof", "-sess_out", kept)
        client.say("marco")
        client.expect("^marco")
        client.child.stdin.close()
        server.expect("closed")
        client = s_client(port, cipher, *psk, "-sess_in", kept)
        dtls.established(server, REGISTRY[number], resumed=True)
        client.say("polo")
        client.expect("^polo")


def refusals(psk, strict):
    with cell("OpenSSL", "wrong key refused", CLIENT):
        _, port = s_server("PSK-AES128-CCM8", *psk, "-nocert")
        our_client(port, *WRONG_PSK, "--seconds", "5").expect("not established", wait=8)
    with cell("OpenSSL", "wrong key refused", SERVER):
        server, port = our_server(*WRONG_PSK)
        client = s_client(port, "PSK-AES128-CCM8", *psk)
        client.expect("alert bad record mac|end of output", wait=8)
        unproved(server)
    with cell("OpenSSL", "wrong authority refused", CLIENT):
        _, port = s_server("ECDHE-ECDSA-AES128-CCM8", *certificate("impostor"), *strict)
        client = our_client(port, *keys().x509("client"))
        client.expect("refused: unknown_ca")
    with cell("OpenSSL", "wrong authority refused", SERVER):
        server, port = our_server(*keys().x509("server"))
        client = s_client(port, "ECDHE-ECDSA-AES128-CCM8", *certificate("stranger"))
        client.expect("alert unknown ca")
        unproved(server)
    with cell("OpenSSL", "our certificate of a wrong authority refused", CLIENT):
        server, port = s_server("ECDHE-ECDSA-AES128-CCM8", *certificate("server"), *strict)
        client = our_client(port, *keys().x509("stranger"))
        client.expect("the peer sent unknown_ca|closed: the peer sent")
    with cell("OpenSSL", "renegotiation refused", SERVER):
        server, port = our_server(*PSK)
        client = Program("s_client", ["openssl", "s_client", "-dtls1_2", "-connect", f"{HOST}:{port}", "-cipher",
                                      "PSK-AES128-CCM8:@SECLEVEL=0", *psk])
        dtls.established(server, REGISTRY["c0a8"])
        client.say("R")
        client.expect("no renegotiation|RENEGOTIATING")
        client.expect("no renegotiation|end of output", wait=8)


def unproved(server):
    """Our server has let nobody in."""
    if any(line.startswith("established") for line in server.lines):
        raise dtls.Failure("established")
