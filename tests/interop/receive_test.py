#!/usr/bin/env python3
"""smtplib and curl deliver 200 messages each into `receive`, and every one arrives octet for octet.

Usage: receive_test.py PATH-OF-RECEIVE
"""

import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

try:
    import shutil
    import smtplib
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

sys.dont_write_bytecode = True

from failure import Failure, check
from messages import all_messages, difference
from receive_process import Receive

CONNECTIONS = 4


def envelope(number):
    """A sender that tells the message, and one to three recipients."""
    return f"sender{number}@client.example", [f"box{n}@server.example" for n in range(1 + number % 3)]


def arrived(server, number, name, octets):
    sender, recipients = envelope(number)
    got_recipients, got = server.take(f"<{sender}>")
    check(got_recipients == [f"<{to}>" for to in recipients], f"{name}: the recipients were {got_recipients}")
    check(got == octets, f"{name}: {difference(octets, got)}")


def by_data(client, sender, recipients, octets):
    """sendmail, except for the empty message: smtplib can't help giving that a line end."""
    if octets:
        check(client.sendmail(sender, recipients, octets, ["BODY=8BITMIME"]) == {}, "a recipient was refused")
        return
    begin(client, sender, recipients)
    check(client.docmd("DATA")[0] == 354, "DATA was refused")
    client.send(b".\r\n")
    check(client.getreply()[0] == 250, "the empty message was refused")


def by_chunks(client, sender, recipients, octets):
    """BDAT (RFC 3030), which smtplib does not know, in chunks that cut lines, the last one empty every other time."""
    begin(client, sender, recipients)
    cut = len(octets) // 3
    chunks = [octets[:cut], octets[cut:]] if len(octets) % 2 else [octets[:cut], octets[cut:], b""]
    for number, chunk in enumerate(chunks, 1):
        client.send(b"BDAT %d%s\r\n%s" % (len(chunk), b" LAST" if number == len(chunks) else b"", chunk))
    for _ in chunks:
        check(client.getreply()[0] == 250, "a chunk was refused")


def begin(client, sender, recipients):
    client.ehlo_or_helo_if_needed()
    check(client.mail(sender)[0] == 250, "MAIL was refused")
    for to in recipients:
        check(client.rcpt(to)[0] == 250, "RCPT was refused")


def several_clients_at_once(server, messages, deliver):
    """Every connection carries its share of the messages, one transaction after the other."""
    failures = []

    def client(share):
        try:
            with smtplib.SMTP("127.0.0.1", server.port, "client.example") as smtp:
                for number in range(share, len(messages), CONNECTIONS):
                    deliver(smtp, *envelope(number), messages[number][1])
        except (smtplib.SMTPException, OSError, Failure) as why:
            failures.append(f"connection {share}: {why.__context__ or why!r}")

    threads = [threading.Thread(target=client, args=(share,)) for share in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check(not failures, "; ".join(failures))
    for number, (name, octets) in enumerate(messages):
        arrived(server, number, name, octets)


def smtplib_by_data(server, messages):
    several_clients_at_once(server, messages, by_data)


def smtplib_by_chunks(server, messages):
    several_clients_at_once(server, messages, by_chunks)


def curl_delivers(server, messages):
    curl = shutil.which("curl")
    protocols = subprocess.run([curl, "--version"], capture_output=True, text=True, check=True).stdout if curl else ""
    if " smtp " not in protocols:
        return "no curl that speaks SMTP"
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, octets) in enumerate(messages):
            sender, recipients = envelope(number)
            path = f"{folder}/message"
            with open(path, "wb") as file:
                file.write(octets)
            to = [word for recipient in recipients for word in ("--mail-rcpt", recipient)]
            url = f"smtp://127.0.0.1:{server.port}/client.example"
            command = [curl, "-sS", "-m", "30", url, "--mail-from", sender, *to, "--upload-file", path]
            ran = subprocess.run(command, capture_output=True, text=True, check=False)
            check(ran.returncode == 0, f"{name}: curl ended with {ran.returncode}: {ran.stderr}")
            arrived(server, number, name, octets)
    return None


def lmtp_answers_each_recipient(server, messages):
    """RFC 2033 4.2: one reply a recipient; smtplib reads the first, we the others."""
    with smtplib.LMTP("127.0.0.1", server.port, "client.example") as lmtp:
        for number, (name, octets) in enumerate(messages):
            sender, recipients = envelope(number)
            deliver = by_chunks if number % 2 else by_data
            if deliver is by_data:
                by_data(lmtp, sender, recipients, octets)
            else:
                begin(lmtp, sender, recipients)
                lmtp.send(b"BDAT %d LAST\r\n%s" % (len(octets), octets))
                check(lmtp.getreply()[0] == 250, f"{name}: the chunk was refused")
            for to in recipients[1:]:
                check(lmtp.getreply()[0] == 250, f"{name}: no reply for {to}")
            arrived(server, number, name, octets)
        check(lmtp.noop()[0] == 250, "a reply too many or too few stands in the connection")
        check(lmtp.docmd("EHLO client.example")[0] == 500, "EHLO is no command of LMTP (RFC 2033 4.1)")


def nothing_stays_of_what_was_refused(server):
    """A bare LF (RFC 5321 2.3.8) is refused at the true end; a connection that ends in the message leaves no file."""
    with smtplib.SMTP("127.0.0.1", server.port, "client.example") as client:
        for smuggled in (b"one\n.\r\nRSET\r\n", b"one\r\n.\nRSET\r\n", b"one\r.\r\nRSET\r\n", b"\n.\r\n"):
            begin(client, "refused@client.example", ["box@server.example"])
            check(client.docmd("DATA")[0] == 354, "DATA was refused")
            client.send(smuggled + b"\r\n.\r\n")
            code, text = client.getreply()
            check(code == 550, f"{smuggled!r} was answered {code} {text!r}")
            check(client.noop()[0] == 250, "the message's end was not found")
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(b"EHLO client.example\r\nMAIL FROM:<>\r\nRCPT TO:<box@server.example>\r\nDATA\r\nhalf")
        reply = b""
        while b"\r\n354 " not in reply:
            piece = raw.recv(4096)
            check(piece != b"", f"the connection ended after {reply!r}")
            reply += piece
        check(len(server.files()) == 1, "the unfinished message does not stand alone there")
    for _ in range(100):
        if not server.files():
            return
        time.sleep(0.02)
    raise Failure(f"these stay: {server.files()}")


def a_refused_chunk_is_drained(server):
    """The octets of a chunk are never commands, also when nobody wants them (RFC 3030 2)."""
    chunks = b"EHLO client.example\r\nMAIL FROM:<>\r\nBDAT 6\r\nQUIT\r\nBDAT 6 LAST\r\nQUIT\r\n"
    for half_closed in (False, True):
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            raw.sendall(chunks if half_closed else chunks + b"RSET\r\nQUIT\r\n")
            if half_closed:
                raw.shutdown(socket.SHUT_WR)
            raw.settimeout(10)
            lines = raw.makefile("rb").read().split(b"\r\n")
        codes = [line[:3] for line in lines if line[3:4] == b" "]
        wanted = [b"220", b"250", b"250", b"554", b"503"] + ([] if half_closed else [b"250", b"221"])
        check(codes == wanted, f"refused chunks were answered {codes}")


def main():
    program = sys.argv[1]
    socket.setdefaulttimeout(30)
    messages = list(all_messages())
    remark = ""
    with Receive(program) as server:
        smtplib_by_data(server, messages)
        smtplib_by_chunks(server, messages)
        if why := curl_delivers(server, messages):
            remark = f" ({why})"
        a_refused_chunk_is_drained(server)
        nothing_stays_of_what_was_refused(server)
    with Receive(program, "--lmtp") as server:
        lmtp_answers_each_recipient(server, messages)
    print(f"receive: {len(messages)} messages a way arrived octet for octet{remark}")


if __name__ == "__main__":
    if hasattr(signal, "alarm"):
        signal.alarm(300)  # a hung peer fails the test
    try:
        main()
    except (Failure, OSError, smtplib.SMTPException) as failure:
        print(f"receive: FAILED: {failure.__context__ or failure!r}")
        sys.exit(1)
