#!/usr/bin/env python3
"""`receive` against peers that mean harm: it stays within its buffers, answers, and works in proportion to the input.

Work is counted in steps, the calls of the session's receive(), and in reads; never in seconds. A step gives one
event, so the steps of a linear session are no more than the reads and the commands and a constant together.

Usage: hostile_test.py PATH-OF-RECEIVE
"""

import signal
import struct
import sys
import threading
import time

try:
    import socket
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

sys.dont_write_bytecode = True

from failure import Failure, check
from messages import difference
from receive_process import Receive

MIB = 1 << 20
OPENING = b"EHLO client.example\r\nMAIL FROM:<%s>\r\nRCPT TO:<box@server.example>\r\nDATA\r\n"
GROWTH = 4096  # KiB that no input may make `receive` grow by, whatever its size


class Peer:
    """A connection that writes from a thread of its own, so that reading never waits for writing."""

    def __init__(self, server):
        self.socket = socket.create_connection(("127.0.0.1", server.port))
        self.socket.settimeout(60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.unread = b""
        self.writer = None

    def write(self, *pieces):
        """Sends each piece in one write; a number is a pause in seconds."""

        def run():
            try:
                for piece in pieces:
                    if isinstance(piece, float):
                        time.sleep(piece)
                    else:
                        self.socket.sendall(piece)
            except OSError:
                pass  # the replies tell

        if self.writer:
            self.writer.join()
        self.writer = threading.Thread(target=run, daemon=True)
        self.writer.start()

    def reply(self):
        """The next whole reply: its code and its last line."""
        while True:
            while b"\r\n" not in self.unread:
                piece = self.socket.recv(1 << 16)
                check(piece != b"", "the connection ended where a reply was due")
                self.unread += piece
            line, self.unread = self.unread.split(b"\r\n", 1)
            if line[3:4] != b"-":
                return int(line[:3]), line

    def replies(self, *codes):
        for code in codes:
            got, line = self.reply()
            check(got == code, f"{code} was due, and {line!r} came")

    def repeated(self, code, count):
        """`count` replies of one line, all alike."""
        first, line = self.reply()
        check(first == code, f"{code} was due, and {line!r} came")
        line += b"\r\n"
        left = len(line) * (count - 1) - len(self.unread)
        pieces = [self.unread]
        while left > 0:
            pieces.append(self.socket.recv(1 << 18))
            check(pieces[-1] != b"", f"the connection ended with {left} octets of replies due")
            left -= len(pieces[-1])
        octets = b"".join(pieces)
        wanted = len(line) * (count - 1)
        check(octets[:wanted] == line * (count - 1), "the replies are not all alike")
        self.unread = octets[wanted:]

    def ended(self):
        """Nothing stands behind the last reply."""
        check(self.unread == b"" and self.socket.recv(1) == b"", "something stands behind the last reply")
        self.writer.join()
        self.socket.close()


def within_buffers(server, before, what):
    after = server.peak_memory()
    if before is not None and after is not None:
        check(after - before <= GROWTH, f"{what}: memory grew from {before} to {after} KiB")


def linear(server, what, events):
    """The steps that the connection which just ended has taken: no more than it had reads and events."""
    reads, steps = server.count()
    check(steps <= reads + events, f"{what}: {steps} steps for {reads} reads and at most {events} events")
    return steps


def endless_line(server, size):
    """A command line without an end (RFC 5321 4.5.3.1.4): one 500, and the next line is a command again."""
    before = server.peak_memory()
    peer = Peer(server)
    line, rest = b"x" * size, b"\r\nNOOP\r\nQUIT\r\n"
    peer.write(line, rest)
    peer.replies(220, 500, 250, 221)
    peer.ended()
    within_buffers(server, before, "an endless line")
    return linear(server, "an endless line", 16)


def endless_line_of_a_message(server, size):
    """A message is no line: its content is taken as it comes, or refused as a whole, with one reply at its end."""
    before = server.peak_memory()
    peer = Peer(server)
    opening, line, rest = OPENING % b"long@client.example", b"x" * size, b"\r\n.\r\nQUIT\r\n"
    peer.write(opening, line, rest)
    peer.replies(220, 250, 250, 250, 354)
    code, reply = peer.reply()
    check(code in (250, 552), f"a long message was answered {reply!r}")
    peer.replies(221)
    peer.ended()
    within_buffers(server, before, "a message without line ends")
    # A read gives a piece of the message, which is the one event, and the need for more.
    linear(server, "a message without line ends", size // 1024)
    if code == 250:
        _, got = server.take("<long@client.example>")
        check(got == line + b"\r\n", difference(line + b"\r\n", got))


def endless_address(server, size):
    """An argument without an end is no more than a line without an end."""
    peer = Peer(server)
    opening, line = b"EHLO client.example\r\nMAIL FROM:<", b"a" * size + b"@client.example>\r\nQUIT\r\n"
    peer.write(opening + line)
    peer.replies(220, 250, 500, 221)
    peer.ended()
    linear(server, "an endless address", 16)


def many_noops(server, count):
    """One write, `count` commands: `count` replies in order (RFC 2920 3.2)."""
    before = server.peak_memory()
    peer = Peer(server)
    peer.write(b"NOOP\r\n" * count + b"QUIT\r\n")
    peer.replies(220)
    peer.repeated(250, count)
    peer.replies(221)
    peer.ended()
    within_buffers(server, before, f"{count} commands in one write")
    return linear(server, f"{count} commands in one write", count + 16)


def one_octet_a_write(server):
    """However it is cut, the dialogue is the same, and an octet costs a read and an event at most."""
    body = b"Subject: drip\r\n\r\n..\r\n.\xff\r\n\r\n" + b"x" * 998 + b"\r\n"
    stuffed = body.replace(b"\r\n.", b"\r\n..") + b".\r\n"
    octets = (
        b"NOOP\r\nEHLO client.example\r\nwhat is this\r\nMAIL FROM:<>\r\nRCPT TO:nobody\r\nRSET\r\n"
        + b"y" * 3000 + b"\r\n"
        + OPENING % b"drip@client.example" + stuffed
        + b"MAIL FROM:<chunk@client.example>\r\nRCPT TO:<box@server.example>\r\n"
        + b"BDAT %d\r\n%s" % (len(body), body) + b"BDAT 0 LAST\r\n"
        + b"RSET\r\nQUIT\r\n"
    )
    peer = Peer(server)
    peer.replies(220)
    pieces = []
    for octet in octets:
        pieces.append(bytes([octet]))
        if octet in b"\r.":
            pieces.append(0.002)  # here a cut matters most: the read should end here too
    peer.write(*pieces)
    peer.replies(250, 250, 500, 250, 501, 250, 500, 250, 250, 250, 354, 250, 250, 250, 250, 250, 250, 221)
    peer.ended()
    for sender in ("drip", "chunk"):
        _, got = server.take(f"<{sender}@client.example>")
        check(got == body, f"{sender}: {difference(body, got)}")
    linear(server, "one octet a write", len(octets))


def who_never_reads(server):
    """Replies that nobody takes stop the reading, not the server: it neither grows nor neglects the others."""
    before = server.peak_memory()
    peer = Peer(server)
    peer.socket.setblocking(False)
    noops, sent, idle = b"NOOP\r\n" * 100_000, 0, 0
    while idle < 10 and sent < 256 * MIB:
        try:
            sent += peer.socket.send(noops[sent % len(b"NOOP\r\n") :])
            idle = 0
        except BlockingIOError:
            idle += 1
            time.sleep(0.02)
    check(sent < 256 * MIB, "a peer who reads no reply was read from without end")
    other = Peer(server)
    other.write(b"QUIT\r\n")
    other.replies(220, 221)
    other.ended()
    server.count()
    within_buffers(server, before, "a peer who never reads")
    peer.socket.setblocking(True)
    peer.socket.settimeout(60)
    peer.write(b"NOOP\r\n"[sent % 6 :] + b"QUIT\r\n" if sent % 6 else b"QUIT\r\n")
    peer.replies(220)
    peer.repeated(250, -(-sent // 6))
    peer.replies(221)
    peer.ended()
    server.count()


def who_leaves(server):
    """Connections reset and half closed in every state leave the server as it was."""
    opening = OPENING % b"a@b.example"
    chunk = opening.replace(b"DATA", b"BDAT 1000000")
    for octets in (b"", b"EH", b"EHLO client.example\r\n", opening, opening + b"x\r\n.", chunk, chunk + b"x"):
        for linger in (struct.pack("ii", 1, 0), None):
            peer = Peer(server)
            peer.replies(220)
            peer.socket.sendall(octets)
            if linger:
                peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            else:
                peer.socket.shutdown(socket.SHUT_WR)
                while peer.socket.recv(4096):
                    pass
            peer.socket.close()
            server.count()
    check(server.files() == [], f"these stay: {server.files()}")


def main():
    with Receive(sys.argv[1], "--count") as server:
        few = endless_line(server, 32 * MIB)
        many = endless_line(server, 64 * MIB)
        endless_line_of_a_message(server, 16 * MIB)
        endless_line_of_a_message(server, 64 * MIB)
        endless_address(server, MIB)
        commands = many_noops(server, 1_000_000)
        one_octet_a_write(server)
        who_never_reads(server)
        who_leaves(server)
    print(f"hostile: linear and bounded; 64 MiB without a line end in {many} steps, half of it "
          f"in {few}, 1,000,000 commands in {commands}")


if __name__ == "__main__":
    if hasattr(signal, "alarm"):
        signal.alarm(300)  # a hung peer fails the test
    try:
        main()
    except (Failure, OSError) as failure:
        print(f"hostile: FAILED: {failure!r}")
        sys.exit(1)
