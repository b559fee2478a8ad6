# SPDX-License-Identifier: GPL-3.0-or-later
"""A call goes down one layer at a time: who may include whom."""

import re

import pytest

from tidy.tree import code, files, name, read

MAY_INCLUDE = {
    "core": {"core"},
    "http": {"http", "core"},
    "db": {"db", "core"},
    "service": {"service", "db", "core"},
    "soap": {"soap", "service", "db", "core"},
    "web": {"web", "service", "db", "http", "core"},
    "farthing": {"farthing", "service", "db", "core"},
    "farthingd": {"farthingd", "web", "soap", "service", "db", "http", "core"},
}
# Libraries that one layer alone knows.
ONLY_IN = {
    "libpq-fe.h": {"db", "farthing"},  # the command installs the schema
    "microhttpd.h": {"http"},
    "stdsoap2.h": {"soap"},
    "xmlsec/xmldsig.h": {"soap"},
    "xmlsec/xmlenc.h": {"soap"},
    "libxslt/xslt.h": {"web"},
    "confuse.h": {"core"},
    "openssl/evp.h": {"core"},
    "curl/curl.h": {"service", "farthingd"},  # which starts and ends it
}


def includes(path):
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', path.read_text(), re.MULTILINE)


@pytest.mark.parametrize("layer", MAY_INCLUDE)
def test_includes_point_down(layer):
    wrong = [f"{name(path)}: {header}"
             for path in files(".c", ".h", under=f"src/{layer}") for header in includes(path)
             if "/" in header and header.split("/")[0] in MAY_INCLUDE.keys() - MAY_INCLUDE[layer]]
    assert wrong == []


def test_every_folder_is_a_layer():
    folders = {path.parent.name for path in files(".c", ".h", under="src")}
    assert folders <= MAY_INCLUDE.keys()


@pytest.mark.parametrize("header", ONLY_IN)
def test_library_is_known_to_its_layer_only(header):
    wrong = [name(path) for path in files(".c", ".h", under="src")
             if header in includes(path) and path.parent.name not in ONLY_IN[header]]
    assert wrong == []


def test_soap_and_web_see_only_types_of_the_database():
    """They may name what a service's header shows them, but call none of its functions."""
    wrong = [f"{name(path)}: {call}"
             for layer in ("soap", "web") for path in files(".c", under=f"src/{layer}")
             for call in re.findall(r"\bdb_\w+\s*\(", code(path.read_text()))]
    assert wrong == []


def test_money_is_never_floating():
    """Amounts are integers; a float anywhere is one too near to them."""
    wrong = [f"{name(path)}: {found}" for path in files(".c", ".h", under="src")
             for found in re.findall(r"\b(?:float|double)\b", code(path.read_text()))]
    for path in files(".sql", under="schema"):
        text = re.sub(r"--[^\n]*|'[^']*'", "", path.read_text())
        wrong += [f"{name(path)}: {found}" for found in re.findall(
            r"\b(?:real|float\d*|double\s+precision)\b", text, re.IGNORECASE)]
    assert wrong == []


def test_layers_of_the_map():
    """src/README.md names every layer."""
    text = read("src/README.md")
    assert [layer for layer in MAY_INCLUDE if f"`{layer}`" not in text] == []
