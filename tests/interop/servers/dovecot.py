"""Dovecot's submission service, with names and passwords in a file, and tokens that it checks by a key of its own."""

import base64
import hashlib
import hmac
import json
import os
import pwd
import socket
import subprocess
import threading
import time

from servers.daemon import DOMAIN, HOST, PASSWORD, USER, Daemon
from servers.packages import Missing, need
from strict_server import StrictServer

MAIN = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = submission
listen = 127.0.0.1
hostname = {host}
ssl_cert = <{certificate}
ssl_key = <{key}
auth_mechanisms = {mechanisms}
auth_realms = {domain}
auth_default_realm = {domain}
auth_username_format = %Ln
auth_failure_delay = 0
submission_relay_host = 127.0.0.1
submission_relay_port = {relay_port}
mail_location = maildir:{folder}/mail
first_valid_uid = 1
passdb {{
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = {folder}/tokens.conf
}}
passdb {{
  driver = passwd-file
  args = username_format=%n {folder}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%n {folder}/users
}}
service submission-login {{
  inet_listener submission {{
    port = {port}
  }}
  inet_listener submissions {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""

TOKENS = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = sub
username_format = %n
"""

KEY, OTHER_KEY = b"the key that Dovecot was given", b"a key that it was not given"


def token(key):
    """A JSON Web Token that says it is the user's, signed with the key (RFC 7519, RFC 7515 3.1)."""

    def text(octets):
        return base64.urlsafe_b64encode(octets).rstrip(b"=")

    now = int(time.time())
    claims = {"sub": USER, "iat": now - 60, "nbf": now - 60, "exp": now + 3600}
    signed = b".".join(text(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return (signed + b"." + text(hmac.new(key, signed, hashlib.sha256).digest())).decode()


class Dovecot(Daemon):
    name = "dovecot"
    mechanisms = ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "OAUTHBEARER", "XOAUTH2")
    strongest = "SCRAM-SHA-256"

    def __init__(self):
        super().__init__()
        self.dovecot, _, _ = need("dovecot", "submission", "openssl")
        version = subprocess.run([self.dovecot, "--version"], capture_output=True, text=True, check=True).stdout
        if not version.startswith("2.3."):
            raise Missing(f"its configuration is written for Dovecot 2.3, and here is {version.strip()}")

    def secrets(self, mechanism):
        return (token(KEY), token(OTHER_KEY)) if "AUTH" in mechanism else super().secrets(mechanism)

    def configure(self):
        values = {"folder": self.folder, "host": HOST, "domain": DOMAIN, "key": self.key, "port": self.port,
                  "certificate": self.certificate, "tls_port": self.tls_port, "relay_port": self.relay(),
                  "mechanisms": " ".join(self.mechanisms).lower()}
        nobody = pwd.getpwnam("nobody")
        self.write("users", f"{USER}:{{PLAIN}}{PASSWORD}:{nobody.pw_uid}:{nobody.pw_gid}::{self.path('mail')}::\n")
        self.write("keys/default/HS256/default", base64.b64encode(KEY).decode())
        self.write("tokens.conf", TOKENS.format(**values))
        os.mkdir(self.path("mail"))
        os.chown(self.path("mail"), nobody.pw_uid, nobody.pw_gid)
        return [self.dovecot, "-F", "-c", self.write("dovecot.conf", MAIN.format(**values))]

    def relay(self):
        """Dovecot hands on what is submitted, and says 235 only when whoever it hands on to is there."""
        self.listener = socket.create_server(("127.0.0.1", 0))

        def accept():
            while True:
                try:
                    connection, _ = self.listener.accept()
                except OSError:
                    return  # it was shut down
                threading.Thread(target=StrictServer(("8BITMIME",)).serve, args=(connection,), daemon=True).start()

        self.acceptor = threading.Thread(target=accept, daemon=True)
        self.acceptor.start()
        return self.listener.getsockname()[1]

    def end(self):
        super().end()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.acceptor.join()
        self.listener.close()
