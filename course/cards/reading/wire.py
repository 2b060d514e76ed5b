"""The few messages of protocol buffers that a package holds: fields of a message, by number."""

from collections.abc import Iterator


class WireError(ValueError):
    """Bytes that are not a message."""


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Each field's number and value, a whole number or bytes, in order; WireError when the bytes are not a message."""
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        kind = key & 7
        if kind == 0:
            value, at = _number(message, at)
            yield key >> 3, value
            continue
        if kind == 2:
            length, at = _number(message, at)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise WireError(f"a field of kind {kind}")
        if at + length > len(message):
            raise WireError("a field that extends past the end")
        yield key >> 3, message[at : at + length]
        at += length


def _number(message: bytes, at: int) -> tuple[int, int]:
    """A varint and the place behind it."""
    value = 0
    for shift in range(0, 70, 7):
        if at == len(message):
            raise WireError("a number that is cut off")
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise WireError("a number of more than ten bytes")
