"""Datagrams that no correct stack sends, straight from a socket, against our server and our client."""

import random
import socket
import struct

from peer import HOST, Failure, case, check, start_client, start_server

CON, NON, ACK, RST = range(4)
RESET, SILENCE = "Reset", "silence"


def datagram(kind, code, mid, token=b"", rest=b"", version=1, tkl=None):
    tkl = len(token) if tkl is None else tkl
    return struct.pack(">BBH", version << 6 | kind << 4 | tkl, code, mid) + token + rest


def option(delta, value):
    """An option with a delta and a length below 269."""
    def nibble(n):
        return (n, b"") if n < 13 else (13, bytes([n - 13]))
    (d, more_d), (n, more_n) = nibble(delta), nibble(len(value))
    return bytes([d << 4 | n]) + more_d + more_n + value


def register(mid, endpoint, kind=CON, links=b"</1/0>,</3/0>"):
    query = [b"ep=" + endpoint, b"lt=60", b"lwm2m=1.1", b"b=U"]
    options = option(11, b"rd") + option(1, b"\x28") + option(3, query[0]) + b"".join(option(0, q) for q in query[1:])
    return datagram(kind, 2, mid, b"tk", options + b"\xff" + links)


def udp(port=0):
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.bind((HOST, port))
    return bound


def receive(endpoint, wait):
    """One datagram, or None."""
    endpoint.settimeout(wait)
    try:
        return endpoint.recv(2000)
    except (socket.timeout, ConnectionRefusedError):
        return None


class Prober:
    def __init__(self, port, own=None):
        self.socket = own or udp()
        self.socket.connect((HOST, port))
        self.mid = 100

    def exchange(self, data, wait=0.25):
        """The answer to a datagram, or None."""
        self.socket.send(data)
        return receive(self.socket, wait)

    def next(self):
        self.mid += 1
        return self.mid

    def ping(self):
        mid = self.next()
        check(self.exchange(datagram(CON, 0, mid), 3), datagram(RST, 0, mid), "answer to a ping")


GET = 1
PATH = option(11, b"rd")
# What is wrong, the parts of the datagram; each is sent as CON and as NON.
MALFORMED = [
    *[(f"token length {n}", GET, {"tkl": n, "token": b"x" * n}) for n in (9, 12, 15)],
    ("token longer than the datagram", GET, {"tkl": 8, "token": b"abc"}),
    ("payload marker without payload", GET, {"rest": PATH + b"\xff"}),
    ("option value cut off", GET, {"rest": b"\xb5rd"}),
    ("extended option delta cut off", GET, {"rest": b"\xd0"}),
    ("extended option length cut off", GET, {"rest": b"\xbe\x00"}),
    ("option delta 15", GET, {"rest": b"\xf1x"}),
    ("option length 15", GET, {"rest": b"\x1fx"}),
    ("option number past 65535", GET, {"rest": b"\xe0\xff\xff\xe0\xff\xff"}),
    ("reserved class 1", 1 << 5 | 1, {}),
    ("reserved class 6", 6 << 5 | 1, {}),
    ("reserved class 7", 7 << 5 | 1, {}),
    ("Empty message with a token", 0, {"token": b"abcd"}),
    ("Empty message with an option", 0, {"rest": PATH}),
    ("Empty message with a payload", 0, {"rest": b"\xffx"}),
]


def run():
    against_server()
    against_client()


def against_server():
    server, port = start_server()
    prober = Prober(port)
    malformed("raw to server", prober)
    duplicates(server, prober)
    hostile_text(prober)
    blocks(server, prober)
    with case("raw to server: 3000 random datagrams, and it still serves"):
        storm(prober)
        answer = Prober(port).exchange(register(1, b"after-the-storm"), 3)
        check(answer and answer[1], 0x41, "code of the answer to Register")
    server.stop("quit")


def against_client():
    ours = udp()
    client = start_client(ours.getsockname()[1], "raw", 60, "--every", "1")
    with case("raw to client: a Register without an answer is repeated as it was"):
        ours.settimeout(6)
        first = ours.recv(2000)
        again, sender = ours.recvfrom(2000)
        check(again, first, "second datagram")
    with case("raw to client: the answer to the second one is taken"):
        token = again[4:4 + (again[0] & 15)]
        mid = struct.unpack(">H", again[2:4])[0]
        ours.sendto(datagram(ACK, 0x41, mid, token, option(8, b"rd") + option(0, b"1")), sender)
        client.expect("^registered")
    prober = Prober(sender[1], ours)
    malformed("raw to client", prober)
    with case("raw to client: a stranger is not served"):
        stranger = udp()
        stranger.sendto(datagram(CON, GET, 1, b"tk", option(11, b"3") + option(0, b"0")), sender)
        answer = receive(stranger, 0.5)
        if answer and answer[1] >> 5 == 2:
            raise Failure(f"answer {answer}")
        prober.ping()
    with case("raw to client: a repeated Execute gets the same answer and is carried out once"):
        path = option(11, b"3303") + option(0, b"0") + option(0, b"5605")
        request = datagram(CON, 2, prober.next(), b"ex", path)
        first, again = prober.exchange(request, 3), prober.exchange(request, 3)
        check(first and first[1], 0x44, "code")
        check(again, first, "second answer")
        client.expect("^executed /3303/0/5605")
        check(sum(line.startswith("executed") for line in client.lines), 1, "executions")
    observations(client, prober)
    with case("raw to client: 3000 random datagrams, and it still serves"):
        storm(prober)
        path = option(11, b"3") + option(0, b"0") + option(0, b"0")
        answer = prober.exchange(datagram(CON, GET, prober.next(), b"tk", path), 3)
        check(answer and answer[1], 0x45, "code of the answer to a Read")
    client.stop()
    ours.close()


def malformed(title, prober):
    with case(f"{title}: ping → Reset"):
        prober.ping()
    for what, code, parts in MALFORMED:
        with case(f"{title}: {what} → Reset for CON, silence or Reset for NON"):
            for kind, allowed in ((CON, (RESET,)), (NON, (SILENCE, RESET)), (ACK, (SILENCE,))):
                mid = prober.next()
                answer = prober.exchange(datagram(kind, code, mid, **parts), 1.0 if kind == CON else 0.1)
                meaning = SILENCE if answer is None else RESET if answer == datagram(RST, 0, mid) else answer
                if meaning not in allowed:
                    raise Failure(f"type {kind}: {meaning}")
            prober.ping()
    quiet(title, prober)


def blocks(server, prober):
    """Block-wise Registers that end badly [RFC 7959 §2.5, §2.9]."""
    def part(endpoint, number, more, exponent, size):
        block = (number << 4 | more << 3 | exponent).to_bytes(3, "big").lstrip(b"\0")
        request = register(prober.next(), endpoint, links=b"</1/0>," + b" " * (size - 7))
        head, payload = request.split(b"\xff", 1)
        return prober.exchange(head + option(12, block) + b"\xff" + payload, 3)  # 12 after Uri-Query

    with case("raw to server: blocks that begin in the middle → 4.08"):
        answer = part(b"middle", 5, True, 2, 64)
        check(answer and answer[1], 0x88, "code")
    with case("raw to server: a block that is left out → 4.08"):
        answer = part(b"gap", 0, True, 2, 64)
        check(answer and answer[1], 0x5f, "code of the first block")
        answer = part(b"gap", 2, True, 2, 64)
        check(answer and answer[1], 0x88, "code")
    with case("raw to server: block size 7 → refused"):
        answer = part(b"seven", 0, True, 7, 64)
        if not answer or answer[1] >> 5 != 4:
            raise Failure(f"answer {answer}")
    with case("raw to server: a body without end → 4.13"):
        for number in range(5000):
            answer = part(b"endless", number, True, 6, 1024)
            if not answer or answer[1] != 0x5f:
                break
        check(answer and answer[1], 0x8d, f"code after {number + 1} blocks")
        prober.ping()
    server.ask("list", "^ok")
    if any(name in line for line in server.lines for name in ("middle", "gap", "seven", "endless")):
        raise Failure("an unfinished Register made a registration")


def observations(client, prober):
    """The two ways to end an observation."""
    path = option(5, b"3303") + option(0, b"0") + option(0, b"5700")  # 5 after Observe

    def observe(value):
        answer = prober.exchange(datagram(CON, GET, prober.next(), b"obs", option(6, value) + path), 3)
        check(answer and (answer[0] >> 4 & 3, answer[1], answer[4:7]), (ACK, 0x45, b"obs"), "answer")
        return answer

    def notification():
        came = receive(prober.socket, 5)
        check(came and (came[1], came[4:7]), (0x45, b"obs"), "notification")
        if came[0] >> 4 & 3 == CON:
            prober.socket.send(datagram(ACK, 0, struct.unpack(">H", came[2:4])[0]))
        return came

    with case("raw to client: Observe 1 with the same token ends the observation"):
        observe(b"")
        notification()
        last = observe(b"\x01")
        if last[7] >> 4 == 6:
            raise Failure("the answer to a cancellation still has Observe")
        client.expect("^no longer observed")
        check(receive(prober.socket, 3), None, "a datagram afterwards")
    with case("raw to client: a Reset ends the observation"):
        since = client.mark()
        observe(b"")
        came = notification()
        prober.socket.send(datagram(RST, 0, struct.unpack(">H", came[2:4])[0]))
        client.expect("^no longer observed", since)
        check(receive(prober.socket, 3), None, "a datagram afterwards")


def storm(prober):
    dice = random.Random(7252)
    for _ in range(3000):
        # Half of them look like CoAP at first, so that they get further into the parser.
        head = b"\x44\x02" if dice.random() < 0.5 else b""
        prober.socket.send(head + dice.randbytes(dice.randrange(0, 200)))
    drain(prober)
    prober.ping()


def quiet(title, prober):
    for what, data in [
        ("no bytes at all", b""),
        ("three bytes", b"\x40\x01\x00"),
        ("version 0", datagram(CON, GET, 1, version=0)),
        ("version 2", datagram(CON, GET, 1, version=2)),
        ("version 3", datagram(CON, GET, 1, version=3)),
        ("an acknowledgement of nothing", datagram(ACK, 0, 1)),
        ("a Reset of nothing", datagram(RST, 0, 1)),
        ("a piggybacked response to nothing", datagram(ACK, 69, 1, b"abcd")),
        ("a request in an acknowledgement", datagram(ACK, GET, 1, b"abcd", PATH)),
        ("a Reset with a code", datagram(RST, 69, 1, b"abcd")),
    ]:
        with case(f"{title}: {what} → silence"):
            check(prober.exchange(data), None, "answer")
            prober.ping()
    with case(f"{title}: a confirmable response to nothing → Reset"):
        mid = prober.next()
        check(prober.exchange(datagram(CON, 69, mid, b"abcd"), 2), datagram(RST, 0, mid), "answer")


def duplicates(server, prober):
    with case("raw to server: a repeated Register gets the same answer and is one registration"):
        request = register(prober.next(), b"twice")
        first, again = prober.exchange(request, 3), prober.exchange(request, 3)
        check(first and first[1], 0x41, "code")
        check(again, first, "second answer")
        server.expect("^registered twice")
        check(sum(line.startswith("registered twice") for line in server.lines), 1, "registrations")
    with case("raw to server: a Register in a NON is answered in a NON, or refused"):
        answer = prober.exchange(register(prober.next(), b"non", NON), 3)
        check(answer and answer[0] >> 4 & 3, NON, "type of the answer")


def hostile_text(prober):
    for what, path, query, codes in [
        ("a path that is not UTF-8", b"\xff\xfe", b"ep=x", (0x80, 0x82, 0x84)),
        ("an endpoint name that is not UTF-8", b"rd", b"ep=\xff\xfe", (0x80, 0x82)),
    ]:
        with case(f"raw to server: {what} → refused"):
            options = option(11, path) + option(4, query) + option(0, b"lt=60") + option(0, b"lwm2m=1.1")
            answer = prober.exchange(datagram(CON, 2, prober.next(), b"tk", options), 3)
            if not answer or answer[1] not in codes:
                raise Failure(f"answer {answer}")
    with case("raw to server: links that are not UTF-8 → 4.00"):
        answer = prober.exchange(register(prober.next(), b"bad-links", links=b"</1/0>,<\xff\xfe>"), 3)
        check(answer and answer[1], 0x80, "code")


def drain(prober):
    prober.socket.settimeout(0.3)
    try:
        while True:
            prober.socket.recv(2000)
    except socket.timeout:
        pass
