# SPDX-License-Identifier: GPL-3.0-or-later
"""The table client × version × operation of wsdl/README.md."""

from interop.clients import CLIENTS
from support.place import SOURCE

README = SOURCE / "wsdl/README.md"
BEGIN = "<!-- clients: written by tests/interop -->\n"
END = "<!-- end of clients -->\n"
COLUMNS = ["InitiateTransaction", "Lock_Content", "typed fault", "absent, empty, null",
           "Unicode, `&`"]


class Results:
    def __init__(self):
        self._seen = set()
        self._ran = set()

    def ran(self, client, version):
        self._ran.add((client.name, version))

    def add(self, client, version, column):
        assert column in COLUMNS
        self._seen.add((client.name, version, column))

    def complete(self):
        """Whether every client ran that can."""
        return self._ran == {(client.name, version) for client in CLIENTS
                             for version in client.versions if not client.unable(version)}

    def render(self):
        rows = [["client", "SOAP", *(f"`{name}`" if "_" in name or name[1:] != name[1:].lower()
                                     else name for name in COLUMNS)]]
        rows.append(["---"] * len(rows[0]))
        for client in CLIENTS:
            for version in client.versions:
                reason = client.unable(version)
                rows.append([client.name, version, *(
                    self._cell(client, version, column, reason) for column in COLUMNS)])
        return "".join("| " + " | ".join(row) + " |\n" for row in rows)

    def _cell(self, client, version, column, reason):
        if reason:
            return reason if column == COLUMNS[0] else ""
        return "yes" if (client.name, version, column) in self._seen else "no"


def write(results):
    """Whether the table changed."""
    text = README.read_text()
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    new = before + BEGIN + results.render() + END + after
    if new == text:
        return False
    README.write_text(new)
    return True
