"""Our server and client programs over DTLS: libcoap and Leshan as devices, Leshan as a server."""

import os
import subprocess

import cases_leshan
from cases_dtls_californium import Nat, pem
from cases_dtls_libcoap import LIBRARIES
from cases_leshan import START, java
from dtls import HEX, IDENTITY, KEY, keys
from peer import HOST, Program, binary, case, check, free_port, stop_all

LINKS = "</1/0>,</3/0>,</3303/0>"


def credentials():
    """A file of keys for our server: PSK, raw public key and certificate of one endpoint."""
    path = keys()["credentials.txt"]
    lines = [
        f"psk {IDENTITY} {HEX} {IDENTITY}",
        f"public-key file:{keys()['client.pub']} {IDENTITY}",
        f"certificate file:{keys()['client.pem']} {IDENTITY}",
        f"authority file:{keys()['ca.pem']}",
        f"own-key * file:{keys()['server.key']}",
        f"own-certificate * file:{keys()['server.key']} file:{keys()['server.pem']}",
    ]
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    os.chmod(path, 0o600)
    return path


def start_server():
    port = free_port()
    server = Program("server", [binary("server"), "--listen", f"coaps://{HOST}:{port}", "--credentials", credentials()])
    server.expect("listening on coaps://")
    return server, port


def der(name):
    """A file of PEM as DER, the form of Leshan's Security object."""
    path = keys()[name] + ".der"
    kind = ["x509"] if name.endswith(".pem") else ["pkey", "-pubin", "-pubout"] if name.endswith(".pub") else \
        ["pkcs8", "-topk8", "-nocrypt"]
    subprocess.run(["openssl", *kind, "-in", keys()[name], "-outform", "DER", "-out", path], check=True, timeout=20)
    return path


def run():
    libcoap_devices()
    if cases_leshan.present():
        leshan_devices()
        leshan_servers()
    else:
        print("     Leshan is not here: its cases over DTLS are left out", flush=True)


def libcoap_devices():
    server, port = start_server()
    for library in LIBRARIES:
        files = lambda who: ("-c", keys()[f"{who}.pem"], "-j", keys()[f"{who}.key"], "-C", keys()["ca.pem"])
        for mode, options in [("PSK", ("-u", IDENTITY, "-k", KEY)), ("X.509", files("client"))]:
            title = f"libcoap on {library} as a device, {mode}"
            since = server.mark()
            with case(f"{title}: Register"):
                check(register(library, port, IDENTITY, *options), "2.01", "code")
                server.expect(f"^registered {IDENTITY}", since)
            with case(f"{title}: Register under the name of another is refused"):
                check(register(library, port, "another", *options), "4.00", "code")
        with case(f"libcoap on {library} as a device, a key that nobody has: nothing"):
            check(register(library, port, IDENTITY, "-u", IDENTITY, "-k", KEY[::-1], wait=3), None, "code")
    with case("libcoap as a device without protection on the secure port: nothing"):
        check(register("openssl", port, IDENTITY, scheme="coap", wait=3), None, "code")
    server.stop("quit")


def register(library, port, endpoint, *options, scheme="coaps", wait=6):
    """Gives the code of the answer."""
    url = f"{scheme}://{HOST}:{port}/rd?ep={endpoint}&lt=60&lwm2m=1.1&b=U"
    argv = [f"coap-client-{library}", "-v", "7", "-B", str(wait), "-m", "post", "-t", "40", "-e", LINKS, *options, url]
    done = subprocess.run(argv, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL,
                          timeout=wait + 8)
    codes = [line.split("c:")[1].split()[0] for line in done.stdout.splitlines() if "v:1 t:" in line and "c:" in line]
    answers = [code for code in codes if code[0] in "245" and "." in code]
    return answers[-1] if answers else None


def leshan_devices():
    modes = [
        ("PSK", ("psk", IDENTITY, KEY)),
        ("raw public keys", ("rpk", der("client.pub"), der("client.key"), der("server.pub"))),
        ("X.509", ("x509", der("client.pem"), der("client.key"), der("server.pem"))),
    ]
    for mode, theirs in modes:
        server, port = start_server()
        title = f"Leshan as a device, {mode}"
        nat = Nat(port)
        device = java("LeshanDevice", f"coaps://{HOST}:{nat.port}", IDENTITY, 60, *theirs)
        with case(f"{title}: register, read, write"):
            device.expect("^registered ", wait=START)
            server.expect(f"^registered {IDENTITY}")
            check(server.value(f"read {IDENTITY} /3/0/0", "/3/0/0"), "Leshan", "manufacturer")
            server.ask(f"write {IDENTITY} /3/0/14 +02", "^ok")
            device.expect(r"^written /3/0/14 = \+02")
        with case(f"{title}: goes on at another address"):
            nat.rebind()
            device.ask("update", "^updated")
            check(server.value(f"read {IDENTITY} /3303/0/5700", "/3303/0/5700"), "20.5", "value")
        if mode == "PSK":
            observe_device(title, server, device)
        nat.over = True
        stop_all()


def observe_device(title, server, device):
    with case(f"{title}: observe"):
        server.ask(f"observe {IDENTITY} /3303/0/5700", "^ok|5700")
        since = server.mark()
        device.say("set /3303/0/5700 21.75")
        server.expect("notification .*21.75", since)


def leshan_servers():
    modes = [
        ("PSK", ("psk", IDENTITY, IDENTITY, KEY), ("--psk", f"{IDENTITY}:{HEX}")),
        ("raw public keys", ("rpk", IDENTITY, pem("server.key"), pem("server.pub"), pem("client.pub")),
         ("--key", keys()["client.key"], "--server-key", keys()["server.pub"])),
        ("X.509", ("x509", "client", pem("server.key"), keys()["server.pem"], keys()["ca.pem"]),
         ("--key", keys()["client.key"], "--certificate", keys()["client.pem"], "--authority", keys()["ca.pem"])),
    ]
    for mode, theirs, ours in modes:
        port = free_port()
        manager = java("LeshanManager", f"coaps://{HOST}:{port}", *theirs)
        manager.expect("^listening on", wait=START)
        title = f"Leshan as a server, {mode}"
        endpoint = "client" if mode == "X.509" else IDENTITY
        nat = Nat(port)
        client = Program("client", [binary("client"), "--server", f"coaps://{HOST}:{nat.port}", "--endpoint", endpoint,
                                    "--lifetime", "15", "--lwm2m", "1.1", *ours])
        with case(f"{title}: register, read"):
            client.expect("^registered with", wait=10)
            manager.expect(f"^registered {endpoint}")
            manager.value(f"read {endpoint} /3/0/0", "/3/0/0")
        with case(f"{title}: goes on at another address"):
            since = manager.mark()
            nat.rebind()
            # Leshan answers the Update first and then cancels what it had sent to the old address.
            manager.expect(f"^updated {endpoint}", since, wait=20)
            client.expect("^updated at", wait=20)
            manager.value(f"read {endpoint} /3/0/0", "/3/0/0")
        nat.over = True
        stop_all()
