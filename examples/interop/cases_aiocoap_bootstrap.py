"""aiocoap as a scripted device of our bootstrap server, and as a scripted bootstrap server of our client."""

import cbor2
from aiocoap import Code
from aiocoap.resource import Resource

import tlv
from aio import LINKS, SENML_CBOR, SENML_JSON, TEXT, TLV, Manager, Peer, response, senml
from peer import Failure, Program, binary, case, check, poll, start_bootstrap, stop_all

NAME = "scripted"
PLANS = """
[[plan]]
endpoint = "scripted"
delete = ["/0", "/1"]
[[plan.server]]
id = 123
uri = "coap://127.0.0.1:7"
lifetime = 300
[[plan.write]]
path = "/3/0/14"
value = "+02:00"
otherwise = "continue"

[[plan]]
endpoint = "packed"
delete = ["/0", "/1"]
[[plan.server]]
id = 9
uri = "coap://127.0.0.1:7"
[[plan.write]]
path = "/3/0/14"
value = "+02:00"
"""
BOOTED = '</>;lwm2m=1.1,</0/0>,</1>,</3/0>'
# What is at /0/1 then belongs to another server.
USED = '</>;lwm2m=1.1,</0/0>,</0/1>;ssid=7;uri="coap://a",</0/3>;ssid=123;uri="coap://b",</1/0>;ssid=7,</3/0>'


def run():
    devices()
    pack()
    servers()
    trigger()
    packs_of_our_client()


class Device(Peer):
    """Answers what a bootstrap server asks, and remembers it."""

    def __init__(self, links=BOOTED):
        self.links = links
        self.refuse = {}  # "PUT /0/1" -> the code to refuse it with
        self.asked = []  # ("PUT /0/1", Content-Format, payload) as they came
        super().__init__(Obey(self))

    def lines(self, since=0):
        return [line for line, _, _ in self.asked[since:]]

    def come(self, to, *query, code=Code.POST, path="/bs", **options):
        return self.request(code, path, to=to, query=query, **options)


class Obey(Resource):
    def __init__(self, device):
        super().__init__()
        self.device = device

    async def render(self, request):
        discover = request.opt.accept == LINKS
        line = ("DISCOVER" if discover else str(request.code)) + " /" + "/".join(request.opt.uri_path)
        self.device.asked.append((line, request.opt.content_format, request.payload))
        if line in self.device.refuse:
            return response(self.device.refuse[line], b"not here")
        if discover:
            return response(Code.CONTENT, self.device.links.encode(), LINKS)
        codes = {Code.PUT: Code.CHANGED, Code.POST: Code.CHANGED, Code.DELETE: Code.DELETED}
        return response(codes.get(request.code, Code.NOT_FOUND))


def ends(device, since=0):
    """Everything that was asked, up to Bootstrap-Finish."""
    poll("Bootstrap-Finish", lambda: "POST /bs" in device.lines(since))
    return device.lines(since)


def code_of(answer):
    return answer.code.dotted


def devices():
    server, port = start_bootstrap(PLANS)
    device = Device()
    title = "aiocoap device bootstraps"
    steps = ["DELETE /0", "DELETE /1", "DISCOVER /", "PUT /0/1", "PUT /1/0", "PUT /3/0/14", "POST /bs"]
    with case(f"{title}: step by step"):
        check(code_of(device.come(port, f"ep={NAME}")), "2.04", "code")
        check(ends(device), steps, "what was asked")
        server.expect(f"^started {NAME}")
        server.expect(f"^finished {NAME}, 7 operations")
    for form, query in ((TLV, ()), (TLV, ("pct=11542",)), (SENML_CBOR, ("pct=112",)), (SENML_JSON, ("pct=110",))):
        with case(f"{title}: written in format {form}{' as it asks' if query else ''}"):
            since = len(device.asked)
            device.come(port, f"ep={NAME}", *query)
            ends(device, since)
            [(_, got, payload)] = [asked for asked in device.asked[since:] if asked[0] == "PUT /1/0"]
            check(got, form, "Content-Format")
            check(server_values(form, payload), (123, 300, "U"), "short server ID, lifetime, binding")
    with case(f"{title}: what it has of others stays where it is"):
        device.links = USED
        since = len(device.asked)
        device.come(port, f"ep={NAME}")
        check(ends(device, since)[3:5], ["PUT /0/3", "PUT /1/1"], "its own account is found, Server goes to a free place")
        device.links = BOOTED
    refusals(title, server, port, device)
    device.close()
    stop_all()


def server_values(form, payload):
    if form == TLV:
        found = tlv.resources(payload)
        return int.from_bytes(found[0], "big"), int.from_bytes(found[1], "big"), found[7].decode()
    found = {name: value for name, value, _ in senml(payload, form)}
    return tuple(found[f"/1/0/{number}"] for number in (0, 1, 7))


def refusals(title, server, port, device):
    with case(f"{title}: a step that may fail is left out"):
        device.refuse = {"PUT /3/0/14": Code.BAD_REQUEST}
        since, told = len(device.asked), server.mark()
        device.come(port, f"ep={NAME}")
        ends(device, since)
        server.expect(f"^refused by {NAME}: Write /3/0/14: .*4.00", told)
        server.expect(f"^finished {NAME}", told)
    with case(f"{title}: another one ends it"):
        device.refuse = {"PUT /1/0": Code.BAD_REQUEST}
        since, told = len(device.asked), server.mark()
        device.come(port, f"ep={NAME}")
        server.expect(f"^failed {NAME}: Write /1/0: .*4.00.*not here", told)
        check(device.lines(since)[-1], "PUT /1/0", "the last thing asked")
    with case(f"{title}: Finish is refused"):
        device.refuse = {"POST /bs": Code.NOT_ACCEPTABLE}
        told = server.mark()
        device.come(port, f"ep={NAME}")
        server.expect(f"^failed {NAME}: .*4.06", told)
        device.refuse = {}
    for what, query, code in [
        ("nobody knows it", ("ep=nobody",), "4.00"), ("it has no name", (), "4.00"),
        ("its format is none", (f"ep={NAME}", "pct=0"), "4.15"), ("its format is no number", (f"ep={NAME}", "pct=x"), "4.00"),
    ]:
        with case(f"{title}: {what} → {code}"):
            check(code_of(device.come(port, *query)), code, "code")
    with case(f"{title}: what is not for it"):
        check(code_of(device.come(port, f"ep={NAME}", path="/rd")), "4.04", "Register")
        check(code_of(device.come(port, f"ep={NAME}", code=Code.GET)), "4.05", "GET /bs")


def pack():
    server, port = start_bootstrap(PLANS)
    device = Device()
    title = "aiocoap device bootstraps by a pack"
    with case(f"{title}: SenML CBOR"):
        answer = device.come(port, "ep=packed", "acc=</0/0>", code=Code.GET, path="/bspack", accept=SENML_CBOR)
        check((code_of(answer), answer.opt.content_format), ("2.05", SENML_CBOR), "answer")
        found = {name: value for name, value, _ in senml(answer.payload, SENML_CBOR)}
        check([found.get(p) for p in ("/0/1/10", "/1/0/0", "/3/0/14")], [9, 9, "+02:00"], "short server IDs, UTC offset")
        check([name for name in found if name.startswith("/0/0/")], [], "of its bootstrap server's account")
        server.expect("^given to packed as a pack")
    with case(f"{title}: one that nobody can write"):
        answer = device.come(port, "ep=packed", "acc=</0/0>", code=Code.GET, path="/bspack", accept=TEXT)
        check(code_of(answer), "4.06", "code")
    with case(f"{title}: nothing for it → 4.04"):
        answer = device.come(port, "ep=nobody", code=Code.GET, path="/bspack", accept=SENML_CBOR)
        check(code_of(answer), "4.04", "code")
    device.close()
    stop_all()


class Bootstrapper(Manager):
    """A server that is a bootstrap server, too: both in one, at one port."""

    def __init__(self):
        super().__init__()
        self.asked = []  # (method, path, query, accept, remote) of what is not for /rd
        self.answer = Code.CHANGED
        self.packs = None  # what /bspack answers
        rest = self.context.serversite.render

        async def render(request):
            path = "/".join(request.opt.uri_path)
            if path not in ("bs", "bspack"):
                return await rest(request)
            self.asked.append((str(request.code), path, tuple(request.opt.uri_query), request.opt.accept, request.remote))
            if path == "bspack":
                return self.packs or response(Code.NOT_IMPLEMENTED)
            return response(self.answer)
        self.context.serversite.render = render

    def boot(self, code, path, payload=b"", form=None, **options):
        if form is not None:
            options["content_format"] = form
        return self.request(code, path, to=self.asked[-1][4], payload=payload, **options)

    def account(self):
        """Security and Server for this very place, in TLV."""
        security = {0: f"coap://127.0.0.1:{self.port}", 1: False, 2: 3, 3: b"", 4: b"", 5: b"", 10: 123}
        server = {0: 123, 1: 60, 6: False, 7: "U"}
        return [b"".join(tlv.resource(number, value) for number, value in values.items()) for values in (security, server)]


def start_client(manager, *more):
    return Program("client", [binary("client"), "--bootstrap", f"coap://127.0.0.1:{manager.port}", "--endpoint", NAME,
                              *(more or ("--lwm2m", "1.0..1.1"))])


def servers():
    manager = Bootstrapper()
    title = "aiocoap bootstrap server"
    with case(f"{title}: it refuses, and our client comes again"):
        manager.answer = Code.BAD_REQUEST
        client = start_client(manager)
        client.expect(r"^no bootstrap \(refused: 4\.00.*again in")
        manager.answer = Code.CHANGED
        poll("another Bootstrap-Request", lambda: len(manager.asked) > 1)
    with case(f"{title}: Bootstrap-Request"):
        method, path, query, _, _ = manager.asked[-1]
        check((method, path, query), ("POST", "bs", (f"ep={NAME}", "pct=112")), "request")
    ask = manager.boot
    security, server = manager.account()
    with case(f"{title}: Discover"):
        answer = ask(Code.GET, "/", accept=LINKS)
        links = answer.payload.decode().split(",")
        check((code_of(answer), links[0]), ("2.05", "</>;lwm2m=1.1"), "answer")
        for wanted in ("</0/0>", "</3/0>", "</3303/0>"):
            if not any(link.split(";")[0] == wanted for link in links):
                raise Failure(f"{wanted} is not in {links}")
        check(code_of(ask(Code.GET, "/3303", accept=LINKS)), "2.05", "of an object")
        check(code_of(ask(Code.GET, "/9", accept=LINKS)), "4.04", "of an object that is not there")
    with case(f"{title}: Finish without an account → 4.06"):
        check(code_of(ask(Code.POST, "/bs")), "4.06", "code")
    with case(f"{title}: Write in TLV, and what is not for it"):
        check(code_of(ask(Code.PUT, "/0/1", security, TLV)), "2.04", "Security")
        check(code_of(ask(Code.PUT, "/1/0", server, TLV)), "2.04", "Server")
        check(code_of(ask(Code.PUT, "/3/0/14", b"+03:00", TEXT)), "2.04", "a resource, in text")
        check(code_of(ask(Code.PUT, "/1/0", b"\xff\xff", TLV)), "4.00", "broken TLV")
        check(code_of(ask(Code.PUT, "/1/0", server, 65000)), "4.15", "no such format")
        check(code_of(ask(Code.GET, "/3/0/0")), "4.05", "Read of object 3")
    with case(f"{title}: Write in SenML"):
        pack = cbor2.dumps([{-2: "/1/0/", 0: "0", 2: 123}, {0: "1", 2: 90}, {0: "6", 4: False}, {0: "7", 3: "U"}])
        check(code_of(ask(Code.PUT, "/1/0", pack, SENML_CBOR)), "2.04", "CBOR")
        pack = b'[{"bn":"/1/0/","n":"0","v":123},{"n":"1","v":61},{"n":"6","vb":false},{"n":"7","vs":"U"}]'
        check(code_of(ask(Code.PUT, "/1/0", pack, SENML_JSON)), "2.04", "JSON")
    with case(f"{title}: Read"):
        answer = ask(Code.GET, "/1/0", accept=TLV)
        check((code_of(answer), int.from_bytes(tlv.resources(answer.payload)[1], "big")), ("2.05", 61), "the lifetime")
        check(code_of(ask(Code.GET, "/0", accept=TLV)), "4.05", "Read of object 0")
    with case(f"{title}: Delete, and again"):
        check(code_of(ask(Code.DELETE, "/1/0")), "2.02", "Delete")
        check(code_of(ask(Code.POST, "/bs")), "4.06", "Finish: the account has no Server instance")
        check(code_of(ask(Code.PUT, "/1/0", server, TLV)), "2.04", "Server")
    with case(f"{title}: Finish, and our client registers"):
        check(code_of(ask(Code.POST, "/bs")), "2.04", "code")
        client.expect("^bootstrapped: ")
        event = poll("Register", lambda: manager.events("register"))[0]
        if f"ep={NAME}" not in event.query or "lt=60" not in event.query:
            raise Failure(str(event.query))
        check(manager.ask(Code.GET, "/3/0/14", accept=TEXT).payload, b"+03:00", "what bootstrap has written")
    client.stop("quit")
    manager.close()
    stop_all()


def trigger():
    manager = Bootstrapper()
    client = start_client(manager)
    title = "aiocoap bootstrap server, again"
    with case(f"{title}: Bootstrap-Request Trigger of a server"):
        poll("Bootstrap-Request", lambda: manager.asked)
        for path, payload in zip(("/0/1", "/1/0"), manager.account()):
            check(code_of(manager.boot(Code.PUT, path, payload, TLV)), "2.04", path)
        check(code_of(manager.boot(Code.POST, "/bs")), "2.04", "Finish")
        poll("Register", lambda: manager.events("register"))
        check(code_of(manager.ask(Code.POST, "/1/0/9")), "2.04", "Execute /1/0/9")
        poll("another Bootstrap-Request", lambda: len(manager.asked) > 1)
    with case(f"{title}: what is there is discovered"):
        links = manager.boot(Code.GET, "/0", accept=LINKS).payload.decode()
        if f'</0/1>;ssid=123;uri="coap://127.0.0.1:{manager.port}"' not in links:
            raise Failure(links)
    with case(f"{title}: nothing written, Finish: the account stays"):
        check(code_of(manager.boot(Code.POST, "/bs")), "2.04", "Finish")
    client.stop("quit")
    manager.close()
    stop_all()


def packs_of_our_client():
    title = "aiocoap bootstrap server, pack"
    manager = Bootstrapper()
    with case(f"{title}: it is not known (5.01), and our client goes step by step"):
        client = start_client(manager, "--lwm2m", "1.2")
        poll("Bootstrap-Request", lambda: [asked for asked in manager.asked if asked[1] == "bs"])
        method, path, query, accept, _ = manager.asked[0]
        check((method, path, f"ep={NAME}" in query, accept), ("GET", "bspack", True, SENML_CBOR), "the pack is asked for first")
        client.stop("quit")
    manager.close()
    manager = Bootstrapper()
    with case(f"{title}: our client takes it, and registers"):
        values = [{-2: "/0/1/", 0: "0", 3: f"coap://127.0.0.1:{manager.port}"}, {0: "1", 4: False}, {0: "2", 2: 3},
                  {0: "3", 8: b""}, {0: "4", 8: b""}, {0: "5", 8: b""}, {0: "10", 2: 123},
                  {-2: "/1/0/", 0: "0", 2: 123}, {0: "1", 2: 60}, {0: "6", 4: False}, {0: "7", 3: "U"}]
        manager.packs = response(Code.CONTENT, cbor2.dumps(values), SENML_CBOR)
        client = start_client(manager, "--lwm2m", "1.2")
        client.expect("^bootstrapped: ")
        poll("Register", lambda: manager.events("register"))
        client.stop("quit")
    manager.close()
    stop_all()
