"""mbedTLS: `client|server PORT CIPHER psk HEX` or `… x509 CERTIFICATE KEY CA`. The client says marco, the server sends back."""

import socket
import sys
import time

from mbedtls import pk, tls, x509

HOST, NAME, IDENTITY = "127.0.0.1", "lwm2m.example", "node1"


def configuration(role, cipher, kind, *keys):
    common = {"ciphers": (cipher,), "lowest_supported_version": tls.DTLSVersion.DTLSv1_2}
    if kind == "psk":
        key = bytes.fromhex(keys[0])
        psk = {"pre_shared_key": (IDENTITY, key)} if role == "client" else {"pre_shared_key_store": {IDENTITY: key}}
        return tls.DTLSConfiguration(validate_certificates=False, **psk, **common)
    text = []
    for path in keys:
        with open(path, encoding="ascii") as file:
            text.append(file.read())
    trust = tls.TrustStore()
    trust.add(x509.CRT.from_PEM(text[2]))
    chain = ((x509.CRT.from_PEM(text[0]),), pk.ECC.from_PEM(text[1]))
    return tls.DTLSConfiguration(validate_certificates=True, certificate_chain=chain, trust_store=trust, **common)


def again(action):
    """Until it has what it wants."""
    end = time.monotonic() + 8
    while True:
        try:
            return action()
        except (tls.WantReadError, tls.WantWriteError, BlockingIOError, socket.timeout):
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def client(port, config, name):
    sock = tls.ClientContext(config).wrap_socket(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), name)
    sock.settimeout(1)
    sock.connect((HOST, port))
    again(sock.do_handshake)
    print("established", flush=True)
    sock.send(b"marco")
    print("received", again(lambda: sock.recv(1024)), flush=True)


def server(port, config):
    listener = tls.ServerContext(config).wrap_socket(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    print("listening", flush=True)
    connection, address = listener.accept()
    connection.setcookieparam(address[0].encode())
    try:
        again(connection.do_handshake)
    except tls.HelloVerifyRequest:
        connection, address = connection.accept()
        connection.setcookieparam(address[0].encode())
        again(connection.do_handshake)
    print("established", flush=True)
    data = again(lambda: connection.recv(1024))
    print("received", data, flush=True)
    connection.send(data)
    time.sleep(2)


if __name__ == "__main__":
    role, port, cipher, kind, *keys = sys.argv[1:]
    config = configuration(role, cipher, kind, *keys)
    if role == "client":
        client(int(port), config, NAME if kind == "x509" else None)
    else:
        server(int(port), config)
