"""A second, independent TLV codec (content format 11542), as small as the cases allow."""

import struct

INSTANCE, RESOURCE_INSTANCE, MULTIPLE, RESOURCE = 0, 1, 2, 3


def entry(kind, number, body):
    """One type-length-value entry."""
    wide = number > 255
    head = kind << 6 | wide << 5
    name = struct.pack(">H" if wide else ">B", number)
    size = len(body)
    if size < 8:
        return bytes([head | size]) + name + body
    width = 1 if size < 1 << 8 else 2 if size < 1 << 16 else 3
    return bytes([head | width << 3]) + name + size.to_bytes(width, "big") + body


def scalar(value):
    if isinstance(value, bool):
        return bytes([value])
    if isinstance(value, int):
        width = next(w for w in (1, 2, 4, 8) if -(1 << 8 * w - 1) <= value < 1 << 8 * w - 1)
        return value.to_bytes(width, "big", signed=True)
    if isinstance(value, float):
        return struct.pack(">d", value)
    return value.encode() if isinstance(value, str) else value


def resource(number, value):
    """A single value, or a dict of resource instances."""
    if isinstance(value, dict):
        inner = b"".join(entry(RESOURCE_INSTANCE, i, scalar(v)) for i, v in sorted(value.items()))
        return entry(MULTIPLE, number, inner)
    return entry(RESOURCE, number, scalar(value))


def decode(data):
    """A list of (kind, number, body), where body is again a list for kinds that nest."""
    entries = []
    while data:
        head, data = data[0], data[1:]
        kind, wide, width = head >> 6, head >> 5 & 1, head >> 3 & 3
        number, data = int.from_bytes(data[:1 + wide], "big"), data[1 + wide:]
        size = head & 7
        if width:
            size, data = int.from_bytes(data[:width], "big"), data[width:]
        if len(data) < size:
            raise ValueError("TLV entry longer than its data")
        body, data = data[:size], data[size:]
        entries.append((kind, number, decode(body) if kind in (INSTANCE, MULTIPLE) else body))
    return entries


def resources(data):
    """The resources of one object instance as a dict; with or without the instance wrapper."""
    entries = decode(data)
    if len(entries) == 1 and entries[0][0] == INSTANCE:
        entries = entries[0][2]
    return {number: {i: b for _, i, b in body} if kind == MULTIPLE else body
            for kind, number, body in entries}
