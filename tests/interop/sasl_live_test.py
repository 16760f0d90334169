#!/usr/bin/env python3
"""`authenticate` against Postfix with Cyrus SASL and against Dovecot: by every mechanism that they offer the client
gets in, and with a wrong password or token it does not.

Without TLS, behind STARTTLS, and with TLS from the start, where one of the two is TLS 1.2: only there does Python tell
the channel's binding data (tls-unique), which the client then has at hand.

The servers are those of Debian's packages, on loopback, each with a folder of its own. Nothing is installed unless
SANSMTP_INSTALL=1 is in the environment. Where a server is missing the test says so and ends with 77.

Usage: sasl_live_test.py PATH-OF-AUTHENTICATE
"""

import os
import selectors
import signal
import subprocess
import sys

try:
    import socket
    import ssl
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

sys.dont_write_bytecode = True

from failure import Failure, check
from servers.daemon import HOST, USER
from servers.dovecot import Dovecot
from servers.packages import Missing, install
from servers.postfix import Postfix

# What `authenticate` ends with.
AUTHENTICATED, REFUSED = 0, 1

WAYS = ("in clear", "--starttls", "--tls")


def reply(connection):
    """One whole reply, read octet by octet, because what stands behind it may not be read."""
    octets = b""
    while not (octets.endswith(b"\n") and octets.splitlines()[-1][3:4] == b" "):
        octet = connection.recv(1)
        check(octet, f"the connection ended behind {octets!r}")
        octets += octet
    return octets


def connect(server, way):
    """A connection that TLS runs on already, if it is to: what is left is for the program to say."""
    connection = socket.create_connection(("127.0.0.1", server.tls_port if way == "--tls" else server.port), 20)
    if way == "in clear":
        return connection
    if way == "--starttls":
        for command, code in (("", b"220"), ("EHLO client.example\r\n", b"250"), ("STARTTLS\r\n", b"220")):
            connection.sendall(command.encode())
            got = reply(connection)
            check(got.startswith(code), f"{server.name} answered {got!r} to {command!r}")
    context = ssl.create_default_context(cafile=server.certificate)
    if way == "--tls":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context.wrap_socket(connection, server_hostname=HOST)


def arrived(connection):
    """What has arrived; None where TLS kept all of it for itself, as it does with tickets. No more than one record is
    taken from the socket, so nothing stays behind unseen by select."""
    connection.settimeout(0)
    try:
        return connection.recv(1 << 16)
    except ssl.SSLWantReadError:
        return None
    finally:
        connection.settimeout(20)


def carry(connection, process):
    """Octets from the server to the program and back, till the program ends; gives what it printed."""
    with selectors.DefaultSelector() as ready:
        ready.register(connection, selectors.EVENT_READ)
        ready.register(process.stdout, selectors.EVENT_READ)
        while True:
            found = {key.fileobj for key, _ in ready.select(20)}
            check(found, "neither the server nor the program says anything")
            if process.stdout in found:
                said = os.read(process.stdout.fileno(), 1 << 16)
                if not said:
                    break
                connection.sendall(said)
            if connection in found:
                octets = arrived(connection)
                if octets is None:
                    continue
                try:
                    process.stdin.write(octets)
                except BrokenPipeError:
                    octets = b""
                if not octets:
                    ready.unregister(connection)
                    process.stdin.close()
    return process.stderr.read().decode()


def authenticate(server, way, word, password):
    """Runs the program on a new connection; gives its exit status and what it printed."""
    with connect(server, way) as connection:
        environment = os.environ | {"SANSMTP_USER": USER, "SANSMTP_PASSWORD": password, "SANSMTP_HOST": HOST}
        if way == "--tls":
            environment["SANSMTP_BINDING"] = "tls-unique:" + connection.get_channel_binding("tls-unique").hex()
        command = [PROGRAM, word] if way == "in clear" else [PROGRAM, way, word]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, bufsize=0) as process:
            try:
                printed = carry(connection, process)
                return process.wait(20), printed.strip()
            finally:
                process.kill()


def offered(server, way):
    """The mechanisms that the server offers on such a connection, each with what the chooser says of it."""
    status, printed = authenticate(server, way, "--list", "some password")
    check(status == 0, f"--list ended with {status}: {printed}")
    reasons = dict(line.split(": ", 1) for line in printed.splitlines())
    chosen = [name for name, reason in reasons.items() if reason == "it is the strongest that is allowed"]
    check(chosen == [server.strongest], f"the chooser chose {chosen}: {printed}")
    shown = [name for name, reason in reasons.items() if "TLS is not active" in reason]
    tokens = {"PLAIN", "LOGIN", "OAUTHBEARER", "XOAUTH2"}.intersection(server.mechanisms)
    check(set(shown) == (tokens if way == "in clear" else set()), f"{way}: passed over for want of TLS: {shown}")
    check(set(reasons) == set(server.mechanisms), f"{server.name} offers {set(reasons)}")
    return reasons


def every_mechanism(server, way):
    """With the right password and with a wrong one; gives how many mechanisms there were."""
    names = sorted(offered(server, way))
    for name in names:
        right, wrong = server.secrets(name)
        status, printed = authenticate(server, way, name, right)
        check(status == AUTHENTICATED and printed.startswith("authenticated: 235"),
              f"{name} ended with {status}: {printed}")
        status, printed = authenticate(server, way, name, wrong)
        check(status == REFUSED and printed.startswith("refused: 535"),
              f"{name} with a wrong password ended with {status}: {printed}")
    return len(names)


def live(kind):
    with kind() as server:
        for way in WAYS:
            try:
                count = every_mechanism(server, way)
            except (Failure, OSError) as failure:
                raise Failure(f"{server.name} {way}: {failure}\n{server.log()}") from failure
            print(f"sasl live: {server.name} {way}: {count} mechanisms let the user in, and nobody else")


def main():
    install()
    signal.alarm(120)  # a hung peer fails the test
    skipped = 0
    for kind in (Postfix, Dovecot):
        try:
            live(kind)
        except Missing as why:
            print(f"sasl live: skipped {kind.name}: {why}")
            skipped = 77
    return skipped


def give_up(number, _):
    raise Failure(f"ended by {signal.Signals(number).name}")  # an exception, so that no server stays behind


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    signal.signal(signal.SIGALRM, give_up)
    signal.signal(signal.SIGTERM, give_up)
    try:
        sys.exit(main())
    except Missing as why:
        print(f"sasl live: skipped: {why}")
        sys.exit(77)
    except (Failure, OSError, subprocess.SubprocessError) as failure:
        print(f"sasl live: FAILED: {failure}")
        sys.exit(1)
