"""The packages that hold the servers: installed when the caller says so, and else missed with a word."""

import os
import shutil
import subprocess

PACKAGES = (
    "postfix", "libsasl2-modules", "libsasl2-modules-db", "sasl2-bin",
    "dovecot-core", "dovecot-submissiond", "openssl",
)
POLICY = "/usr/sbin/policy-rc.d"  # asked by a package before it starts a daemon; 101 says no


class Missing(Exception):
    """Why a server can not be started here."""


def need(*programs):
    """The paths of the programs; raises Missing."""
    places = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/usr/lib/postfix/sbin:/usr/lib/dovecot"
    found = [shutil.which(program, path=places) for program in programs]
    if None in found:
        raise Missing(f"no {programs[found.index(None)]} here (SANSMTP_INSTALL=1 installs Debian's packages)")
    if os.geteuid() != 0:
        raise Missing("only root can start it")
    return found


def install():
    """Installs what is not there, where SANSMTP_INSTALL=1 allows it; starts nothing."""
    if os.environ.get("SANSMTP_INSTALL") != "1":
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise Missing("to install packages takes apt-get and root")
    state = subprocess.run(["dpkg-query", "-W", "-f=${db:Status-Abbrev}\n", *PACKAGES], capture_output=True, text=True)
    if state.stdout.split("\n").count("ii ") == len(PACKAGES):
        return
    policy = not os.path.exists(POLICY)
    if policy:
        with open(POLICY, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\nexit 101\n")
        os.chmod(POLICY, 0o755)
    try:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True,
                 "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        command = ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES]
        ran = subprocess.run(command, **quiet)
        if ran.returncode != 0:
            subprocess.run(["apt-get", "update"], **quiet)
            ran = subprocess.run(command, **quiet)
        if ran.returncode != 0:
            raise Missing(f"the packages can not be installed: {ran.stderr.strip()[-200:]}")
    finally:
        if policy:
            os.unlink(POLICY)
