# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates, made by OpenSSL's command."""

import dataclasses
import subprocess

from support.place import DEADLINE_S

RSA = ["-newkey", "rsa:2048"]
ELLIPTIC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
AUTHORITY = "basicConstraints=critical,CA:TRUE"
SERVER = "extendedKeyUsage=serverAuth"
CLIENT = "extendedKeyUsage=clientAuth"
HERE = "subjectAltName=IP:127.0.0.1,DNS:localhost"


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, timeout=DEADLINE_S,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


@dataclasses.dataclass
class Certificate:
    file: str
    key_file: str

    @property
    def pair(self):
        """As requests wants it."""
        return (self.file, self.key_file)


class Authority:
    """It signs certificates; without one, self_signed() makes some that nobody vouches for."""

    def __init__(self, directory, name):
        self.directory = directory / name
        self.directory.mkdir()
        self.own = self_signed(self.directory, "authority", AUTHORITY)

    def issue(self, name, *extensions, days=30, key_type=ELLIPTIC):
        """days < 0: it ended that long ago."""
        request, certificate = self.directory / f"{name}.csr", self.directory / f"{name}.pem"
        key = self.directory / f"{name}.key"
        added = self.directory / f"{name}.ext"
        added.write_text("\n".join(("basicConstraints=CA:FALSE",) + extensions))
        openssl("req", *key_type, "-noenc", "-keyout", key, "-subj", f"/CN={name}", "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.own.file, "-CAkey", self.own.key_file,
                "-days", days, "-extfile", added, "-out", certificate)
        return Certificate(str(certificate), str(key))


def self_signed(directory, name, *extensions, key_type=ELLIPTIC, days=30):
    certificate, key = directory / f"{name}.pem", directory / f"{name}.key"
    options = [word for extension in extensions for word in ("-addext", extension)]
    openssl("req", "-x509", *key_type, "-noenc", "-keyout", key, "-subj", f"/CN={name}", "-days",
            days, *options, "-out", certificate)
    return Certificate(str(certificate), str(key))
