"""Postfix with Cyrus SASL and its database of passwords: only what it takes to authenticate."""

import os
import shutil

from servers.daemon import DOMAIN, HOST, PASSWORD, USER, Daemon
from servers.packages import need

MAIN = """\
compatibility_level = 3.6
config_directory = {folder}/etc
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {daemons}
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = {host}
mydestination =
alias_maps =
local_recipient_maps =
default_transport = discard:
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
smtpd_relay_restrictions = reject
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = {folder}/etc/sasl
smtpd_sasl_security_options = noanonymous
smtpd_sasl_local_domain = {domain}
smtpd_tls_security_level = may
smtpd_tls_chain_files = {key} {certificate}
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
"""

MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{tls_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
cleanup unix n - n - 0 cleanup
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

# Debian's Postfix looks beside main.cf, whatever cyrus_sasl_config_path says: let both say the same. The modules would
# offer more: NTLM, which the client passes through to code that it lacks, and SCRAM over hashes that no document names.
SASL = """\
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {folder}/passwords
mech_list: {mechanisms}
"""


class Postfix(Daemon):
    name = "postfix"
    mechanisms = ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512")
    strongest = "SCRAM-SHA-512"

    def __init__(self):
        super().__init__()
        self.postfix, self.master, self.saslpasswd, _ = need("postfix", "master", "saslpasswd2", "openssl")

    def configure(self):
        values = {"folder": self.folder, "host": HOST, "domain": DOMAIN, "key": self.key, "port": self.port,
                  "certificate": self.certificate, "tls_port": self.tls_port, "mechanisms": " ".join(self.mechanisms),
                  "daemons": os.path.dirname(self.master)}
        for name in ("queue", "data"):
            os.mkdir(self.path(name))
        shutil.chown(self.path("data"), "postfix")
        self.write("etc/main.cf", MAIN.format(**values))
        self.write("etc/master.cf", MASTER.format(**values))
        self.write("etc/sasl/smtpd.conf", SASL.format(**values))
        self.run(self.saslpasswd, "-p", "-c", "-f", self.path("passwords"), "-u", DOMAIN, USER, text=PASSWORD)
        shutil.chown(self.path("passwords"), "postfix")
        self.run(self.postfix, "-c", self.path("etc"), "check")  # this makes the queue's folders
        return [self.master, "-c", self.path("etc"), "-d"]

    def ready(self):
        return "daemon started" in self.log()
