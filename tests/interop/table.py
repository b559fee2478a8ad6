# SPDX-License-Identifier: GPL-3.0-or-later
"""The table client × version × operation of wsdl/README.md."""

from lxml import etree

from interop.clients import CLIENTS
from support.place import SOURCE

README = SOURCE / "wsdl/README.md"
BEGIN = "<!-- clients: written by tests/interop -->\n"
END = "<!-- end of clients -->\n"
OPERATIONS = etree.parse(SOURCE / "wsdl/vendor-1.wsdl").xpath(
    "//wsdl:portType/wsdl:operation/@name", namespaces={"wsdl": "http://schemas.xmlsoap.org/wsdl/"})
COLUMNS = [*(f"`{name}`" for name in OPERATIONS), "typed fault", "absent, empty, null",
           "ä, 字, `&`", "emoji", "an amount of 18 digits"]


class Results:
    def __init__(self):
        self._cells = {}

    def add(self, client, version, column, result):
        self._cells[client.name, version, column] = result

    def shown(self):
        """The columns in which a client showed something."""
        return {column for _, _, column in self._cells}

    def complete(self):
        """Whether every client that can speak a version showed all of it."""
        return self._cells.keys() == {
            (client.name, version, column) for client in CLIENTS for version in client.versions
            for column in COLUMNS if not client.unable(version)}

    def render(self):
        rows = [["client", "SOAP", *COLUMNS], ["---"] * (2 + len(COLUMNS))]
        for client in CLIENTS:
            for version in client.versions:
                unable = [client.unable(version)] + [""] * (len(COLUMNS) - 1)
                shown = [self._cells.get((client.name, version, column)) for column in COLUMNS]
                rows.append([client.name, version, *(unable if unable[0] else shown)])
        return "".join("| " + " | ".join(row) + " |\n" for row in rows)


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
