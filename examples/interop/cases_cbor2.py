"""Generated data, written by cbor2 and read by us, and written by us and read by cbor2.

`inspect check` runs what cbor2 wrote, as vectors in the schema of `lwm2m-core/tests/vectors/vectors.json`; what
`inspect encode` wrote is taken apart here.
"""

import datetime
import random
import subprocess
from decimal import Decimal

import cbor2

from peer import binary, case, check, Failure
from vectors import checked, path, vector

SEED = 20
EACH = 150  # vectors of a format
OBJECT = 3442  # the test object: a resource of every type
SINGLE = {110: "string", 120: "integer", 125: "unsigned", 130: "float", 140: "boolean", 150: "opaque", 160: "time",
          170: "objlnk", 180: "corelnk"}
MULTIPLE = {id + 1000: kind for id, kind in SINGLE.items()}
LABELS = {"string": 3, "corelnk": 3, "boolean": 4, "opaque": 8, "objlnk": "vlo"}

dice = random.Random(SEED)


def whole(bits):
    """A number with any count of bits."""
    return dice.getrandbits(dice.randint(1, bits))


def value(kind):
    if kind in ("integer", "time"):
        return dice.choice([1, -1]) * whole(63)
    if kind == "unsigned":
        return whole(64)
    if kind == "float":
        return dice.choice([dice.uniform(-1e6, 1e6), whole(10) / 8, dice.uniform(-1, 1) * 10.0 ** dice.randint(-300, 300)])
    if kind == "boolean":
        return dice.random() < 0.5
    if kind == "opaque":
        return dice.randbytes(dice.choice([0, 1, 23, 24, 255, 256]))
    if kind == "objlnk":
        return f"{whole(16)}:{whole(16)}"
    return "".join(dice.choice("aé€😀\"\\ /0") for _ in range(dice.choice([0, 1, 7, 30])))


def leaves():
    """Resources and resource instances of one object instance: ids below it, kind and value."""
    found = [((id,), kind) for id, kind in SINGLE.items() if dice.random() < 0.5]
    for id, kind in MULTIPLE.items():
        if dice.random() < 0.3:
            found += [((id, item), kind) for item in dice.sample(range(65535), dice.randint(1, 3))]
    dice.shuffle(found)
    return [(ids, kind, value(kind)) for ids, kind in found]


def encoded(it, kind):
    """A form that a peer may choose, as cbor2 takes it."""
    if kind == "time" and 0 <= it < 4_000_000_000 and dice.random() < 0.5:
        return dice.choice([cbor2.CBORTag(1, it), datetime.datetime.fromtimestamp(it, datetime.timezone.utc)])
    if kind == "float" and it == int(it) and abs(it) < 1 << 53 and dice.random() < 0.5:
        return int(it)
    if kind == "float" and abs(it) < 1e6 and dice.random() < 0.2:
        return Decimal(repr(it))
    return it


def single(number):
    """One value; in its shortest form, if it is of a type for which there is one."""
    kind = dice.choice(list(SINGLE.values()))
    it = value(kind)
    at = (9999, 0, 1)
    shortest = dice.random() < 0.5
    octets = cbor2.dumps(it, canonical=True) if shortest else cbor2.dumps(encoded(it, kind))
    return vector(f"cbor2-cbor-{number}", 60, "cbor", path(at), [(at, kind, it, {})], octets, canonical=shortest)


def pack(number):
    """SenML with bases that change, and times."""
    at, records, items = (OBJECT, number), [], []
    start, step = 1_600_000_000 + whole(28), dice.choice([None, 1, 0.25])
    for position, (ids, kind, it) in enumerate(leaves()):
        record = {LABELS.get(kind, 2): encoded(it, kind)}
        if position == 0 or dice.random() < 0.2:
            record[-2] = dice.choice([path(at) + "/", "/", f"/{OBJECT}/", path(at)])
            base = record[-2]
        record[0] = path(at + ids).removeprefix(base) if path(at + ids).startswith(base) else None
        time = {}
        if step is not None:
            record.update({-3: start} if position == 0 else {})
            record[6] = -position * step
            time = {"time": start - position * step}
        records.append(dict(dice.sample(list(record.items()), len(record))))
        items.append((at + ids, kind, it, time))
    return vector(f"cbor2-senml-{number}", 112, "senml-cbor", path(at), items, cbor2.dumps(records))


def maps(number):
    """LwM2M CBOR with keys of one to four ids."""
    at, whole_map, items = (OBJECT, number), {}, []
    for ids, kind, it in leaves():
        ids = at + ids
        cuts = [0, *sorted(dice.sample(range(1, len(ids)), dice.randint(0, len(ids) - 1))), len(ids)]
        keys = [ids[a:b] for a, b in zip(cuts, cuts[1:])]
        place = whole_map
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = encoded(it, kind)
        items.append((ids, kind, it, {}))

    def keyed(tree):
        if not isinstance(tree, dict):
            return tree
        return {key[0] if len(key) == 1 and dice.random() < 0.5 else key: keyed(below) for key, below in tree.items()}

    octets = cbor2.dumps(keyed(whole_map)) if items else b""
    return vector(f"cbor2-lwm2m-{number}", 11544, "lwm2m-cbor", path(at), items, octets)


def cut(whole_vector):
    """The same, cut off somewhere."""
    octets = bytes.fromhex(whole_vector["hex"])
    types = {item["path"]: item["type"] for item in whole_vector["items"]}
    more = {"valid": False, "types": types, "reject_reason": "cut off", "coap_error": "4.00"}
    base = {key: it for key, it in whole_vector.items() if key not in ("items", "canonical")}
    return {**base, **more, "id": whole_vector["id"] + "-cut", "hex": octets[:dice.randrange(1, len(octets))].hex()}


def written(format, kind_values):
    """What our program writes for these resources of /3442/0."""
    text = {"boolean": lambda it: str(it).lower(), "opaque": lambda it: "0x" + it.hex(), "float": repr}
    words = [f"{id}={text.get(kind, str)(it)}" for id, (kind, it) in sorted(kind_values.items())]
    command = [binary("inspect"), "encode", "--format", format, "--path", f"/{OBJECT}/0", *words]
    run = subprocess.run(command, capture_output=True, text=True, timeout=20)
    if run.returncode:
        raise Failure(f"{' '.join(words)}: {run.stderr.strip()}")
    octets = bytes.fromhex(run.stdout.strip())
    found = cbor2.loads(octets)
    if isinstance(found, dict):
        check(cbor2.dumps(found, canonical=True), octets, "canonical form")
        return found[(OBJECT, 0)]
    base, values = "", {}
    for record in found:
        base = record.get(-2, base)
        [label] = [label for label in record if label in (2, 3, 4, 8, "vlo")]
        values[int((base + record.get(0, "")).rsplit("/", 1)[1])] = record[label]
    return values


def run():
    for name, make in [("CBOR", single), ("SenML CBOR", pack), ("LwM2M CBOR", maps)]:
        with case(f"cbor2: {EACH} payloads in {name} are read as they were meant, and refused when cut off"):
            whole_vectors = [make(number) for number in range(EACH)]
            cuts = [cut(it) for it in whole_vectors if len(it["hex"]) > 2]
            checked(whole_vectors + cuts)
    words = {"string": "an", "corelnk": "<link>", "opaque": b"\0\xff"}
    for format in ["senml-cbor", "lwm2m-cbor"]:
        with case(f"cbor2: reads what we write in {format}"):
            for _ in range(20):
                chosen = {id: (kind, words.get(kind, value(kind))) for id, kind in SINGLE.items() if dice.random() < 0.7}
                chosen = chosen or {120: ("integer", 1)}
                expected = {id: it for id, (kind, it) in chosen.items()}
                check(written(format, chosen), expected, format)
