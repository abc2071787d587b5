"""Programs under test and foreign programs, driven line by line; and the book-keeping of the cases."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from contextlib import contextmanager

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
RELEASE = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(TOP, "target")), "release")
HOST = "127.0.0.1"
WAIT = 6.0  # seconds that one answer may take; loopback needs milliseconds

_running = []


class Failure(Exception):
    """An expectation that was not met."""


def free_port():
    """A UDP port of the loopback interface that nobody uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def poll(what, condition, wait=WAIT):
    """Waits until condition() is true, and returns its value."""
    end = time.monotonic() + wait
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise Failure(f"not within {wait:g} s: {what}")


def check(value, expected, what):
    if value != expected:
        raise Failure(f"{what}: expected {expected!r}, got {value!r}")


class Program:
    """A child process whose output lines are kept and can be waited for."""

    def __init__(self, name, argv):
        self.name = name
        self.lines = []
        self.news = threading.Condition()
        self.child = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", bufsize=1)
        _running.append(self)
        threading.Thread(target=self._collect, daemon=True).start()

    def _collect(self):
        for line in self.child.stdout:
            with self.news:
                self.lines.append(re.sub(r"\x1b\[[0-9;]*m", "", line.rstrip()))
                self.news.notify_all()
        with self.news:
            self.lines.append("(end of output)")
            self.news.notify_all()

    def mark(self):
        """A place in the output; expect() can look from there."""
        return len(self.lines)

    def expect(self, pattern, since=0, wait=WAIT):
        """The first line after `since` that matches, as a match object."""
        end = time.monotonic() + wait
        with self.news:
            while True:
                for line in self.lines[since:]:
                    found = re.search(pattern, line)
                    if found:
                        return found
                since = max(since, len(self.lines))
                left = end - time.monotonic()
                ended = self.lines and self.lines[-1] == "(end of output)"
                if left <= 0 or ended:
                    why = "it ended" if ended else f"within {wait:g} s"
                    raise Failure(f"{self.name}: no line like /{pattern}/ ({why})")
                self.news.wait(left)

    def say(self, command):
        with self.news:
            self.lines.append(f"> {command}")
        self.child.stdin.write(command + "\n")
        self.child.stdin.flush()

    def ask(self, command, pattern, wait=WAIT):
        """Types a command and waits for a matching line after it."""
        since = self.mark() + 1
        self.say(command)
        return self.expect(pattern, since, wait)

    def value(self, command, path, wait=WAIT):
        """Types a command that answers with `PATH NAME = VALUE [UNIT]` lines; the value of `path`, without quotes."""
        found = self.ask(command, rf'^(error: .*)|^{path}\b[^=]*= *("(?:[^"\\]|\\.)*"|\S*)', wait)
        if found[1]:
            raise Failure(f"{command}: {found[1]}")
        return found[2].strip('"')

    def alive(self):
        return self.child.poll() is None

    def stop(self, command=None, wait=5.0):
        """Ends the program (politely, if there is a command for it) and returns its exit code."""
        if self in _running:
            _running.remove(self)
        try:
            if command and self.alive():
                self.say(command)
            elif self.alive():
                self.child.send_signal(signal.SIGTERM)
            return self.child.wait(wait)
        except (subprocess.TimeoutExpired, BrokenPipeError):
            self.child.kill()
            self.child.wait()
            return None


def binary(name):
    """One of our programs: $LWM2M_SERVER, $LWM2M_CLIENT and $LWM2M_BOOTSTRAP_SERVER override the built ones."""
    return os.environ.get("LWM2M_" + name.upper().replace("-", "_"), os.path.join(RELEASE, name))


def start_server(*more):
    """Our server on a free port; gives the program and the port."""
    port = free_port()
    server = Program("server", [binary("server"), "--listen", f"coap://{HOST}:{port}", *more])
    server.expect("listening on coap://")
    return server, port


def start_bootstrap(plans, *more, scheme="coap", beside=None):
    """Our bootstrap server on a free port, with these plans in TOML; gives the program and the port."""
    file = os.path.join(beside or tempfile.mkdtemp(prefix="lwm2m-interop-plans-"), "plans.toml")
    with open(file, "w", encoding="utf-8") as out:
        out.write(plans)
    port = free_port()
    server = Program("bootstrap-server", [
        binary("bootstrap-server"), "--config", file, "--listen", f"{scheme}://{HOST}:{port}", *more])
    server.expect("listening on ")
    return server, port


def start_client(port, endpoint, lifetime=60, *more):
    """Our client for the server at `port`."""
    return Program("client", [
        binary("client"), "--server", f"coap://{HOST}:{port}", "--endpoint", endpoint,
        "--lifetime", str(lifetime), *more])


def stop_all():
    for program in list(_running):
        program.stop()


class Score:
    passed = failed = skipped = 0


@contextmanager
def case(name, quiet=False, awaits=None):
    """One case: prints its line, counts it, and shows the last output of every program if it fails.

    A quiet one appears only when it fails. One that `awaits` something our programs cannot do yet is skipped, and
    fails as soon as it works, so that the mark goes.
    """
    try:
        yield
        if awaits:
            raise Failure(f"works now, take its mark off: awaits={awaits!r}")
    except Exception as error:
        if awaits and "take its mark off" not in str(error):
            Score.skipped += 1
            print(f"skip {name} (awaits {awaits})", flush=True)
            return
        Score.failed += 1
        report(name, error)
    else:
        if not quiet:
            Score.passed += 1
            print(f"ok   {name}", flush=True)


def report(name, error):
    print(f"FAIL {name}: {str(error)[:500]}")
    if not isinstance(error, Failure):
        traceback.print_exc(limit=-3, file=sys.stdout)
    for program in _running:
        for line in program.lines[-15:]:
            print(f"       {program.name}: {line[:200]}")
    sys.stdout.flush()
