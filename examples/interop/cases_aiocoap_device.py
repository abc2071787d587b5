"""aiocoap as a scripted device, managed through the console of our server."""

from aiocoap import Code

from aio import EXECUTABLE, LINKS, SENML_JSON, Device
from manage import manage
from peer import Failure, case, check, poll, start_server

VALUES = {
    "/1/0/0": 1, "/1/0/1": 60, "/1/0/7": "U", "/1/0/8": EXECUTABLE,
    "/3/0/0": "Acme", "/3/0/1": "Scripted", "/3/0/4": EXECUTABLE, "/3/0/9": 77, "/3/0/11": {0: 0},
    "/3/0/13": 1700000000, "/3/0/16": "U",
    "/3303/0/5700": 20.5, "/3303/0/5701": "Cel", "/3303/0/5605": EXECUTABLE,
    "/3311/0/5850": False, "/3311/0/5851": 5, "/3311/0/5750": "",
}
READ_ONLY = ("/3303/0/5700", "/3303/0/5701")


def run():
    server, port = start_server("--timeout", "4s")
    device = Device("scripted", port, VALUES, READ_ONLY)
    with case("aiocoap device: register"):
        device.register()
        server.expect("^registered scripted")
        server.ask("list", "scripted")
        server.ask("show scripted", "3311/0")

    def written(path, value):
        poll(f"{path} = {value}", lambda: str(device.values[path]) == value)

    def executed(path, arguments):
        poll(f"execute {path}", lambda: any(
            payload.decode() == arguments for _, _, payload in device.asked("POST", path)))

    manage("aiocoap device", server, "scripted", lambda path, value: device.set(path, float(value)), written, executed)
    with case("aiocoap device: it knows that nobody observes it any more"):
        poll("no observer", lambda: not any(device.tree.observers.values()))
    more_values(server, device, written, executed)
    shapes(server, device)
    device = moved(server, device)
    life(server, device)
    device.close()
    composite(server, device.server_port)
    server.stop("quit")


def more_values(server, device, written, executed):
    for path, value in [("/3/0/0", "Acme"), ("/3/0/9", "77"), ("/1/0/7", "U")]:
        with case(f"aiocoap device: read {path}"):
            check(server.value(f"read scripted {path}", path), value, path)
    with case("aiocoap device: write a text"):
        server.ask("write scripted /3311/0/5750 hall", "^ok")
        written("/3311/0/5750", "hall")
    with case("aiocoap device: execute with arguments"):
        server.ask("execute scripted /3/0/4 0='x',1", "^ok")
        executed("/3/0/4", "0='x',1")
    with case("aiocoap device: discover asks for link format"):
        server.ask("discover scripted /3/0", "/3/0/11")
        check(device.asked("GET", "/3/0")[-1][1], LINKS, "Accept")


def shapes(server, device):
    """Separate responses, blocks both ways, kinds of notifications, refusals."""
    with case("aiocoap device: a separate response"):
        device.slow = 0.6
        try:
            check(server.value("read scripted /3/0/9", "/3/0/9"), "77", "value")
        finally:
            device.slow = 0.0
    with case("aiocoap device: two requests at once, both answered"):
        device.slow = 0.6
        try:
            since = server.mark()
            server.say("read scripted /3/0/9")
            server.say("read scripted /3/0/0")
            server.expect(r"^/3/0/9\b.*77", since)
            server.expect(r"^/3/0/0\b.*Acme", since)
        finally:
            device.slow = 0.0
    with case("aiocoap device: an answer that comes too late → an error, and the next one fits its request"):
        device.slow = 5.5
        try:
            server.ask("read scripted /3/0/9", "^error:")
        finally:
            device.slow = 0.0
        check(server.value("read scripted /3/0/0", "/3/0/0"), "Acme", "value")
    long = "0123456789abcdef" * 200
    with case("aiocoap device: read 3200 bytes in blocks"):
        device.values["/3311/0/5750"] = long
        check(server.value("read scripted /3311/0/5750", "/3311/0/5750"), long, "value")
    with case("aiocoap device: write 3200 bytes in blocks"):
        server.ask("write scripted /3311/0/5750 " + long[::-1], "^ok")
        poll("the value", lambda: device.values["/3311/0/5750"] == long[::-1])
        if not any(message.opt.block1 for message in device.wire.received):
            raise Failure("the value came in one datagram")
    with case("aiocoap device: a notification in blocks"):
        path = "/3311/0/5750"
        device.values[path], device.own_blocks = "short", True
        server.ask(f"observe scripted {path}", f"^ok|^{path}")
        since = server.mark()
        device.set(path, long)
        line = server.expect(f"^notification scripted {path}.*", since)[0]
        if long not in line:
            raise Failure(f"{len(line)} characters came")
        server.ask(f"cancel scripted {path}", "^ok")
        device.set(path, "short")
        device.own_blocks = False
    with case("aiocoap device: notifications that are not confirmable"):
        device.unconfirmed = True
        server.ask("observe scripted /3/0/9", r"^ok|^/3/0/9\b")
        since = server.mark()
        device.set("/3/0/9", 66)
        server.expect(r"^notification scripted /3/0/9\b.*66", since)
        server.ask("cancel scripted /3/0/9", "^ok")
        device.unconfirmed = False
    with case("aiocoap device: a second observation of an instance"):
        server.ask("observe scripted /3311/0", r"^ok|^/3311/0/5850\b")
        since = server.mark()
        device.set("/3311/0/5851", 55)
        server.expect(r"notification scripted /3311/0(/5851)?\b.*55|^/3311/0/5851\b.*55", since)
        server.ask("cancel scripted /3311/0", "^ok")
    with case("aiocoap device: an answer that is no TLV → an error, and the device stays"):
        device.broken = b"\xc8\x00\x7f"
        server.ask("read scripted /3/0", "^error:")
        device.broken = None
        check(server.value("read scripted /3/0/9", "/3/0/9"), "66", "value")


def moved(server, device):
    """The device goes on from another address."""
    there = Device("scripted", device.server_port, device.values, READ_ONLY)
    there.location = device.location
    with case("aiocoap device: it moves to another address, and is asked there"):
        check(str(there.update().code), "2.04 Changed", "Update")
        check(server.value("read scripted /3/0/0", "/3/0/0"), "Acme", "value")
        check(len(there.asked("GET", "/3/0/0")), 1, "requests at the new address")
    device.close()
    return there


def composite(server, port):
    """Several places at once, and Send; this device announces SenML JSON."""
    device = Device("several", port, VALUES, READ_ONLY)
    device.formats = "110"
    device.register()
    server.expect("^registered several")
    with case("aiocoap device: Read-Composite"):
        server.ask("read-composite several /3/0/9 /3303/0/5700 /9/0/1", r"^/3303/0/5700\b.*20\.5")
        check(device.asked("FETCH", "/")[-1][1], SENML_JSON, "Accept")
        check(server.value("read-composite several /3/0/9 /3/0/0", "/3/0/9"), "77", "value")
    with case("aiocoap device: Write-Composite"):
        server.ask("write-composite several /3311/0/5850=true /3311/0/5851=42", "^ok")
        check((device.values["/3311/0/5850"], device.values["/3311/0/5851"]), (True, 42), "values")
    with case("aiocoap device: Write-Composite with a place that is refused → 4.05"):
        server.ask("write-composite several /3311/0/5851=1 /3303/0/5700=1", r"^error:.*4\.05")
        check(device.values["/3311/0/5851"], 42, "value")
    with case("aiocoap device: Observe-Composite, and its cancel"):
        server.ask("observe-composite several /3/0/9 /3303/0/5700", "^ok")
        since = server.mark()
        device.set("/3303/0/5700", 23.5)
        server.expect(r"^notification several /3/0/9\b.*77", since)
        server.expect(r"^notification several /3303/0/5700\b.*23\.5", since)
        server.ask("cancel several /", "^ok")
        poll("no observer", lambda: not any(device.tree.observers.values()))

    def send(text):
        return device.request(Code.POST, "/dp", to=port, payload=text.encode(), content_format=SENML_JSON)

    with case("aiocoap device: Send with times"):
        pack = '[{"bn":"/3303/0/","n":"5700","t":1700000000,"v":19},{"n":"5700","t":1700000060,"v":19.5}]'
        since = server.mark()
        check(str(send(pack).code), "2.04 Changed", "Send")
        server.expect(r"^sent several /3303/0/5700\b.*19 .*2023-11-14T22:13:20Z", since)
        server.expect(r"^sent several /3303/0/5700\b.*19\.5 .*2023-11-14T22:14:20Z", since)
    with case("aiocoap device: Send of what is not registered → 4.04"):
        check(str(send('[{"n":"/3303/9/5700","v":1}]').code), "4.04 Not Found", "Send")
    device.deregister()
    with case("aiocoap device: Send without a registration → 4.04"):
        check(str(send('[{"n":"/3/0/9","v":1}]').code), "4.04 Not Found", "Send")
    device.close()


def life(server, device):
    with case("aiocoap device: update with a new lifetime"):
        check(str(device.update(("lt=99",)).code), "2.04 Changed", "Update")
        server.expect("^updated scripted")
        server.ask("show scripted", r"\b99\b")
    with case("aiocoap device: update with a new instance"):
        device.values["/3303/4/5700"] = 1.5
        check(str(device.update(payload=device.links(), content_format=LINKS).code), "2.04 Changed", "Update")
        server.ask("show scripted", "3303/4")
        check(float(server.value("read scripted /3303/4/5700", "/3303/4/5700")), 1.5, "value")
    with case("aiocoap device: re-registration while it is observed"):
        server.ask("observe scripted /3/0/9", r"^ok|^/3/0/9\b")
        device.register()
        check(server.value("read scripted /3/0/9", "/3/0/9"), "66", "value")
    with case("aiocoap device: de-register"):
        check(str(device.deregister().code), "2.02 Deleted", "De-register")
        server.expect("^deregistered scripted")
        server.ask("read scripted /3/0/9", "^error:")
    with case("aiocoap device: a registration expires"):
        since = server.mark()
        device.register(lifetime=2)
        server.expect("^expired scripted", since)
        check(str(device.update().code), "4.04 Not Found", "Update afterwards")
    with case("aiocoap device: the server is silent towards an expired device"):
        before = len(device.requests)
        server.ask("read scripted /3/0/9", "^error:")
        if len(device.requests) != before:
            raise Failure("a request was sent")
