"""aiocoap as a scripted LwM2M device and as a scripted LwM2M server.

Both live on an event loop in a thread of its own, so that the cases can stay plain sequential code.
"""

import asyncio
import hashlib
import json
import logging
import struct
import threading
from collections import namedtuple

import aiocoap
import cbor2
from aiocoap import Code, Message
from aiocoap.resource import ObservableResource, Resource

import tlv
from peer import HOST, WAIT, Failure, free_port

TEXT, LINKS, OPAQUE, TLV = 0, 40, 42, 11542
SENML_JSON, SENML_CBOR, LWM2M_CBOR = 110, 112, 11544
EXECUTABLE = object()  # stands in a device's tree where a value would be

_loop = asyncio.new_event_loop()
threading.Thread(target=_loop.run_forever, daemon=True).start()


def run(coroutine, wait=WAIT):
    """Runs a coroutine on the loop and returns its result."""
    future = asyncio.run_coroutine_threadsafe(asyncio.wait_for(coroutine, wait), _loop)
    try:
        return future.result(wait + 1)
    except (asyncio.TimeoutError, TimeoutError):
        raise Failure(f"aiocoap: no answer within {wait:g} s") from None


def segments(path):
    return tuple(s for s in path.split("/") if s)


def response(code, payload=b"", content_format=None):
    message = Message(code=code, payload=payload)
    if content_format is not None:
        message.opt.content_format = content_format
    return message


class Wire(logging.Handler):
    """Every message that an endpoint received or sent, taken from the library's own log."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.received, self.sent = [], []

    def emit(self, record):
        messages = {"Incoming message %r": self.received, "Sending message %r": self.sent}.get(record.msg)
        if messages is not None:
            messages.append(record.args[0] if isinstance(record.args, tuple) else record.args)


class Peer:
    """An endpoint that can ask and answer over one socket."""

    def __init__(self, site, port=None):
        self.port = port or free_port()
        self.wire = Wire()
        log = logging.getLogger(f"aiocoap-{self.port}")
        log.setLevel(logging.DEBUG)
        log.propagate = False
        log.addHandler(self.wire)
        self.context = run(aiocoap.Context.create_server_context(
            site, bind=(HOST, self.port), transports=["udp6"], loggername=log.name))

    def request(self, code, path="/", *, to, query=(), payload=b"", wait=WAIT, **options):
        """Sends one request to a port, or to the `remote` of an earlier message."""
        message = self.message(code, path, to, query, payload, options)
        return run(self._answer(message), wait)

    def message(self, code, path, to, query=(), payload=b"", options=()):
        message = Message(code=code, payload=payload)
        if isinstance(to, int):
            message.set_request_uri(f"coap://{HOST}:{to}", set_uri_host=False)
        else:
            message.remote = to
        message.opt.uri_path = segments(path)
        message.opt.uri_query = query
        for name, value in dict(options).items():
            setattr(message.opt, name, value)
        return message

    async def _answer(self, message):
        return await self.context.request(message).response

    def close(self):
        run(self.context.shutdown())


class Device(Peer):
    """A device with a tree of values: `values["/3303/0/5700"] = 20.5`."""

    def __init__(self, endpoint, server_port, values, read_only=()):
        self.endpoint = endpoint
        self.server_port = server_port
        self.values = dict(values)
        self.read_only = read_only
        self.requests = []  # (method, path, query, accept, payload) as they came
        self.slow = 0.0  # seconds before an answer: more than 0.1 makes it separate
        self.broken = None  # bytes to send where TLV belongs
        self.unconfirmed = False  # notify with NON instead of CON
        self.own_blocks = False  # cut answers here: the library does not cut notifications
        self.formats = "11542"
        self.location = None
        self.tree = Tree(self)
        super().__init__(self.tree)

    def links(self):
        instances = sorted({"/".join(p.split("/")[:3]) for p in self.values})
        return ",".join([f'</>;rt="oma.lwm2m";ct="{self.formats}"'] + [f"<{i}>" for i in instances]).encode()

    def register(self, lifetime=60, version="1.1"):
        answer = self.request(
            Code.POST, "/rd", to=self.server_port, payload=self.links(), content_format=LINKS,
            query=(f"ep={self.endpoint}", f"lt={lifetime}", f"lwm2m={version}", "b=U"))
        if answer.code != Code.CREATED:
            raise Failure(f"Register: {answer.code} {answer.payload!r}")
        self.location = "/" + "/".join(answer.opt.location_path)
        return answer

    def update(self, query=(), payload=b"", **options):
        return self.request(Code.POST, self.location, to=self.server_port, query=query, payload=payload, **options)

    def deregister(self):
        return self.request(Code.DELETE, self.location, to=self.server_port)

    def set(self, path, value):
        """Changes a value and notifies everyone who observes it or something above it."""
        self.values[path] = value
        _loop.call_soon_threadsafe(self.tree.changed, path)

    def asked(self, method, path):
        """What came for a path: the (query, accept, payload) of each such request."""
        return [r[2:] for r in list(self.requests) if r[:2] == (method, path)]


class Tree(ObservableResource):
    """Answers for every path of a device."""

    def __init__(self, device):
        super().__init__()
        self.device = device
        self.observers = {}  # path -> set of observations

    async def add_observation(self, request, observation):
        path = "/" + "/".join(request.opt.uri_path)
        observers = self.observers.setdefault(path, set())
        observers.add(observation)
        observation.accept(lambda: observers.discard(observation))

    def changed(self, path):
        for observed, observers in self.observers.items():
            if (path + "/").startswith(observed.rstrip("/") + "/"):
                for observation in list(observers):
                    observation.trigger()

    async def needs_blockwise_assembly(self, request):
        return not self.device.own_blocks

    async def render(self, request):
        answer = await self.answer(request)
        if self.device.own_blocks:
            cut(request, answer)
        if self.device.unconfirmed and request.opt.observe == 0:
            answer.transport_tuning = aiocoap.Unreliable
        return answer

    async def answer(self, request):
        path = "/" + "/".join(request.opt.uri_path)
        self.device.requests.append(
            (str(request.code), path, tuple(request.opt.uri_query), request.opt.accept, request.payload))
        if self.device.slow:
            await asyncio.sleep(self.device.slow)
        if request.code in (Code.FETCH, Code.iPATCH):
            return self.composite(request)
        below = {p: v for p, v in sorted(self.device.values.items()) if (p + "/").startswith(path + "/")}
        if request.code == Code.POST and len(request.opt.uri_path) == 1:
            return self.create(path, request)
        if not below:
            return response(Code.NOT_FOUND)
        if request.code == Code.GET:
            return self.get(path, below, request.opt.accept)
        if request.code == Code.DELETE:
            for gone in below:
                del self.device.values[gone]
            return response(Code.DELETED)
        return self.change(path, below, request)

    def get(self, path, below, accept):
        if accept == LINKS:
            return response(Code.CONTENT, ",".join(f"<{p}>" for p in [path, *below]).encode(), LINKS)
        if below.get(path) is EXECUTABLE:
            return response(Code.METHOD_NOT_ALLOWED)
        if path in below and not isinstance(below[path], dict) and accept in (None, TEXT, OPAQUE):
            return self.plain(below[path], accept)
        if accept not in (None, TLV):
            return response(Code.NOT_ACCEPTABLE)
        return response(Code.CONTENT, self.device.broken or self.encode(path, below), TLV)

    @staticmethod
    def plain(value, accept):
        if isinstance(value, bytes):
            return response(Code.CONTENT, value, OPAQUE)
        text = str(int(value)) if isinstance(value, bool) else str(value)
        return response(Code.CONTENT, text.encode(), TEXT)

    @staticmethod
    def encode(path, below):
        instances = {}
        for where, value in below.items():
            if value is not EXECUTABLE:
                _, instance, number = map(int, segments(where))
                instances[instance] = instances.get(instance, b"") + tlv.resource(number, value)
        if len(segments(path)) > 1:
            return instances[int(segments(path)[1])]
        return b"".join(tlv.entry(tlv.INSTANCE, i, body) for i, body in sorted(instances.items()))

    def composite(self, request):
        """Read-, Observe- and Write-Composite, in SenML JSON."""
        if request.opt.uri_path:
            return response(Code.METHOD_NOT_ALLOWED)
        if request.opt.content_format != SENML_JSON:
            return response(Code.UNSUPPORTED_CONTENT_FORMAT)
        values = self.device.values
        records = senml(request.payload)
        if request.code == Code.FETCH:
            wanted = [name for name, _, _ in records]
            found = [(p, v) for p, v in sorted(values.items()) if any((p + "/").startswith(w + "/") for w in wanted)]
            pack = [record(p, v) for p, v in found if v is not EXECUTABLE and not isinstance(v, dict)]
            return response(Code.CONTENT, json.dumps(pack).encode(), SENML_JSON)
        if any(name not in values for name, _, _ in records):
            return response(Code.NOT_FOUND)
        if any(name in self.device.read_only for name, _, _ in records):
            return response(Code.METHOD_NOT_ALLOWED)
        for name, value, _ in records:
            values[name] = value
        return response(Code.CHANGED)

    def change(self, path, below, request):
        """Write and Execute."""
        values, old, form = self.device.values, below.get(path), request.opt.content_format
        if request.code == Code.POST and form not in (TLV,):
            return response(Code.CHANGED if old is EXECUTABLE else Code.METHOD_NOT_ALLOWED)
        if old is EXECUTABLE or path in self.device.read_only:
            return response(Code.METHOD_NOT_ALLOWED)
        if form == TLV:
            instance = "/".join(path.split("/")[:3])
            for number, body in tlv.resources(request.payload).items():
                written = f"{instance}/{number}"
                values[written] = from_tlv(body, values.get(written))
        elif form == TEXT and old is not None:
            text = request.payload.decode()
            values[path] = text == "1" if isinstance(old, bool) else type(old)(text)
        else:
            return response(Code.UNSUPPORTED_CONTENT_FORMAT)
        return response(Code.CHANGED)

    def create(self, path, request):
        entries = tlv.decode(request.payload)
        number = next(n for n in range(100) if not any(
            v.startswith(f"{path}/{n}/") for v in self.device.values))
        if entries and entries[0][0] == tlv.INSTANCE:
            number, entries = entries[0][1], entries[0][2]
        for _, rid, body in entries:
            like = self.device.values.get(f"{path}/0/{rid}")
            self.device.values[f"{path}/{number}/{rid}"] = from_tlv(body, like)
        message = response(Code.CREATED)
        message.opt.location_path = (*segments(path), str(number))
        return message


LABELS = {-3: "bt", -2: "bn", 0: "n", 2: "v", 3: "vs", 4: "vb", 6: "t", 8: "vd"}  # [RFC 8428 §6]


def senml(payload, form=SENML_JSON):
    """(name, value, time) of each value of a pack; base fields are resolved."""
    if form == LWM2M_CBOR:
        return [(path, value, None) for path, value in leaves(cbor2.loads(payload), "")]
    if form == SENML_CBOR:
        pack = [{LABELS.get(key, key): value for key, value in fields.items()} for fields in cbor2.loads(payload)]
    else:
        pack = json.loads(payload)
    base, since, found = "", 0, []
    for fields in pack:
        base, since = fields.get("bn", base), fields.get("bt", since)
        value = next((fields[key] for key in ("v", "vs", "vb", "vlo", "vd") if key in fields), None)
        time = since + fields["t"] if "t" in fields else (since or None)
        found.append((base + fields.get("n", ""), value, time))
    return found


def leaves(tree, above):
    """The values of LwM2M CBOR with their paths: a key is an id, or several."""
    for key, below in tree.items():
        path = above + "".join(f"/{number}" for number in (key if isinstance(key, tuple) else (key,)))
        yield from leaves(below, path) if isinstance(below, dict) else [(path, below)]


def record(name, value):
    key = "vb" if isinstance(value, bool) else "vs" if isinstance(value, str) else "v"
    return {"n": name, key: value}


def cut(request, answer):
    """Leaves the block that was asked for [RFC 7959 §2.4]."""
    number, _, exponent = request.opt.block2 or (0, False, 6)
    size = 16 << exponent
    whole = answer.payload
    if len(whole) > size:
        answer.payload = whole[number * size:(number + 1) * size]
        answer.opt.block2 = (number, (number + 1) * size < len(whole), exponent)
        answer.opt.etag = hashlib.sha256(whole).digest()[:4]


def from_tlv(body, like):
    """TLV does not say what type a value has: it is that of the value it replaces."""
    if isinstance(like, bool):
        return body == b"\x01"
    if isinstance(like, int):
        return int.from_bytes(body, "big", signed=True)
    if isinstance(like, float):
        return struct.unpack(">d" if len(body) == 8 else ">f", body)[0]
    return body.decode() if isinstance(like, str) else body


Registration = namedtuple("Registration", "query links remote content_format")


class Manager(Peer):
    """A server that records what devices tell it and asks them what a case wants to know."""

    def __init__(self, port=None):
        self.heard = []  # ("register" | "update" | "deregister", location, Registration)
        self.sent = []  # what devices have sent unasked: (format, records)
        self.slow = 0.0  # seconds before an answer to a device
        self.refuse = {}  # "register" | "update" -> the code to refuse the next one with
        super().__init__(Registry(self), port)

    def events(self, what, since=0):
        return [r for kind, _, r in self.heard[since:] if kind == what]

    def ask(self, code, path, wait=WAIT, **options):
        """One request to the device that registered last."""
        return self.request(code, path, to=self.events("register")[-1].remote, wait=wait, **options)

    def observe(self, path, code=Code.GET, payload=b"", **options):
        """Starts an observation; gives the list that notifications are added to, and what ends it."""
        message = self.message(code, path, self.events("register")[-1].remote, payload=payload,
                               options={"observe": 0, **options})
        return run(self._observe(message))

    async def _observe(self, message):
        handle = self.context.request(message)
        values = [await handle.response]
        if handle.observation is None or values[0].opt.observe is None:
            raise Failure(f"not observed: {values[0].code}")
        handle.observation.register_callback(values.append)
        handle.observation.register_errback(lambda error: None)
        return values, lambda: _loop.call_soon_threadsafe(handle.observation.cancel)


    def notifications(self, first):
        """What came on the wire with the token of an observation, whether it was wanted or not."""
        return [message for message in self.wire.received if message.token == first.token]


class Registry(Resource):
    """/rd and what is below it."""

    def __init__(self, manager):
        super().__init__()
        self.manager = manager

    async def render(self, request):
        path = tuple(request.opt.uri_path)
        if path == ("dp",):
            form = request.opt.content_format
            self.manager.sent.append((form, senml(request.payload, form)))
            return response(Code.CHANGED)
        if path[:1] != ("rd",):
            return response(Code.NOT_FOUND)
        what = {1: "register"}.get(len(path), "deregister" if request.code == Code.DELETE else "update")
        self.manager.heard.append((what, "/" + "/".join(path), Registration(
            tuple(request.opt.uri_query), request.payload.decode(), request.remote, request.opt.content_format)))
        await asyncio.sleep(self.manager.slow)
        if what in self.manager.refuse:
            return response(self.manager.refuse.pop(what))
        if what == "register":
            message = response(Code.CREATED)
            message.opt.location_path = ("rd", f"n{len(self.manager.heard)}")
            return message
        return response(Code.DELETED if what == "deregister" else Code.CHANGED)
