"""aiocoap as a scripted server, managing our client program."""

import json
import signal
import time

from aiocoap import Code

import tlv
from aio import LINKS, SENML_JSON, TEXT, TLV, Manager, senml
from peer import Failure, case, check, poll, start_client

NAME = "our-client"
TEMPERATURE = "/3303/0/5700"


def run():
    manager = Manager()
    # aiocoap resets confirmable notifications only; cases_raw.py resets the other kind.
    client = start_client(manager.port, NAME, 60, "--confirmable")
    registration(manager)
    reading(manager)
    refusals(manager)
    changing(manager)
    instances(manager)
    observing(manager, client)
    updates(manager)
    composite(manager, client)
    with case("aiocoap server: de-register at shutdown"):
        client.child.send_signal(signal.SIGINT)
        poll("De-register", lambda: manager.events("deregister"))
        client.child.wait(5)
    client.stop()
    manager.close()
    life()


def code_of(answer):
    return answer.code.dotted


def registration(manager):
    with case("aiocoap server: register with its parameters"):
        event = poll("Register", lambda: manager.events("register"))[0]
        query = dict(part.partition("=")[::2] for part in event.query)
        check(query.get("ep"), NAME, "ep")
        check(query.get("lt"), "60", "lt")
        if query.get("lwm2m") not in ("1.0", "1.1", "1.2"):
            raise Failure(f"lwm2m {query.get('lwm2m')}")
        check(event.content_format, LINKS, "Content-Format")
    with case("aiocoap server: register with its links"):
        targets = [link.split(";")[0] for link in event.links.split(",")]
        for wanted in ("</1/0>", "</3/0>", "</3303/0>", "</3311/0>"):
            if wanted not in targets:
                raise Failure(f"{wanted} is not in {event.links}")
        for secret in ("</0", "</21", "</23"):
            if [target for target in targets if target.startswith((secret + ">", secret + "/"))]:
                raise Failure(f"{secret}> must not be listed: {event.links}")


def reading(manager):
    with case("aiocoap server: read a resource as text"):
        answer = manager.ask(Code.GET, TEMPERATURE, accept=TEXT)
        check((code_of(answer), answer.opt.content_format), ("2.05", TEXT), "answer")
        float(answer.payload)
    with case("aiocoap server: read a resource as TLV"):
        answer = manager.ask(Code.GET, TEMPERATURE, accept=TLV)
        check((code_of(answer), answer.opt.content_format), ("2.05", TLV), "answer")
        check(list(tlv.resources(answer.payload)), [5700], "resources")
    with case("aiocoap server: read without Accept names its format"):
        answer = manager.ask(Code.GET, TEMPERATURE)
        check(code_of(answer), "2.05", "code")
        if answer.opt.content_format is None:
            raise Failure("no Content-Format")
    with case("aiocoap server: read an instance as TLV"):
        device = tlv.resources(manager.ask(Code.GET, "/3/0", accept=TLV).payload)
        for mandatory in (11, 16):
            if mandatory not in device:
                raise Failure(f"resource {mandatory} is missing: {sorted(device)}")
        if 4 in device:
            raise Failure("an executable resource has no value")
    with case("aiocoap server: read an object as TLV"):
        entries = tlv.decode(manager.ask(Code.GET, "/3303", accept=TLV).payload)
        check({kind for kind, _, _ in entries}, {tlv.INSTANCE}, "entry kinds")
    with case("aiocoap server: read a resource instance"):
        check(code_of(manager.ask(Code.GET, "/3/0/11/0")), "2.05", "code")
    with case("aiocoap server: read in blocks of 32"):
        whole = manager.ask(Code.GET, "/3/0", accept=TLV)
        parts = manager.ask(Code.GET, "/3/0", accept=TLV, block2=(0, False, 1))
        check(sorted(tlv.resources(parts.payload)), sorted(tlv.resources(whole.payload)), "resources")
    for path, wanted in [
        ("/3", ["</3>", "</3/0>", "</3/0/0>"]),
        ("/3303/0", ["</3303/0>", "</3303/0/5700>"]),
        ("/3/0/11", ["</3/0/11>"]),
    ]:
        with case(f"aiocoap server: discover {path}"):
            answer = manager.ask(Code.GET, path, accept=LINKS)
            check((code_of(answer), answer.opt.content_format), ("2.05", LINKS), "answer")
            targets = [link.split(";")[0] for link in answer.payload.decode().split(",")]
            if not set(wanted) <= set(targets):
                raise Failure(f"{wanted} is not all in {targets}")


def refusals(manager):
    for what, method, path, options, codes in [
        ("read of an unknown object", Code.GET, "/4242", {}, ("4.04",)),
        ("read of an unknown instance", Code.GET, "/3303/99", {}, ("4.04",)),
        ("read of an unknown resource", Code.GET, "/3/0/9999", {}, ("4.04",)),
        ("read of an unknown resource instance", Code.GET, "/3/0/11/99", {}, ("4.04",)),
        ("read of /0", Code.GET, "/0", {}, ("4.01",)),
        ("read of /0/0/0", Code.GET, "/0/0/0", {}, ("4.01",)),
        ("discover of /0", Code.GET, "/0", {"accept": LINKS}, ("4.01",)),
        ("read of an executable resource", Code.GET, "/3/0/4", {}, ("4.05",)),
        ("read in an unknown format", Code.GET, TEMPERATURE, {"accept": 60000}, ("4.06",)),
        ("write of a read-only resource", Code.PUT, "/3/0/0", {"payload": b"x", "content_format": TEXT}, ("4.05",)),
        ("write of an unknown resource", Code.PUT, "/3311/0/9999", {"payload": b"x", "content_format": TEXT}, ("4.04",)),
        ("write of text where a number belongs", Code.PUT, "/3311/0/5851",
         {"payload": b"bright", "content_format": TEXT}, ("4.00",)),
        ("write in an unknown format", Code.PUT, "/3311/0/5851", {"payload": b"1", "content_format": 60000}, ("4.15",)),
        ("write without format and query", Code.PUT, "/3311/0/5851", {"payload": b"1"}, ("4.00",)),
        ("write of a cut TLV", Code.POST, "/3311/0", {"payload": b"\xe8\x16\xdb\x09\x01", "content_format": TLV}, ("4.00",)),
        ("write to an object", Code.PUT, "/3311", {"payload": b"", "content_format": TLV}, ("4.05",)),
        ("execute of what is no action", Code.POST, "/3/0/0", {}, ("4.05",)),
        ("execute with bad arguments", Code.POST, "/3303/0/5605", {"payload": b"12", "content_format": TEXT}, ("4.00",)),
        ("deletion of the device", Code.DELETE, "/3/0", {}, ("4.05",)),
        ("deletion of a resource", Code.DELETE, "/3311/0/5851", {}, ("4.05",)),
        ("creation of a second device", Code.POST, "/3", {"payload": b"", "content_format": TLV}, ("4.05", "4.00")),
        ("a path that is no number", Code.GET, "/three/0", {}, ("4.04", "4.00")),
        ("a path that is too deep", Code.GET, "/3/0/11/0/0", {}, ("4.05", "4.00", "4.04")),
    ]:
        with case(f"aiocoap server: {what} → {' or '.join(codes)}"):
            answer = code_of(manager.ask(method, path, **options))
            if answer not in codes:
                raise Failure(f"got {answer}")


def changing(manager):
    with case("aiocoap server: write a resource as text"):
        check(code_of(manager.ask(Code.PUT, "/3311/0/5851", payload=b"42", content_format=TEXT)), "2.04", "Write")
        check(manager.ask(Code.GET, "/3311/0/5851", accept=TEXT).payload, b"42", "value")
    with case("aiocoap server: write a resource as TLV"):
        written = manager.ask(Code.PUT, "/3311/0/5851", payload=tlv.resource(5851, 17), content_format=TLV)
        check(code_of(written), "2.04", "Write")
        check(manager.ask(Code.GET, "/3311/0/5851", accept=TEXT).payload, b"17", "value")
    with case("aiocoap server: partial update of an instance"):
        body = tlv.resource(5850, True) + tlv.resource(5851, 33)
        check(code_of(manager.ask(Code.POST, "/3311/0", payload=body, content_format=TLV)), "2.04", "Write")
        check(manager.ask(Code.GET, "/3311/0/5850", accept=TEXT).payload, b"1", "on/off")
        check(manager.ask(Code.GET, "/3311/0/5851", accept=TEXT).payload, b"33", "dimmer")
    with case("aiocoap server: a partial update with one bad value changes nothing"):
        body = tlv.resource(5851, 66) + tlv.resource(5850, b"\x02\x00")
        check(code_of(manager.ask(Code.POST, "/3311/0", payload=body, content_format=TLV)), "4.00", "Write")
        check(manager.ask(Code.GET, "/3311/0/5851", accept=TEXT).payload, b"33", "dimmer")
    with case("aiocoap server: write 2000 bytes in blocks"):
        text = b"0123456789" * 200
        written = manager.ask(Code.PUT, "/3311/0/5750", payload=text, content_format=TEXT)
        check(code_of(written), "2.04", "Write")
        check(manager.ask(Code.GET, "/3311/0/5750", accept=TEXT).payload, text, "value")
    with case("aiocoap server: execute"):
        check(code_of(manager.ask(Code.POST, "/3303/0/5605")), "2.04", "Execute")
    with case("aiocoap server: write of unknown attributes → 4.00"):
        check(code_of(manager.ask(Code.PUT, TEMPERATURE, query=("foo=1",))), "4.00", "Write-Attributes")
    with case("aiocoap server: write attributes, and discover shows them"):
        check(code_of(manager.ask(Code.PUT, TEMPERATURE, query=("pmin=1", "pmax=90"))), "2.04", "Write-Attributes")
        links = manager.ask(Code.GET, TEMPERATURE, accept=LINKS).payload.decode()
        if "pmin=1" not in links or "pmax=90" not in links:
            raise Failure(links)
        manager.ask(Code.PUT, TEMPERATURE, query=("pmin", "pmax"))


def instances(manager):
    with case("aiocoap server: create an instance of /3311"):
        before = len(manager.events("update"))
        body = tlv.resource(5850, True)
        answer = manager.ask(Code.POST, "/3311", payload=body, content_format=TLV)
        check(code_of(answer), "2.01", "Create")
        path = "/" + "/".join(answer.opt.location_path)
        check(manager.ask(Code.GET, f"{path}/5850", accept=TEXT).payload, b"1", "value")
        event = poll("Update", lambda: manager.events("update")[before:])[0]
        if f"<{path}>" not in event.links:
            raise Failure(f"{path} is not in {event.links}")
    with case("aiocoap server: delete it"):
        check(code_of(manager.ask(Code.DELETE, path)), "2.02", "Delete")
        check(code_of(manager.ask(Code.GET, path)), "4.04", "Read")
        event = poll("Update", lambda: manager.events("update")[before + 1:])[0]
        if f"<{path}>" in event.links:
            raise Failure(f"{path} is still in {event.links}")
    with case("aiocoap server: create with an id of its own"):
        body = tlv.entry(tlv.INSTANCE, 7, tlv.resource(5850, False))
        check(code_of(manager.ask(Code.POST, "/3311", payload=body, content_format=TLV)), "2.01", "Create")
        check(code_of(manager.ask(Code.GET, "/3311/7/5850")), "2.05", "Read")
        check(code_of(manager.ask(Code.POST, "/3311", payload=body, content_format=TLV)), "4.00", "Create again")
        check(code_of(manager.ask(Code.DELETE, "/3311/7")), "2.02", "Delete")


def observing(manager, client):
    # The light changes only when it is written, so that every notification has a known cause.
    def write(value):
        manager.ask(Code.PUT, "/3311/0/5851", payload=str(value).encode(), content_format=TEXT)

    def expect(values, value, start):
        return poll(f"a notification of {value}", lambda: [
            v for v in values[start:] if v.payload == str(value).encode()])[0]

    with case("aiocoap server: observe a resource"):
        write(1)
        values, cancel = manager.observe("/3311/0/5851", accept=TEXT)
        write(2)
        expect(values, 2, 1)
        write(3)
        expect(values, 3, 2)
        order = [value.opt.observe for value in values]
        check(sorted(order), order, "Observe numbers in order")
        check({value.opt.content_format for value in values}, {TEXT}, "formats")
    with case("aiocoap server: a Reset ends the observation"):
        cancel()
        write(4)  # aiocoap still takes one notification before it forgets the token
        write(5)
        client.expect("^no longer observed /3311/0/5851")
        before = len(manager.notifications(values[0]))
        write(6)
        write(7)
        check(code_of(manager.ask(Code.GET, "/3311/0/5851")), "2.05", "Read")
        check(len(manager.notifications(values[0])), before, "notifications")
    with case("aiocoap server: the temperature changes by itself"):
        values, cancel = manager.observe(TEMPERATURE, accept=TEXT)
        poll("two notifications", lambda: len(values) > 2, 20)
        cancel()
    with case("aiocoap server: observe an instance"):
        values, cancel = manager.observe("/3311/0", accept=TLV)
        write(11)
        poll("a notification", lambda: [v for v in values[1:] if tlv.resources(v.payload).get(5851) == b"\x0b"])
        cancel()
    with case("aiocoap server: observe of an unknown resource → 4.04"):
        check(code_of(manager.ask(Code.GET, "/3311/0/9999", observe=0)), "4.04", "Observe")


def composite(manager, client):
    def pack(*records):
        return json.dumps(records).encode()

    def values(answer):
        return {name: value for name, value, _ in senml(answer.payload)}

    def fetch(*paths, **options):
        body = pack(*({"n": path} for path in paths))
        return manager.ask(Code.FETCH, "/", payload=body, content_format=SENML_JSON, accept=SENML_JSON, **options)

    def patch(*records):
        return manager.ask(Code.iPATCH, "/", payload=pack(*records), content_format=SENML_JSON)

    with case("aiocoap server: Read-Composite"):
        answer = fetch("/3311/0/5851", "/3/0/16", "/3/0/4", "/9/0/1", "/0/0/0")
        check((code_of(answer), answer.opt.content_format), ("2.05", SENML_JSON), "answer")
        check(sorted(values(answer)), ["/3/0/16", "/3311/0/5851"], "places")
    with case("aiocoap server: Read-Composite of everything"):
        found = values(fetch("/"))
        if "/1/0/1" not in found or any(name.startswith("/0/") for name in found):
            raise Failure(f"{sorted(found)}")
    with case("aiocoap server: Write-Composite"):
        answer = patch({"n": "/3311/0/5851", "v": 31}, {"n": "/3311/0/5850", "vb": True})
        check(code_of(answer), "2.04", "code")
        check(values(fetch("/3311/0/5851", "/3311/0/5850")), {"/3311/0/5851": 31, "/3311/0/5850": True}, "values")
    with case("aiocoap server: Write-Composite is all or nothing"):
        check(code_of(patch({"n": "/3311/0/5851", "v": 32}, {"n": "/3303/0/5700", "v": 1})), "4.05", "read-only")
        check(code_of(patch({"n": "/3311/0/5851", "v": 32}, {"n": "/9/0/1", "v": 1})), "4.04", "not there")
        check(code_of(patch({"n": "/3311/0/5851", "v": 32}, {"n": "/3311/0/5850", "v": 7})), "4.00", "wrong kind")
        check(values(fetch("/3311/0/5851")), {"/3311/0/5851": 31}, "value")
    with case("aiocoap server: composite bodies in other formats → 4.15"):
        answer = manager.ask(Code.FETCH, "/", payload=b"", content_format=TLV)
        check(code_of(answer), "4.15", "Read-Composite")
    with case("aiocoap server: Observe-Composite"):
        body = pack({"n": "/3311/0/5851"}, {"n": "/3/0/16"})
        told, cancel = manager.observe(
            "/", Code.FETCH, body, content_format=SENML_JSON, accept=SENML_JSON)
        check(sorted(values(told[0])), ["/3/0/16", "/3311/0/5851"], "the first")
        patch({"n": "/3311/0/5851", "v": 33})
        poll("a notification", lambda: [t for t in told[1:] if values(t) == {**values(told[0]), "/3311/0/5851": 33}])
        cancel()
    with case("aiocoap server: Send"):
        client.ask("send /3311/0/5851 /3/0/16", "^sent")
        _, records = manager.sent[-1]
        check({name: value for name, value, _ in records}["/3311/0/5851"], 33, "value")
    with case("aiocoap server: Mute Send"):
        patch({"n": "/1/0/23", "vb": True})
        client.ask("send /3311/0/5851", "^error:")
        check(len(manager.sent), 1, "Sends")


def updates(manager):
    def update(what):
        return poll(what, lambda: manager.events("update")[before:])[0]

    with case("aiocoap server: a new lifetime is told in an Update"):
        before = len(manager.events("update"))
        manager.ask(Code.PUT, "/1/0/1", payload=b"90", content_format=TEXT)
        event = update("Update")
        if "lt=90" not in event.query:
            raise Failure(f"query {event.query}")
        check(event.links, "", "an Update carries only what changed: links")
    with case("aiocoap server: the Registration Update Trigger"):
        before = len(manager.events("update"))
        check(code_of(manager.ask(Code.POST, "/1/0/8")), "2.04", "Execute")
        update("Update")
    with case("aiocoap server: 4.04 for an Update makes it register again"):
        manager.refuse["update"] = Code.NOT_FOUND
        known = len(manager.events("register"))
        manager.ask(Code.POST, "/1/0/8")
        poll("Register", lambda: len(manager.events("register")) > known, 15)


def life():
    """Cases that need a client of their own."""
    manager = Manager()
    client = start_client(manager.port, NAME, 6)
    with case("aiocoap server: an Update comes before a short lifetime ends"):
        poll("Register", lambda: manager.events("register"))
        event = poll("Update", lambda: manager.events("update"), 6)[0]
        check((event.query, event.links), ((), ""), "an empty Update")
    client.stop()
    manager.close()

    manager = Manager()
    port = manager.port
    client = start_client(port, NAME, 6)
    with case("aiocoap server: it comes back without memory, and the client registers again"):
        client.expect("^registered")
        manager.close()
        time.sleep(4)  # an Update falls into this gap
        manager = Manager(port)
        manager.refuse["update"] = Code.NOT_FOUND
        poll("Register", lambda: manager.events("register"), 30)
    client.stop()
    manager.close()

    manager = Manager()
    manager.slow = 0.6
    client = start_client(manager.port, NAME, 60)
    with case("aiocoap server: a separate response to Register"):
        client.expect("^registered")
        check(len(manager.events("register")), 1, "Registers")
    client.stop()
    manager.close()

    manager = Manager()
    manager.refuse["register"] = Code.PRECONDITION_FAILED
    client = start_client(manager.port, NAME, 60)
    with case("aiocoap server: 4.12 for a Register makes it try a lower version"):
        first, second = poll("two Registers", lambda: len(manager.events("register")) > 1
                             and manager.events("register")[:2], 15)
        versions = [next(q for q in event.query if q.startswith("lwm2m=")) for event in (first, second)]
        if not versions[1] < versions[0]:
            raise Failure(f"{versions}")
    client.stop()
    manager.close()
