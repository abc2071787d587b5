"""tinydtls through DTLSSocket: `client PORT KEY` says marco and prints what comes back, `server PORT KEY` sends it back."""

import socket
import sys
import time

from DTLSSocket import DTLSSocket, dtls

IDENTITY = b"node1"
CONNECTED = 0x1DE


def client(port, key):
    # Not through the class that the server uses: as a client that loses what it receives, from its own server too.
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.connect(("::1", port))
    sock.settimeout(0.5)
    received, events = [], []
    engine = dtls.DTLS(
        read=lambda _, data: received.append(bytes(data)) or len(data),
        write=lambda _, data: sock.send(data),
        event=lambda _, code: events.append(code),
        pskId=IDENTITY, pskStore={IDENTITY: key})
    there = engine.connect("::1", port, 0, 0)

    def until(condition):
        end = time.monotonic() + 6
        while not condition() and time.monotonic() < end:
            try:
                engine.handleMessage(there, sock.recv(2048))
            except TimeoutError:
                engine.checkRetransmit() if hasattr(engine, "checkRetransmit") else None
        return condition()

    if not until(lambda: CONNECTED in events):
        print("not established", flush=True)
        return
    print("established", flush=True)
    engine.write(there, b"marco")
    until(lambda: received)
    print("received", received[0] if received else None, flush=True)


def server(port, key):
    sock = DTLSSocket(pskId=b"server", pskStore={IDENTITY: key})
    sock.settimeout(1)
    sock.bind(("::1", port))
    print("listening", flush=True)
    for _ in range(30):
        data, address = receive(sock)
        if data:
            print("received", data, flush=True)
            sock.sendmsg([data], [], 0, (*address[:2], 0, 0))


def receive(sock):
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            data, _, _, address = sock.recvmsg(1200)
            if data:
                return data, address
        except OSError:
            continue
    return None, None


if __name__ == "__main__":
    {"client": client, "server": server}[sys.argv[1]](int(sys.argv[2]), sys.argv[3].encode())
