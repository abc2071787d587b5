"""Vectors in the schema of `lwm2m-core/tests/vectors/vectors.json`, run by `inspect check`."""

import json
import os
import subprocess
import tempfile

from peer import binary, Failure


def listed(kind, it):
    """As a vector shows it."""
    if kind == "opaque":
        return it.hex()
    return str(it) if kind in ("integer", "unsigned", "time") else it


def path(ids):
    return "/" + "/".join(str(id) for id in ids)


def vector(name, number, format, base, items, octets, **more):
    items = [{"path": path(ids), "type": kind, "value": listed(kind, it), **time} for ids, kind, it, time in items]
    return {"id": name, "format": format, "content_format": number, "base_path": base, "items": items, "valid": True,
            "canonical": False, "source": "generated", "hex": octets.hex(), **more}


def checked(vectors):
    """How many vectors our program has passed: all, or this is a failure."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump({"schema": {}, "vectors": vectors, "extras": []}, file)
    try:
        run = subprocess.run([binary("inspect"), "check", file.name], capture_output=True, text=True, timeout=60)
    finally:
        os.unlink(file.name)
    if run.returncode:
        raise Failure("\n".join(run.stdout.splitlines()[-8:] or [run.stderr[-300:]]))
