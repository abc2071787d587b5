"""Eclipse Leshan as a device of our server, and as the server of our client."""

import glob
import os
import time

from manage import manage, observe
from peer import HOST, Program, case, check, free_port, start_client, start_server

# Where `run` has put the compiled programs and the libraries they need.
HOME = os.environ.get("LESHAN_HOME", "")
START = 20.0  # seconds a JVM may need to come up on a busy machine


def present():
    return bool(HOME) and bool(glob.glob(os.path.join(HOME, "classes", "*.class")))


def java(name, *arguments, home=None, **properties):
    return Program(name, [
        "java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx200m", "-Djava.net.preferIPv4Stack=true",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", *(f"-D{name}={value}" for name, value in properties.items()),
        "-cp", f"{home or HOME}/classes:{home or HOME}/lib/*", name, *map(str, arguments)])


def start_manager(**properties):
    port = free_port()
    manager = java("LeshanManager", f"coap://{HOST}:{port}", **properties)
    manager.expect("^listening on", wait=START)
    return manager, port


def start_device(port, endpoint, **properties):
    return java("LeshanDevice", f"coap://{HOST}:{port}", endpoint, 60, **properties)


def manage_device(title, server, device, endpoint):
    """The common cases, with a Leshan device at the other end."""
    manage(title, server, endpoint,
           change=lambda path, value: device.say(f"set {path} {value}"),
           written=lambda path, value: device.expect(f"^written {path} = {value}"),
           executed=lambda path, arguments: device.expect(f"^executed {path} {arguments}".rstrip()))


def run():
    as_device()
    as_server()
    sleeping_device()
    server_of_a_sleeper()


def as_device():
    server, port = start_server()
    device = start_device(port, "leshan")
    title = "leshan-client"
    with case(f"{title}: register"):
        device.expect("^registered ", wait=START)
        server.expect("^registered leshan")
        server.ask("show leshan", "3303/1")
    manage_device(title, server, device, "leshan")
    with case(f"{title}: execute with arguments"):
        server.ask("execute leshan /3/0/4 0='x',1", "^ok")
        device.expect("^executed /3/0/4 0='x',1")
    with case(f"{title}: update"):
        since = server.mark()
        device.say("update")
        device.expect("^updated")
        server.expect("^updated leshan", since)
    with case(f"{title}: write attributes, discover shows them, and they are taken away"):
        server.ask("attributes leshan /3303/0/5700 pmin=1 pmax=90 gt=-5.5", "^ok")
        server.ask("discover leshan /3303/0/5700", "pmin=1 pmax=90 gt=-5.5")
        server.ask("attributes leshan /3303/0/5700 pmin pmax gt", "^ok")
        server.ask("attributes leshan /3303 gt=1", "^error")
    with case(f"{title}: Read-Composite"):
        server.ask("read-composite leshan /3303/0/5700 /3311/0/5851 /9/0/1", "^/3311/0/5851")
    with case(f"{title}: Write-Composite"):
        server.ask("write-composite leshan /3311/0/5850=true /3311/0/5851=71", "^ok")
        check(server.value("read leshan /3311/0/5851", "/3311/0/5851"), "71", "read back")
    with case(f"{title}: Observe-Composite, and its cancel"):
        server.ask("observe-composite leshan /3303/0/5700 /3311/0/5851", "^ok")
        since = server.mark()
        device.say("set /3303/0/5700 29.5")
        server.expect("^notification leshan /3303/0/5700.*29.5", since)
        server.expect("^notification leshan /3311/0/5851.*71", since)
        server.ask("cancel leshan /", "^ok")
    with case(f"{title}: a new lifetime is told in an Update"):
        since = server.mark()
        server.ask("write leshan /1/0/1 120", "^ok")
        server.expect("^updated leshan", since)
        server.ask("show leshan", r"\b120\b")
    with case(f"{title}: de-register"):
        device.stop("quit")
        server.expect("^deregistered leshan")
    server.stop("quit")


def as_server():
    manager, port = start_manager()
    client = start_client(port, "ours", 60)
    title = "leshan-server"
    with case(f"{title}: register"):
        manager.expect("^registered ours")
        manager.ask("show ours", "/3303/0")
    manage_client(title, manager)
    with case(f"{title}: Read-Composite"):
        manager.ask("read-composite ours /3303/0/5700 /3311/0/5851 /9/0/1", "^/3311/0/5851 = ")
    with case(f"{title}: Write-Composite"):
        manager.ask("write-composite ours /3311/0/5850=true /3311/0/5851=71", "^ok")
        check(manager.value("read ours /3311/0/5851", "/3311/0/5851"), "71", "read back")
        manager.ask("write-composite ours /3311/0/5851=72 /3303/0/5700=1", r"^error: 4\.05")
        check(manager.value("read ours /3311/0/5851", "/3311/0/5851"), "71", "after a refusal")
    with case(f"{title}: Observe-Composite"):
        since = manager.mark()
        manager.ask("observe-composite ours /3311/0/5850 /3311/0/5851", "^ok")
        manager.ask("write ours /3311/0/5851 73", "^ok")
        manager.expect("^notification ours /3311/0/5851 = 73", since)
        manager.expect("^notification ours /3311/0/5850 = true", since)
    with case(f"{title}: Send"):
        since = manager.mark()
        client.ask("send /3311/0/5851 /3/0/16", "^sent")
        manager.expect("^sent ours /3311/0/5851 = 73", since)
    with case(f"{title}: a new lifetime is told in an Update"):
        since = manager.mark()
        manager.ask("write ours /1/0/1 120", "^ok")
        manager.expect("^updated ours lifetime 120", since)
    with case(f"{title}: de-register"):
        client.stop("quit")
        manager.expect("^deregistered ours")
    for range_, spoken in (("1.0", "1.0"), ("1.0..1.2", "1.1")):
        with case(f"{title}: a client of LwM2M {range_} registers with {spoken}"):
            name = f"ours-{range_}"
            client = start_client(port, name, 60, "--lwm2m", range_)
            manager.expect(f"^registered {name}")
            manager.ask(f"show {name}", f"version {spoken}")
            float(manager.value(f"read {name} /3303/0/5700", "/3303/0/5700"))
            client.stop("quit")
    manager.stop("quit")


def manage_client(title, manager):
    manage(title, manager, "ours", change=None)
    # Writing the dimmer makes changes at moments that are known.
    path = "/3311/0/5851"
    observe(title, manager, "ours", path,
            lambda _, value: manager.ask(f"write ours {path} {value}", "^ok"), ("51", "52", "53", "54"))
    with case(f"{title}: observe the temperature, which changes by itself"):
        manager.ask("observe ours /3303/0/5700", "^/3303/0/5700")
        since = manager.mark()
        manager.expect("^notification ours /3303/0/5700 = ", since, 20)
        manager.ask("cancel ours /3303/0/5700", "^ok")
    with case(f"{title}: partial update of an instance"):
        manager.ask("update ours /3311/0 5850=true 5851=61", "^ok")
        check(manager.value("read ours /3311/0/5851", "/3311/0/5851"), "61", "dimmer")
    with case(f"{title}: write attributes, and discover shows them"):
        manager.ask("attributes ours /3303/0/5700 pmin=1&pmax=90", "^ok")
        manager.ask("discover ours /3303/0/5700", "pmin=1;pmax=90|pmax=90;pmin=1")
    with case(f"{title}: read an instance as TLV"):
        manager.ask("tlv ours /3/0", "^/3/0/0 = ")


def sleeping_device():
    title = "leshan-client, queue mode"
    server, port = start_server("--awake", "2s", "--queue", "30s")
    device = start_device(port, "sleeper", queue="true")
    with case(f"{title}: register, and fall asleep"):
        device.expect("^registered ", wait=START)
        server.expect("^registered sleeper")
        server.expect("^asleep sleeper")
    with case(f"{title}: what is asked waits for the next Update, in order"):
        since = server.mark()
        for value in (31, 32):
            server.say(f"group sleeper write /3311/0/5851 {value}")
        time.sleep(1)
        check([line for line in device.lines if line.startswith("written /3311/0/5851")], [], "while it sleeps")
        device.say("update")
        server.expect("^updated sleeper", since)
        device.expect("^written /3311/0/5851 = 32")
        written = [line for line in device.lines if line.startswith("written /3311/0/5851")]
        check(written, ["written /3311/0/5851 = 31", "written /3311/0/5851 = 32"], "once each, in order")
    with case(f"{title}: de-register"):
        device.stop("quit")
        server.expect("^deregistered sleeper")
    server.stop("quit")


def server_of_a_sleeper():
    title = "leshan-server, queue mode"
    manager, port = start_manager(awake=2000)
    client = start_client(port, "dozer", 60, "--queue-mode", "2s")
    with case(f"{title}: register, and fall asleep"):
        manager.expect("^registered dozer")
        client.expect("^asleep")
        manager.expect("^asleep dozer")
        manager.ask("read dozer /3303/0/5700", "^error: .*leeping")
    with case(f"{title}: a Send comes while it sleeps"):
        since = manager.mark()
        client.ask("send /3303/0/5700", "^sent")
        manager.expect("^sent dozer /3303/0/5700 = ", since)
    with case(f"{title}: de-register"):
        client.stop("quit")
        manager.expect("^deregistered dozer")
    manager.stop("quit")
