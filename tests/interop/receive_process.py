"""The program under test on the server's side: starts `receive`, and reads what it prints.

`receive` prints its port first, then for every accepted message one line,

    <sender> to <recipient> <recipient>: 123 octets in new/NAME

and, asked to --count, one line when a connection ends,

    ended: 4 reads, 5 steps
"""

import os
import queue
import re
import shutil
import subprocess
import tempfile
import threading

from failure import check

ENVELOPE = re.compile(r"(<.*?>) to (<.*>): (\d+) octets in (.*)")
COUNTS = re.compile(r"ended: (\d+) reads, (\d+) steps")


class Receive:
    """One running `receive`, with a folder of its own; a context manager that ends it and removes the folder."""

    def __init__(self, program, *options):
        self.folder = tempfile.mkdtemp(prefix="receive-")
        self.process = subprocess.Popen(
            [program, *options, self.folder], stdout=subprocess.PIPE, text=True, encoding="utf-8", errors="replace"
        )
        self.port = int(self.process.stdout.readline().split()[-1])
        self.envelopes = {}
        self.counts = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.arrived = threading.Condition()
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        shutil.rmtree(self.folder)

    def _read(self):
        for line in self.process.stdout:
            if found := COUNTS.fullmatch(line.rstrip("\n")):
                self.counts.put(tuple(int(number) for number in found.groups()))
            elif found := ENVELOPE.fullmatch(line.rstrip("\n")):
                sender, recipients, size, path = found.groups()
                with self.arrived:
                    self.envelopes[sender] = (recipients.split(" "), int(size), os.path.join(self.folder, path))
                    self.arrived.notify_all()

    def take(self, sender):
        """The recipients and the octets of the message from `sender`; its file is removed."""
        with self.arrived:
            check(self.arrived.wait_for(lambda: sender in self.envelopes, 10), f"no message from {sender} was printed")
            recipients, size, path = self.envelopes.pop(sender)
        with open(path, "rb") as file:
            octets = file.read()
        os.unlink(path)
        check(size == len(octets), f"{sender}: {size} octets were printed, {len(octets)} stand in the file")
        return recipients, octets

    def count(self):
        """What the next connection to end had cost, in reads and in steps."""
        return self.counts.get(timeout=10)

    def files(self):
        """All files in the folder, also the unfinished ones."""
        return [os.path.join(where, name) for where, _, names in os.walk(self.folder) for name in names]

    def peak_memory(self):
        """The most memory that was ever resident, in KiB, or None where the system does not tell."""
        try:
            with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
                return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), None)
        except OSError:
            return None
