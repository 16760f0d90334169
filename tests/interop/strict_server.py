"""A strict SMTP and LMTP server on raw sockets, for one connection, that answers as its script says.

It accepts nothing that it could let pass: a line that ends otherwise than by CRLF, a dot that should have been
stuffed, a command behind one whose reply must come first (RFC 2920 3.1), an octet behind QUIT. What it finds
wrong stands in `violations`; what was said, in `commands`; what was sent, in `message`.
"""

import re
import select
import time


class Gone(Exception):
    """The client has closed the connection."""


class StrictServer:
    def __init__(self, offers=(), answers=None, lmtp=False, cut=False, hold=False, pause=0.0):
        """
        offers   the keywords of the EHLO reply.
        answers  what to answer instead of success, by verb, "greeting", "chunk" or "message": a reply's text, or a
                 list with one text for each time; None in place of a text closes the connection.
        cut      every reply leaves octet by octet.
        hold     nothing is answered from MAIL on until DATA or BDAT has arrived: only a group gets through.
        pause    seconds before each reply, for whoever should not talk meanwhile.
        """
        self.offers, self.answers, self.lmtp = offers, answers or {}, lmtp
        self.cut, self.hold, self.pause = cut, hold, pause
        self.commands, self.violations, self.message = [], [], b""
        self.chunks, self.held, self.times = [], b"", {}
        self.accepted = []
        self.unread = bytearray()

    def serve(self, connection):
        """One connection, from the greeting to its end."""
        self.connection = connection
        try:
            self.reply("greeting", "220 strict.example at your service")
            while self.command():
                pass
            if self.more():
                self.violations.append(f"behind QUIT: {bytes(self.unread[:80])!r}")
        except Gone:
            if self.unread:
                self.violations.append(f"half a line: {bytes(self.unread[:80])!r}")
        except (ConnectionResetError, BrokenPipeError):
            pass
        connection.close()

    # Reading.

    def more(self):
        piece = self.connection.recv(1 << 16)
        self.unread += piece
        return len(piece)

    def line(self):
        looked = 0
        while (end := self.unread.find(b"\n", looked)) < 0:
            looked = len(self.unread)
            if not self.more():
                raise Gone
        line = bytes(self.unread[: end + 1])
        del self.unread[: end + 1]
        if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
            self.violations.append(f"no CRLF ends {line!r}")
        return line.rstrip(b"\r\n").decode()

    def alone(self, command):
        """Behind this command nothing may stand until it was answered."""
        if self.unread or select.select([self.connection], [], [], self.pause)[0] and self.more():
            self.violations.append(f"behind {command}: {bytes(self.unread[:80])!r}")

    def content(self):
        """A message by DATA, without its stuffed dots."""
        wire, looked = bytearray(b"\r\n"), 0
        wire += self.unread
        while (end := wire.find(b"\r\n.\r\n", max(0, looked - 4))) < 0:
            looked = len(wire)
            self.unread.clear()
            if not self.more():
                raise Gone
            wire += self.unread
        self.unread[:] = wire[end + 5 :]
        wire = bytes(wire[: end + 2])
        if re.search(rb"\r\n\.[^.]", wire):
            self.violations.append("a dot that begins a line was not doubled")
        if re.search(rb"\r(?!\n)|(?<!\r)\n", wire):
            self.violations.append("a bare CR or LF stands in the message")
        return wire.replace(b"\r\n.", b"\r\n")[2:]

    def chunk(self, size):
        while len(self.unread) < size:
            if not self.more():
                raise Gone
        octets = bytes(self.unread[:size])
        del self.unread[:size]
        return octets

    # Answering.

    def reply(self, to, text):
        """Sends the script's reply, or `text`; gives its code."""
        script = self.answers.get(to, text)
        if isinstance(script, list):
            nth = self.times.get(to, 0)
            self.times[to] = nth + 1
            script = script[nth] if nth < len(script) else text
        if script is None:
            raise ConnectionResetError
        self.held += "".join(line + "\r\n" for line in script.split("\n")).encode()
        if not (self.hold and to in ("MAIL", "RCPT")):
            self.flush()
        if script.startswith("421"):
            raise ConnectionResetError
        return int(script[:3]) if script[:3].isdigit() else 0

    def flush(self):
        for piece in [self.held[i : i + 1] for i in range(len(self.held))] if self.cut else [self.held]:
            self.connection.sendall(piece)
            if self.cut:
                time.sleep(0.0005)
        self.held = b""

    def command(self):
        """Reads and answers one command; False after QUIT."""
        line = self.line()
        verb = line.split(" ")[0].upper()
        self.commands.append(line)
        if "PIPELINING" not in self.offers or verb in ("EHLO", "HELO", "LHLO", "DATA", "QUIT", "NOOP"):
            if verb != "BDAT":
                self.alone(verb)
        handle = getattr(self, "on_" + verb.lower(), None)
        if not handle:
            self.reply(verb, "500 5.5.1 unknown")
        return handle is None or handle(line) is not False

    def on_ehlo(self, line):
        if self.lmtp != line.upper().startswith("LHLO"):
            self.violations.append(f"the other protocol's {line}")
        lines = ["strict.example", *self.offers]
        self.reply("EHLO", "\n".join(["250-" + text for text in lines[:-1]] + ["250 " + lines[-1]]))

    on_lhlo = on_ehlo

    def on_helo(self, _):
        self.reply("HELO", "250 strict.example")

    def on_mail(self, line):
        self.accepted, self.chunks = [], []
        for keyword, parameter in (("SIZE", "SIZE="), ("8BITMIME", "BODY=")):
            if parameter in line and keyword not in self.offers:
                self.violations.append(f"{parameter} was not offered")
        self.reply("MAIL", "250 2.1.0 ok")

    def on_rcpt(self, line):
        if self.reply("RCPT", "250 2.1.5 ok") < 300:
            self.accepted.append(re.search(r"<.*>", line)[0])

    def on_data(self, _):
        if self.reply("DATA", "354 go ahead" if self.accepted else "554 5.5.1 no valid recipients") == 354:
            self.message = self.content()
            if "PIPELINING" not in self.offers:
                self.alone("the final dot")
            self.ended()

    def on_bdat(self, line):
        _, size, *last = line.split(" ")
        self.chunks.append(self.chunk(int(size)))
        if "PIPELINING" not in self.offers:
            self.alone("a chunk")
        if last == ["LAST"]:
            self.message = b"".join(self.chunks)
            self.ended()
        else:
            self.reply("chunk", f"250 2.0.0 {size} octets")

    def ended(self):
        """One reply, or in LMTP one for each accepted recipient (RFC 2033 4.2)."""
        for to in self.accepted if self.lmtp else ["all"]:
            self.reply("message", f"250 2.0.0 delivered to {to}")

    def on_rset(self, _):
        self.reply("RSET", "250 2.0.0 ok")

    def on_quit(self, _):
        self.reply("QUIT", "221 2.0.0 bye")
        return False
