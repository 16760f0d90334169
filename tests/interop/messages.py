"""The 200 messages that the interop tests carry: the sizes and shapes that break mail software.

Each is empty or ends with CRLF, and holds no bare CR or LF: only such a message can DATA carry octet for
octet (RFC 5321 2.3.8 and 4.1.1.4). Nothing here is random: message 17 is the same on every machine.
"""

# What a message's lines look like; the pattern is repeated and cut to size.
SHAPES = {
    # Every line needs stuffing, a lone dot stands first (RFC 5321 4.5.2).
    "dots": b".\r\n..\r\n...\r\n.x\r\n....\r\n. .\r\n" + b"." * 64 + b"\r\nx.\r\n",
    "blank lines": b"\r\n",
    # All octets but NUL, CR and LF.
    "8-bit": b"".join(bytes(c for c in range(first, 256, 7) if c not in b"\r\n") + b"\r\n" for first in range(1, 8)),
    # The longest line a message may have: 1000 octets with its CRLF, a stuffed dot not counted (RFC 5321 4.5.3.1.6).
    "998-octet lines": b"\r\n".join((b"a" * 998, b"." * 998, b"." + b"b" * 997, b"\xff" * 998, b"")),
    "prose": b"Subject: a letter\r\n\r\n" + b"It was a dark and stormy night; the rain fell in torrents\r\n" * 9,
}

# From nothing to 5 MB, and around the sizes that buffers have; without 65537, where curl 7.88 loses the last LF,
# because its buffer ends within the last CRLF.
SIZES = (
    (0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 511, 512, 513, 998, 999, 1000, 1001, 1002, 2000)
    + (4094, 4095, 4096, 4097, 4098, 8192, 16382, 16383, 16384, 16385, 16386, 32768)
    + (65534, 65535, 65536, 65538, 65539, 100_000, 262_144, 1_000_000, 5_000_000)
)


def message(pattern, size):
    """`size` octets of the pattern, the last two a CRLF."""
    if size == 0:
        return b""
    body = (pattern * (size // len(pattern) + 1))[: size - 2]
    # Where the cut went through a CRLF, the last line becomes the lone dot that an under-stuffing peer ends at.
    if body.endswith(b"\r"):
        body = body[:-1] + b"."
    return body + b"\r\n"


def all_messages():
    """The 200, as (name, octets), every shape in every size."""
    for size in SIZES:
        for shape, pattern in SHAPES.items():
            yield f"{shape}, {size} octets", message(pattern, size)


def difference(expected, actual):
    """Where two messages part, in words for a failure."""
    if expected == actual:
        return "none"
    at = next((i for i, (a, b) in enumerate(zip(expected, actual)) if a != b), min(len(expected), len(actual)))
    near = slice(max(0, at - 16), at + 16)
    return f"{len(expected)} octets sent, {len(actual)} arrived; at {at}: {expected[near]!r} became {actual[near]!r}"
