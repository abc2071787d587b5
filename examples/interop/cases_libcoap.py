"""libcoap's coap-client as a scripted device, and as a prober of bad input, against our server."""

import re
import shutil
import socket
import subprocess
from collections import namedtuple

from peer import HOST, Failure, case, check, free_port, start_server

PROGRAM = next((p for p in map(shutil.which, ("coap-client-notls", "coap-client", "coap-client-openssl")) if p), None)
LINKS = '</>;rt="oma.lwm2m";ct=11542,</1/0>,</3/0>,</3303/0>,</3303/1>,</3311/0>'
Answer = namedtuple("Answer", "code options payload trace")


def coap(method, url, *options, payload=None, form=None, wait=5):
    """One request; gives the final response, with code None if there was none."""
    argv = [PROGRAM, "-v", "7", "-B", str(wait), "-m", method, *options]
    if form is not None:
        argv += ["-t", str(form)]
    if payload is not None:
        argv += ["-e", payload]
    done = subprocess.run(argv + [url], capture_output=True, text=True, errors="replace",
                          stdin=subprocess.DEVNULL, timeout=wait + 5)
    lines = re.findall(r"^v:1 t:\w+ c:(\S+) i:\w+ \{\w*\} \[ (.*?) ?\](?: :: '(.*)')?", done.stdout, re.M)
    answers = [line for line in lines if re.match(r"[245]\.", line[0])]
    return Answer(*(answers[-1] if answers else (None, "", "")), done.stdout)


class Device:
    """An endpoint name, a local port that stays the same, and a location."""

    def __init__(self, server_port, endpoint):
        self.base = f"coap://{HOST}:{server_port}"
        self.endpoint = endpoint
        self.port = str(free_port())
        self.location = None

    def register(self, *options, lifetime=60, links=LINKS, version="1.1", more="&b=U", form=40):
        url = f"{self.base}/rd?ep={self.endpoint}&lt={lifetime}&lwm2m={version}{more}"
        answer = coap("post", url, "-p", self.port, *options, payload=links, form=form)
        path = re.findall(r"Location-Path:([^, ]+)", answer.options)
        self.location = "/" + "/".join(path)
        return answer

    def update(self, query="", **payload):
        return coap("post", self.base + self.location + query, "-p", self.port, **payload)

    def deregister(self):
        return coap("delete", self.base + self.location, "-p", self.port)


def registered(answer):
    check(answer.code, "2.01", f"Register ({answer.payload})")


def refused(answer, code):
    check(answer.code, code, "code")
    if not answer.payload.strip():
        raise Failure("no diagnostic text in the body")


def run():
    server, port = start_server()
    if has_ipv6():
        ipv6()
    device(server, port)
    parameters(server, port)
    prober(server, port)
    server.stop("quit")


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
            return True
    except OSError:
        return False


def ipv6():
    server, port = start_server("--listen", f"coap://[::1]:{(extra := free_port())}")
    with case("libcoap: register over IPv6 and over IPv4 with the same server"):
        for endpoint, base in (("six", f"coap://[::1]:{extra}"), ("four", f"coap://{HOST}:{port}")):
            registered(coap("post", f"{base}/rd?ep={endpoint}&lt=60&lwm2m=1.1&b=U", payload=LINKS, form=40))
            server.expect(f"^registered {endpoint}")
    server.stop("quit")


def device(server, port):
    one = Device(port, "libcoap-1")
    with case("libcoap: register"):
        registered(one.register())
        if not one.location.startswith("/rd/"):
            raise Failure(f"location {one.location}")
        server.expect("^registered libcoap-1")
        server.ask("show libcoap-1", "3303/1")
    with case("libcoap: update"):
        check(one.update().code, "2.04", "Update")
        server.expect("^updated libcoap-1")
    with case("libcoap: update of the lifetime"):
        check(one.update("?lt=77").code, "2.04", "Update")
        server.ask("show libcoap-1", r"\b77\b")
    with case("libcoap: update of the links"):
        check(one.update(payload="</1/0>,</3/0>,</3303/7>", form=40).code, "2.04", "Update")
        server.ask("show libcoap-1", "3303/7")
    with case("libcoap: update from another address"):
        one.port = str(free_port())
        check(one.update().code, "2.04", "Update")
    with case("libcoap: update of an unknown location → 4.04"):
        check(coap("post", f"{one.base}/rd/nowhere").code, "4.04", "Update")
    with case("libcoap: re-registration replaces the registration"):
        before = one.location
        registered(one.register())
        if one.location != before:
            check(coap("post", one.base + before, "-p", one.port).code, "4.04", "Update of the old location")
        check(one.update().code, "2.04", "Update of the new location")
    with case("libcoap: de-register"):
        check(one.deregister().code, "2.02", "De-register")
        server.expect("^deregistered libcoap-1")
        check(one.update().code, "4.04", "Update afterwards")
        check(one.deregister().code, "4.04", "De-register again")
    with case("libcoap: register again after a lost datagram"):
        since = server.mark()
        lossy = Device(port, "libcoap-2")
        registered(lossy.register("-l", "1"))
        server.expect("^registered libcoap-2", since)
        check(sum("registered libcoap-2" in line for line in server.lines[since:]), 1, "registrations")
    for size in ("1024", "64"):
        with case(f"libcoap: register 300 instances in blocks of {size}"):
            large = Device(port, f"libcoap-block{size}")
            links = ",".join(["</1/0>", "</3/0>"] + [f"</3303/{i}>" for i in range(300)])
            answer = large.register("-b", size, links=links)
            registered(answer)
            if len(re.findall(r" sent \d+ bytes", answer.trace)) < 3:
                raise Failure("the payload was not sent in blocks")
            server.ask(f"show {large.endpoint}", r"3303/299\b")
    with case("libcoap: update with many links in blocks"):
        check(large.update(payload=links + ",</3311/5>", form=40).code, "2.04", "Update")
        server.ask(f"show {large.endpoint}", r"3311/5\b")


def parameters(server, port):
    for what, query, code in [
        ("lt=abc", "?ep=p&lt=abc&lwm2m=1.1&b=U", "4.00"),
        ("lt=-5", "?ep=p&lt=-5&lwm2m=1.1&b=U", "4.00"),
        ("no ep", "?lt=60&lwm2m=1.1&b=U", "4.00"),
        ("an empty ep", "?ep=&lt=60&lwm2m=1.1&b=U", "4.00"),
        ("no lwm2m", "?ep=p&lt=60&b=U", "4.00"),
        ("lwm2m=9.9", "?ep=p&lt=60&lwm2m=9.9&b=U", "4.12"),
        ("lt twice", "?ep=p&lt=60&lt=70&lwm2m=1.1&b=U", "4.00"),
    ]:
        with case(f"libcoap: register with {what} → {code} with a text"):
            refused(coap("post", f"coap://{HOST}:{port}/rd{query}", payload=LINKS, form=40), code)
    with case("libcoap: register with links that cannot be read → 4.00 with a text"):
        refused(Device(port, "p").register(links="</1/0>;;;,<<"), "4.00")
    for what, changed in [
        ("an unknown parameter", {"more": "&b=U&vendor=x&flag"}),
        ("spaces between the links", {"links": "</1/0>, </3/0> , </3303/0>"}),
        ("ct twice", {"links": '</>;rt="oma.lwm2m";ct=11542;ct=110,</1/0>,</3/0>'}),
        ("ver quoted and unquoted", {"links": '</3>;ver="1.1",</3/0>,</1>;ver=1.1,</1/0>'}),
        ("LwM2M 1.0", {"version": "1.0", "more": "&b=UQ"}),
        ("LwM2M 1.2", {"version": "1.2", "more": "&b=U&Q"}),
        ("an alternate path", {"links": '</node>;rt="oma.lwm2m",</node/1/0>,</node/3/0>'}),
    ]:
        with case(f"libcoap: register with {what} → accepted"):
            registered(Device(port, "sloppy").register(**changed))
    server.ask("list", "sloppy")


def prober(server, port):
    base = f"coap://{HOST}:{port}"
    for what, method, path, options, code in [
        ("an unknown critical option", "post", "/rd?ep=x&lt=60&lwm2m=1.1", ("-O", "65001,x"), "4.02"),
        ("an unknown critical option without payload", "get", "/nothing", ("-O", "65001,x"), "4.02"),
        ("an unknown path", "get", "/nothing/here", (), "4.04"),
        ("GET /rd", "get", "/rd", (), "4.05"),
        ("PUT /rd", "put", "/rd", (), "4.05"),
        ("DELETE /rd", "delete", "/rd", (), "4.05"),
    ]:
        with case(f"libcoap: {what} → {code}"):
            check(coap(method, base + path, *options).code, code, "code")
    with case("libcoap: an unknown critical option in a NON → silence"):
        check(coap("get", base + "/nothing", "-N", "-O", "65001,x", wait=1).code, None, "answer")
    with case("libcoap: ping → Reset"):
        # The request stays without an answer, so that libcoap checks with a ping whether anyone is there.
        asked = coap("get", base + "/nothing", "-N", "-O", "65001,x", "-K", "1", wait=3)
        if not re.search(r"t:RST c:0\.00", asked.trace):
            raise Failure(asked.trace)
    with case("libcoap: an unknown elective option is ignored"):
        registered(Device(port, "elective").register("-O", "65000,x"))
    with case("libcoap: register without a port in the URI options"):
        registered(Device(port, "no-uri-port").register("-U"))
    with case("libcoap: register in a wrong content format → 4.15"):
        check(Device(port, "wrong").register(form=50).code, "4.15", "code")
    one = Device(port, "libcoap-3")
    with case("libcoap: wrong methods on a location → 4.05"):
        registered(one.register())
        for method in ("get", "put", "fetch"):
            check(coap(method, one.base + one.location).code, "4.05", method)
    with case("libcoap: update with lt=abc → 4.00 with a text, and the registration stays"):
        refused(one.update("?lt=abc"), "4.00")
        check(one.update().code, "2.04", "Update")
