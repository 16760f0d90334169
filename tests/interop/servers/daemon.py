"""One mail server of somebody else's, on loopback and with a folder of its own: what they have in common."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from failure import Failure, check

HOST, DOMAIN = "mx.sasl.example", "sasl.example"
USER, PASSWORD = "tim", "tanstaaftanstaaf"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Daemon:
    """A context manager: entering starts the daemon and waits for its ports, leaving ends all its processes.

    A kind of server has `name`, `mechanisms`, the ports `port` (STARTTLS) and `tls_port`, and `configure()`, which
    fills the folder and gives the command that runs in the foreground. `secrets(mechanism)` are a right and a wrong
    password.
    """

    def __init__(self):
        self.port, self.tls_port = free_port(), free_port()
        self.process = None

    def secrets(self, _):
        return PASSWORD, PASSWORD + "x"

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix=f"{self.name}-")
        os.chmod(self.folder, 0o755)  # for the users that the daemon's parts run as
        try:
            self.certify()
            command = self.configure()
            with open(self.path("output"), "wb") as output:
                self.process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
                )
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            if self.process:
                self.end()
        finally:
            shutil.rmtree(self.folder)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text, mode=0o644):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def run(self, *command, text=""):
        ran = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        check(ran.returncode == 0, f"{command[0]} ended with {ran.returncode}: {ran.stderr.strip()}")

    def certify(self):
        """A certificate that vouches for itself, and its key."""
        self.certificate, self.key = self.path("certificate.pem"), self.path("key.pem")
        self.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", self.key,
                 "-out", self.certificate)

    def wait(self):
        """Till it says that it is ready, and listens: a port is tried no earlier, for one that connects too soon can
        hold up its start."""
        until = time.monotonic() + 20
        while not self.ready():
            self.alive(until)
        for port in (self.port, self.tls_port):
            while True:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                self.alive(until)

    def ready(self):
        return True

    def alive(self, until):
        check(self.process.poll() is None and time.monotonic() < until, f"{self.name} did not start: {self.log()}")
        time.sleep(0.02)

    def log(self):
        """The end of what it wrote, for a failure."""
        text = ""
        for name in ("output", "log"):
            if os.path.exists(self.path(name)):
                with open(self.path(name), encoding="utf-8", errors="replace") as file:
                    text += file.read()
        return text[-1500:]

    def end(self):
        """Asks its first process to end the others, and then ends whoever of the group is left. As long as the first
        one was not waited for, its number, which is the group's, is no one else's."""
        self.process.terminate()
        until = time.monotonic() + 5
        while os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() > until:
                self.process.kill()
            time.sleep(0.01)
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        left = self.members()
        while left and time.monotonic() < until + 5:
            time.sleep(0.01)
            left = self.members()
        if left:
            raise Failure(f"{self.name} left processes behind: {left}")

    def members(self):
        """The processes of the daemon's session that still run."""
        found = []
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as stat:
                    state, _, _, session = stat.read().rpartition(")")[2].split()[:4]
            except OSError:
                continue
            if int(session) == self.process.pid and state != "Z":
                found.append(int(entry))
        return found
