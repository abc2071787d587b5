"""The cases that are the same for every pair: a server with our console manages a device with objects 3, 3303 and 3311."""

from peer import Failure, case, check

ERROR = r"^error:.*"


def manage(title, server, endpoint, change, written=None, executed=None):
    """Reads, writes, executes, creates, deletes and observes through the console of `server`.

    `change(path, value)` makes the device change a value by itself; `written(path, value)` and
    `executed(path, arguments)` wait until the device says that this was done to it.
    """
    with case(f"{title}: discover /3303"):
        server.ask(f"discover {endpoint} /3303", "/3303/0/5700")
    with case(f"{title}: read a resource /3303/0/5700"):
        float(server.value(f"read {endpoint} /3303/0/5700", "/3303/0/5700"))
    with case(f"{title}: read an instance /3/0"):
        if not server.value(f"read {endpoint} /3/0", "/3/0/0"):
            raise Failure("no manufacturer")
    with case(f"{title}: read an object /3303"):
        float(server.value(f"read {endpoint} /3303", "/3303/0/5700"))
    with case(f"{title}: read a multiple resource /3/0/11"):
        check(server.value(f"read {endpoint} /3/0/11", "/3/0/11/0"), "0", "error code")
    with case(f"{title}: read what is not there → 4.04"):
        server.ask(f"read {endpoint} /9/0/1", r"^error:.*4\.04")
    with case(f"{title}: write an integer /3311/0/5851"):
        server.ask(f"write {endpoint} /3311/0/5851 42", "^ok")
        if written:
            written("/3311/0/5851", "42")
        check(server.value(f"read {endpoint} /3311/0/5851", "/3311/0/5851"), "42", "read back")
    with case(f"{title}: write a boolean /3311/0/5850"):
        server.ask(f"write {endpoint} /3311/0/5850 true", "^ok")
        check(server.value(f"read {endpoint} /3311/0/5850", "/3311/0/5850").lower(), "true", "read back")
    with case(f"{title}: write a read-only resource → refused"):
        server.ask(f"write {endpoint} /3303/0/5700 1.5", ERROR)
    with case(f"{title}: execute /3303/0/5605"):
        server.ask(f"execute {endpoint} /3303/0/5605", "^ok")
        if executed:
            executed("/3303/0/5605", "")
    with case(f"{title}: execute what is no action → 4.05"):
        server.ask(f"execute {endpoint} /3311/0/5851", r"^error:.*4\.05")
    with case(f"{title}: create and delete an instance of /3311"):
        server.ask(f"create {endpoint} /3311 5850=true 5851=9", "^ok.*3311/1")
        check(server.value(f"read {endpoint} /3311/1/5851", "/3311/1/5851"), "9", "read back")
        server.ask(f"delete {endpoint} /3311/1", "^ok")
        server.ask(f"read {endpoint} /3311/1/5851", r"^error:.*4\.04")
    if change:
        observe(title, server, endpoint, "/3303/0/5700", change, ("22.5", "23.25", "24.5", "25.5"))


def observe(title, server, endpoint, path, change, values):
    """Observes through two changes, cancels, and sees nothing of two more."""
    seen = False
    with case(f"{title}: observe {path}"):
        server.ask(f"observe {endpoint} {path}", f"^ok|^{path}")
        for value in values[:2]:
            since = server.mark()
            change(path, value)
            server.expect(rf"^notification {endpoint} {path}\b.*{value}", since)
        seen = True
    with case(f"{title}: cancel the observation of {path}"):
        if not seen:
            raise Failure("nothing to cancel")
        server.ask(f"cancel {endpoint} {path}", "^ok")
        since = server.mark()
        for value in values[2:]:
            change(path, value)
            # Once a later command is answered, a notification would have been seen.
            server.value(f"read {endpoint} {path}", path)
        # A passive cancel may still see the one notification that it answers with a Reset.
        late = [line for line in server.lines[since:] if line.startswith("notification")]
        if any(values[3] in line for line in late):
            raise Failure(f"still notified: {late}")
