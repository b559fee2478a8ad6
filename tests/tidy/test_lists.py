# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that stand in two places say the same."""

import re
import xml.etree.ElementTree

import pytest

from tidy.tree import ROOT, files, name, read


def errors_of_core():
    """{name: SQLSTATE} of FT_ERRORS."""
    return dict(re.findall(r'\bX\((\w+), "(\w*)"\)', read("src/core/error.h")))


def test_errors_are_registered_in_the_database():
    registered = re.findall(r"\('(FT\d{3})',\s*'(\w+)'", read("schema/errors.sql"))
    states = {state: error for error, state in errors_of_core().items() if state}
    assert dict(registered) == states
    assert len(registered) == len(states)


def test_procedures_raise_registered_errors_only():
    states = set(errors_of_core().values())
    unknown = [f"{name(path)}: {state}" for path in files(".sql", under="schema")
               for state in re.findall(r"'(FT\d{3})'", path.read_text()) if state not in states]
    assert unknown == []


def test_schema_version_is_the_last_migration():
    numbers = [int(number) for number in
               re.findall(r"^migration\s+(\d+)\s", read("schema/manifest"), re.MULTILINE)]
    compiled_in = re.search(r"#define\s+DB_SCHEMA_VERSION\s+(\d+)", read("src/db/version.h"))
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, numbers[-1] + 1))
    assert int(compiled_in[1]) == numbers[-1]


def test_manifest_names_every_sql_file():
    named = re.findall(r"^(?:migration\s+\d+|reload)\s+(\S+)", read("schema/manifest"), re.MULTILINE)
    there = [str(path.relative_to(ROOT / "schema")) for path in files(".sql", under="schema")]
    assert sorted(named) == sorted(there)


@pytest.mark.parametrize("folder", ["schema", "src"])
def test_make_knows_every_file(folder):
    """What no layer.am names is neither built nor installed nor distributed."""
    listed = "\n".join(path.read_text() for path in files(".am"))
    forgotten = [name(path)
                 for path in files(".c", ".h", ".sql", ".xsl", ".xml", ".css", ".js", ".wsdl",
                                   ".dat", under=folder)
                 if not re.search(rf"(?<!\S){re.escape(name(path))}(?!\S)", listed)]
    assert forgotten == []


def messages(path):
    """{key: (text, values that it shows)}"""
    root = xml.etree.ElementTree.parse(path).getroot()
    return {message.get("key"): ("".join(message.itertext()).strip(),
                                 sorted(value.get("name") for value in message.iter("value")))
            for message in root.iter("message")}


def test_every_language_has_every_text():
    languages = {path.stem: messages(path) for path in files(".xml", under="src/web/messages")}
    assert {"en", "de"} <= languages.keys()
    english = languages["en"]
    for language, texts in languages.items():
        assert texts.keys() == english.keys(), language
        for key, (text, values) in texts.items():
            assert text or values, f"{language}: {key} is empty"
            assert values == english[key][1], f"{language}: {key} shows other values"


def test_pages_use_every_text_and_no_other():
    """A text nobody sees is a text nobody checks."""
    used = "".join(path.read_text() for path in files(".xsl", ".c", under="src/web"))
    unused = [key for key in messages(ROOT / "src/web/messages/en.xml")
              if key not in used and key.rpartition(".")[0] + "." not in used]
    assert unused == []


def test_description_of_the_vendor_api_is_complete():
    """Each operation, parameter, state, reason and fault code of the WSDL stands in its README."""
    schema = "{http://www.w3.org/2001/XMLSchema}"
    root = xml.etree.ElementTree.parse(ROOT / "wsdl/vendor-1.wsdl").getroot()
    words = {element.get("name") for element in root.iter(schema + "element")
             if not element.get("name").endswith("Response")}
    words |= {value.get("value") for value in root.iter(schema + "enumeration")}
    described = read("wsdl/README.md")
    assert sorted(word for word in words if not re.search(rf"`{word}`|^### {word}$", described,
                                                          re.MULTILINE)) == []


def rows(heading):
    """{word in the first cell that is code: cells} of the table under a heading of the README."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## )", read("wsdl/README.md"),
                        re.MULTILINE | re.DOTALL)[1]
    tables = [[cell.strip() for cell in line.strip("|").split("|")]
              for line in section.splitlines() if line.startswith("|")]
    return {re.search(r"`(\w+)`", " ".join(cells))[1]: cells for cells in tables
            if re.search(r"`\w+`", " ".join(cells[:2]))}


def test_each_fault_has_cause_and_remedy():
    codes = set(re.findall(r'"([A-Z_]+)", (?:true|false),', read("src/soap/fault.c")))
    described = rows("Faults")
    codes_of_rows = {code for code in described if code != "Code"}
    assert codes_of_rows == codes
    assert [code for code in codes if not all(described[code])] == []


def test_each_refusal_has_cause_and_remedy():
    """Those of a visitor, and those of HTTP, before SOAP or a page is reached."""
    reasons = re.search(r'name="AccessReason".*?</xs:simpleType>', read("wsdl/vendor-1.wsdl"), re.DOTALL)
    assert set(re.findall(r'enumeration value="(\w+)"', reasons[0])) \
        == set(rows("When access is refused")) - {"Reason"}
    source = re.search(r"outcome_of\(int status\)\n{.*?\n}", read("src/http/response.c"), re.DOTALL)
    words = set(re.findall(r'return "(\w+)"', source[0]))
    described = rows("Refusals without SOAP")
    assert set(described) == words
    assert [word for word in words if not described[word][2]] == []


def test_refusals_of_messages_are_described():
    """Each sentence that says why a message does not prove its sender."""
    described = read("wsdl/README.md")
    refusals = {sentence for path in files(".c", under="src")
                for word in set(re.findall(r"call_refuse\(call, ([A-Z_]+|\".*?\")\)", path.read_text()))
                for sentence in ([word.strip('"')] if word[0] == '"' else re.findall(
                    rf'#define {word}\s+(?:\\\n\s*)?"(.*)"', path.read_text()))}
    assert len(refusals) >= 15
    assert [sentence for sentence in refusals if f"| {sentence} |" not in described] == []
