"""Generated data, written by lwm2m-codec in TLV and the JSON of 1.0 and read by us, and written by us and read by it.

What it is not asked for, because it does otherwise than the specification: instances of multiple resources (it writes
numbers as text), whole instances in JSON (its base names lack a slash), Booleans of object 0 (text), objects without an
entry in its table, and numbers whose width it does not find or that JavaScript does not hold.
"""

import json
import os
import random
import shutil
import subprocess

from peer import binary, case, check, Failure
from vectors import checked, vector

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = os.environ.get("LWM2M_CODEC_MODULES", "")
EACH = 150
# resources of a kind on which both tables agree
RESOURCES = {
    "/3303/0": {5700: "float", 5701: "string", 5601: "float", 5604: "float"},
    "/3/0": {0: "string", 1: "string", 2: "string", 9: "integer", 10: "integer", 13: "time", 21: "integer"},
    "/1/0": {0: "integer", 1: "integer", 6: "boolean", 7: "string"},
}
dice = random.Random(21)


def present():
    return bool(MODULES) and shutil.which("node") is not None


def value(kind):
    if kind == "float":
        return dice.randint(-1 << 20, 1 << 20) / 8
    if kind == "boolean":
        return dice.random() < 0.5
    if kind == "string":
        return "".join(dice.choice("abcXYZ-é€") for _ in range(dice.choice([1, 7, 8, 40, 150])))
    # it takes one octet for 200, and two for 40000
    least, most = dice.choice([(0, 127), (256, 32767), (65536, 2**31 - 1), (-128 if kind == "integer" else 0, 127)])
    return dice.randint(least, most)


def node(jobs):
    run = subprocess.run(["node", os.path.join(HERE, "lwm2m_codec.js")], input=json.dumps(jobs), capture_output=True,
                         text=True, timeout=60, env={**os.environ, "NODE_PATH": MODULES})
    if run.returncode:
        raise Failure(run.stderr[-300:])
    results = json.loads(run.stdout)
    for job, result in zip(jobs, results):
        if "is" not in result:
            raise Failure(f"{job}: {result}")
    return [result["is"] for result in results]


def chosen(at):
    found = {id: value(kind) for id, kind in RESOURCES[at].items() if dice.random() < 0.7}
    return found or {id: value(kind) for id, kind in RESOURCES[at].items()}


def ids(at, *below):
    return tuple(int(id) for id in at.strip("/").split("/")) + below


def written(format, at, values):
    """What our program writes for these resources."""
    text = {bool: lambda it: str(it).lower(), float: repr}
    words = [f"{id}={text.get(type(it), str)(it)}" for id, it in sorted(values.items())]
    command = [binary("inspect"), "encode", "--format", format, "--path", at, *words]
    run = subprocess.run(command, capture_output=True, text=True, timeout=20)
    if run.returncode:
        raise Failure(f"{' '.join(words)}: {run.stderr.strip()}")
    return run.stdout.strip()


def run():
    with case(f"lwm2m-codec: {EACH} instances that it writes in TLV are read as they were meant"):
        whole = [(at, chosen(at)) for at in dice.choices(list(RESOURCES), k=EACH)]
        octets = node([["encode", "tlv", at, values] for at, values in whole])
        items = [[(ids(at, id), RESOURCES[at][id], it, {}) for id, it in values.items()] for at, values in whole]
        checked([vector(f"lwm2m-codec-tlv-{n}", 11542, "tlv", at, item, bytes.fromhex(hexed))
                 for n, ((at, _), item, hexed) in enumerate(zip(whole, items, octets))])
    with case(f"lwm2m-codec: {EACH} resources that it writes in TLV and JSON are read as they were meant"):
        single = []
        for at in dice.choices(list(RESOURCES), k=EACH):
            id, kind = dice.choice(list(RESOURCES[at].items()))
            single.append((at, id, kind, value(kind)))
        for format, name, number in [("tlv", "tlv", 11542), ("json", "oma-json", 11543)]:
            octets = node([["encode", format, f"{at}/{id}", it] for at, id, _, it in single])
            checked([vector(f"lwm2m-codec-{name}-{n}", number, name, f"{at}/{id}", [(ids(at, id), kind, it, {})],
                            bytes.fromhex(hexed)) for n, ((at, id, kind, it), hexed) in enumerate(zip(single, octets))])
    for format, theirs in [("tlv", "tlv"), ("oma-json", "json")]:
        with case(f"lwm2m-codec: reads what we write in {format}"):
            whole = [(at, chosen(at)) for at in list(RESOURCES) * 8]
            octets = [written(format, at, values) for at, values in whole]
            found = node([["decode", theirs, at, hexed] for (at, _), hexed in zip(whole, octets)])
            for (at, values), read in zip(whole, found):
                check({int(id): it for id, it in read.items()}, values, f"{format} of {at}")
