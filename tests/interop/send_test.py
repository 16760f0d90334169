#!/usr/bin/env python3
"""`send` delivers to strict servers on raw sockets, octet for octet, and takes every refusal for what it is.

Usage: send_test.py PATH-OF-SEND
"""

import signal
import subprocess
import sys
import tempfile

try:
    import socket
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

sys.dont_write_bytecode = True

from failure import Failure, check
from messages import all_messages, difference
from strict_server import StrictServer

# What `send` ends with (sysexits.h).
DELIVERED, USAGE, BAD_DATA, REFUSED, LATER, PROTOCOL = 0, 64, 65, 69, 75, 76

TEXT = b"Subject: dots\r\n\r\n.\r\n..\r\n.end\r\n"
SENDER = "sender@client.example"
PIPELINING, CHUNKING = ("PIPELINING", "8BITMIME", "SIZE"), ("CHUNKING", "8BITMIME")


def send(server, content=TEXT, recipients=("one@d.example",), options=(), sender=SENDER, path=None):
    """Runs `send` against one connection of the server; gives its exit status and what it printed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        port = listener.getsockname()[1]
        options = list(options) + (["--lmtp"] if server.lmtp else [])
        command = [PROGRAM, *options, f"127.0.0.1:{port}", sender, *recipients]
        with open(path, "rb") if path else tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as output:
            if not path:
                stdin.write(content)
                stdin.seek(0)
            process = subprocess.Popen(command, stdin=stdin, stdout=output, stderr=subprocess.STDOUT)
            connection, _ = listener.accept()
            connection.settimeout(20)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.serve(connection)
            status = process.wait(20)
            output.seek(0)
            return status, output.read().decode()


def alone(*arguments, content=b""):
    """Runs `send` with no server to be had."""
    ran = subprocess.run([PROGRAM, *arguments], input=content, capture_output=True, check=False)
    return ran.returncode, ran.stderr.decode()


def expect(what, server, status, *words, message=None, commands=None, **how):
    """One dialogue: the exit status, words in what is printed, what the server got."""
    got, printed = send(server, **how)
    told = f"{what}: {printed!r}, {server.commands}"
    check(got == status, f"exit status {got}, not {status}: {told}")
    check(not server.violations, f"{server.violations}: {told}")
    for word in words:
        check(word in printed, f"{word!r} was not printed: {told}")
    if message is not None:
        check(server.message == message, f"{what}: {difference(message, server.message)}")
    if commands is not None:
        verbs = " ".join(line.split(" ")[0] for line in server.commands)
        check(verbs == commands, f"the commands were {verbs!r}, not {commands!r}: {told}")


def every_message_each_way():
    """200 messages with and without PIPELINING and CHUNKING, and over LMTP, which has PIPELINING always."""
    ways = [(False, []), (False, PIPELINING), (False, CHUNKING), (False, PIPELINING + CHUNKING)]
    ways += [(True, PIPELINING), (True, PIPELINING + CHUNKING)]
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, octets) in enumerate(all_messages()):
            with open(f"{folder}/message", "wb") as file:
                file.write(octets)
            recipients = [f"box{n}@server.example" for n in range(1 + number % 3)]
            for lmtp, offers in ways:
                server = StrictServer(offers, lmtp=lmtp)
                expect(f"{name}, {offers}", server, DELIVERED, message=octets, recipients=recipients,
                       path=f"{folder}/message")
                check(server.accepted == [f"<{to}>" for to in recipients], f"{name}: recipients {server.accepted}")
                check(bool(server.chunks) == ("CHUNKING" in offers), f"{name}: not by the way that was offered")
            count += 1
    return count, len(ways)


def groups_and_order():
    """The same commands in the same order each way, and with PIPELINING in one group (RFC 2920 3.1)."""
    two = ("one@d.example", "two@d.example")
    for cut in (False, True):
        for offers, hello in (((), "EHLO"), (PIPELINING, "EHLO"), (CHUNKING, "EHLO"), (PIPELINING + CHUNKING, "EHLO")):
            content = "BDAT" if "CHUNKING" in offers else "DATA"
            expect(f"{offers}, cut {cut}", StrictServer(offers, cut=cut), DELIVERED, message=TEXT, recipients=two,
                   commands=f"{hello} MAIL RCPT RCPT {content} QUIT")
    expect("held back", StrictServer(PIPELINING, hold=True), DELIVERED, message=TEXT, recipients=two,
           commands="EHLO MAIL RCPT RCPT DATA QUIT")
    expect("a slow server", StrictServer((), pause=0.03), DELIVERED, message=TEXT, recipients=two)
    expect("a slow server with CHUNKING", StrictServer(CHUNKING, pause=0.03), DELIVERED, message=TEXT, recipients=two)
    many = [f"box{n}@server.example" for n in range(2000)]
    for offers in ((), PIPELINING):
        server = StrictServer(offers)
        expect(f"2000 recipients, {offers}", server, DELIVERED, message=TEXT, recipients=many)
        check(server.accepted == [f"<{to}>" for to in many], "the recipients came out of order")
    server = StrictServer(PIPELINING)
    expect("the null sender", server, DELIVERED, sender="<>", message=TEXT)
    check(server.commands[1].startswith("MAIL FROM:<>"), f"the null sender became {server.commands[1]!r}")
    expect("HELO after a refused EHLO", StrictServer(answers={"EHLO": "502 5.5.1 unknown"}), DELIVERED, message=TEXT,
           commands="EHLO HELO MAIL RCPT DATA QUIT")
    talkative = {"greeting": "220-strict.example\n220-\n220 ready", "MAIL": "250-2.1.0 sender\n250 2.1.0 ok",
                 "DATA": "354-go\n354 ahead", "message": "250-2.0.0 line\n250-2.0.0 line\n250 2.0.0 queued"}
    expect("multi-line replies, octet by octet", StrictServer(PIPELINING, talkative, cut=True), DELIVERED, message=TEXT)


def refusals():
    """Each command refused, with and without a group: the verdict, and nothing sent that was not asked for."""
    two = ("one@d.example", "two@d.example")
    for offers in ((), PIPELINING, CHUNKING, PIPELINING + CHUNKING):
        grouped, chunked = "PIPELINING" in offers, "CHUNKING" in offers

        def case(what, answers, status, *words, message=b"", offers=offers, **how):
            server = StrictServer(offers, answers)
            expect(f"{what}, {offers}", server, status, *words, message=message, recipients=two, **how)

        case("greeting 554", {"greeting": "554 no service"}, REFUSED, "554", commands="QUIT")
        case("greeting 421", {"greeting": "421 later"}, LATER, "421")
        case("greeting cut off", {"greeting": None}, LATER)
        case("greeting nonsense", {"greeting": "hello there"}, PROTOCOL)
        case("code changes within the reply", {"MAIL": "250-ok\n550 no"}, PROTOCOL)
        case("EHLO 421", {"EHLO": "421 later"}, LATER, "421")
        case("EHLO and HELO refused", {"EHLO": "550 no", "HELO": "550 no"}, REFUSED, "550", commands="EHLO HELO QUIT")
        case("MAIL 550", {"MAIL": "550 5.7.1 not you", "RCPT": ["503 5.5.1 no MAIL"] * 2, "DATA": "503 5.5.1 no RCPT"},
             REFUSED, "550 5.7.1 not you")
        case("MAIL 451", {"MAIL": "451 4.3.0 later", "RCPT": ["503 5.5.1 no MAIL"] * 2, "DATA": "503 5.5.1 no RCPT"},
             LATER, "451 4.3.0 later")
        case("MAIL cut off", {"MAIL": None}, LATER)
        case("first RCPT 550", {"RCPT": ["550 5.1.1 unknown"]}, REFUSED, "one@d.example: 550 5.1.1 unknown",
             "two@d.example: 250", message=TEXT)
        case("second RCPT 452", {"RCPT": ["250 ok", "452 4.5.3 too many"]}, LATER, "one@d.example: 250",
             "two@d.example: 452 4.5.3 too many", message=TEXT)
        case("RCPT 550 and 450", {"RCPT": ["550 5.1.1 unknown", "450 4.2.0 busy"]}, REFUSED, "550 5.1.1", "450 4.2.0")
        case("RCPT 421", {"RCPT": ["250 ok", "421 shutting down"]}, LATER, "421")
        none = {"RCPT": ["550 5.1.1 unknown", "550 5.1.1 unknown"]}
        case("all RCPT 550", none, REFUSED, "one@d.example: 550", "two@d.example: 550",
             commands="EHLO MAIL RCPT RCPT DATA QUIT" if grouped and not chunked else "EHLO MAIL RCPT RCPT QUIT")
        if not chunked:
            # 354 though nobody was accepted: a lone dot, and what it is answered with counts for nobody.
            case("all RCPT 550 and DATA 354", none | {"DATA": "354 go"}, REFUSED, "one@d.example: 550")
            case("all RCPT 550, DATA 354, dot 554", none | {"DATA": "354 go", "message": "554 none"}, REFUSED)
            case("DATA 451", {"DATA": "451 4.3.0 later"}, LATER, "one@d.example: 451", "two@d.example: 451")
            case("DATA 554", {"DATA": "554 5.3.0 no"}, REFUSED, "554 5.3.0 no")
            case("DATA 421", {"DATA": "421 bye"}, LATER)
            case("DATA cut off", {"DATA": None}, LATER)
        case("message 550", {"message": "550 5.7.1 spam"}, REFUSED, "one@d.example: 550 5.7.1 spam", message=TEXT)
        case("message 452", {"message": "452 4.3.1 full"}, LATER, "two@d.example: 452 4.3.1 full", message=TEXT)
        case("message 421", {"message": "421 4.3.0 bye"}, LATER, message=TEXT)
        case("message cut off", {"message": None}, LATER, message=TEXT)
        case("QUIT 421", {"QUIT": "421 4.3.0 bye"}, DELIVERED, message=TEXT)
        case("QUIT cut off", {"QUIT": None}, DELIVERED, message=TEXT)
        case("unasked reply", {"EHLO": "250 strict.example\n250 once more"}, PROTOCOL)


def lmtp_verdicts():
    """RFC 2033 4.2: a reply for each accepted recipient, in order, and each means that recipient alone."""
    for offers in (PIPELINING, PIPELINING + CHUNKING):
        four = [f"box{n}@server.example" for n in range(4)]
        answers = {"RCPT": ["250 ok", "550 5.1.1 unknown", "250 ok", "250 ok"],
                   "message": ["250 2.0.0 stored", "452 4.2.2 quota", "550 5.7.1 no"]}
        expect(f"LMTP {offers}", StrictServer(offers, answers, lmtp=True), REFUSED,
               "box0@server.example: 250 2.0.0 stored", "box1@server.example: 550 5.1.1 unknown",
               "box2@server.example: 452 4.2.2 quota", "box3@server.example: 550 5.7.1 no",
               message=TEXT, recipients=four)
        answers["message"] = ["250 2.0.0 stored", "421 4.3.0 going down"]
        expect(f"LMTP 421 after one verdict, {offers}", StrictServer(offers, answers, lmtp=True), REFUSED,
               "box0@server.example: 250 2.0.0 stored", "box2@server.example: 421", message=TEXT, recipients=four)
        answers = {"message": ["250 2.0.0 stored", "250 2.0.0 stored", "452 4.2.2 quota"]}
        expect(f"LMTP, one later, {offers}", StrictServer(offers, answers, lmtp=True), LATER,
               "box2@server.example: 452 4.2.2 quota", message=TEXT, recipients=four)


def content_that_is_no_message():
    """A bare CR or LF is not sent; it is repaired when that is asked for. A last line gets its end then too."""
    for bad in (b"one\ntwo\r\n", b"one\rtwo\r\n", b"\n.\r\n", b"\r\n.\n", b"x" * 70000 + b"\n.\n", b"no end", b"\r"):
        got, printed = alone("127.0.0.1:1", SENDER, "one@d.example", content=bad)
        check(got == BAD_DATA, f"{bad[-20:]!r} was not refused but ended with {got}: {printed}")
    for offers in ((), PIPELINING, CHUNKING, PIPELINING + CHUNKING):
        for bad, good in ((b"one\ntwo\n", b"one\r\ntwo\r\n"), (b"\n.\n.\r\n", b"\r\n.\r\n.\r\n"), (b"end", b"end\r\n"),
                          (b"a\rb\r\n", b"a\r\nb\r\n"), (b".", b".\r\n"), (b"", b""), (TEXT, TEXT)):
            expect(f"{bad!r} repaired, {offers}", StrictServer(offers), DELIVERED, content=bad, message=good,
                   options=["--repair"])


def usage():
    """What can't be sent is refused before anything is said."""
    for arguments in ([], ["127.0.0.1:25"], ["127.0.0.1:25", SENDER], ["127.0.0.1", SENDER, "a@b.example"],
                      ["127.0.0.1:25", "no address", "a@b.example"], ["127.0.0.1:25", SENDER, "a@b.example\r\nRSET"]):
        got, printed = alone(*arguments)
        check(got == USAGE, f"{arguments} ended with {got}: {printed}")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    got, printed = alone(f"127.0.0.1:{port}", SENDER, "a@b.example")
    check(got == LATER, f"nobody listens, and send ended with {got}: {printed}")


def main():
    usage()
    groups_and_order()
    refusals()
    lmtp_verdicts()
    content_that_is_no_message()
    count, ways = every_message_each_way()
    print(f"send: {count} messages arrived octet for octet each of {ways} ways")


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    if hasattr(signal, "alarm"):
        signal.alarm(300)  # a hung peer fails the test
    try:
        main()
    except (Failure, OSError, subprocess.TimeoutExpired) as failure:
        print(f"send: FAILED: {failure!r}")
        sys.exit(1)
