# SPDX-License-Identifier: GPL-3.0-or-later
"""A reader keeps a function on one screen and a file in mind."""

import ast
import re

from tidy.tree import ROOT, code, files, name, read

C_FUNCTION_LINES = 70
C_FILE_LINES = 500
SQL_FILE_LINES = 200


def c_functions(text):
    """(name, lines) of each function; clang-format puts their braces into the first column."""
    lines = code(text).splitlines()
    start = 0
    for number, line in enumerate(lines):
        if line.strip() == "" or line[0] == "#" or line.rstrip().endswith((";", "}")):
            start = number + 1
        elif line == "{":
            end = lines.index("}", number)
            called = re.search(r"(\w+)\s*\(", " ".join(lines[start:number]))
            yield called[1] if called else "?", end - start + 1


def too_large():
    for path in files(".c", ".h", under="src") + files(".c", ".h", under="tests"):
        text = path.read_text()
        if text.count("\n") > C_FILE_LINES:
            yield f"file {name(path)}"
        for function, lines in c_functions(text):
            if lines > C_FUNCTION_LINES:
                yield f"function {name(path)}:{function}"
    for path in files(".sql"):
        if path.read_text().count("\n") > SQL_FILE_LINES:
            yield f"file {name(path)}"
    for path in files(".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (isinstance(node, ast.FunctionDef)
                    and node.end_lineno - node.lineno >= C_FUNCTION_LINES):
                yield f"function {name(path)}:{node.name}"


def test_nothing_is_too_large():
    exceptions = {line for line in read("tests/tidy/exceptions.txt").splitlines()
                  if line and line[0] != "#"}
    found = set(too_large())
    assert sorted(found - exceptions) == [], "split it"
    assert sorted(exceptions - found) == [], "no longer needed: take it off the list"


def test_functions_are_seen():
    """The measure itself works: it finds functions in nearly every C file, none without a name."""
    for path in files(".c", under="src"):
        found = list(c_functions(path.read_text()))
        assert all(called != "?" for called, _ in found), name(path)
    assert sum(1 for _ in c_functions(read("src/core/money.c"))) >= 4
    assert (ROOT / "src/core/money.c").exists()
