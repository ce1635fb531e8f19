#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""schema.py [--lines | --unseen | --quoted]: validate stdin against tools/l2pc.schema.json.

A key that the schema does not name is an error, so that every key is documented.
--lines: stdin has one document a line. --unseen: print the keys and enum values of
the schema that no document has. --quoted: check that l2pc.8 quotes the schema
verbatim.
"""
import json
import pathlib
import sys

import jsonschema

TOOLS = pathlib.Path(__file__).resolve().parent.parent.parent / "tools"


def manual_quotes_schema():
    """Return whether l2pc.8 has the schema verbatim."""
    text = (TOOLS / "l2pc.schema.json").read_text()
    page = (TOOLS / "l2pc.8").read_text().replace("\\e", "\\")
    return text in page


def schema_words(node):
    """Yield the keys that the schema names, and its enum values."""
    if isinstance(node, dict):
        yield from node.get("properties", {})
        yield from (word for word in node.get("enum", []) if isinstance(word, str))
        for value in node.values():
            yield from schema_words(value)
    elif isinstance(node, list):
        for value in node:
            yield from schema_words(value)


def document_words(node):
    """Yield the keys and strings of a document."""
    if isinstance(node, dict):
        yield from node
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            yield from document_words(value)
    elif isinstance(node, str):
        yield node


def main():
    if "--quoted" in sys.argv:
        quoted = manual_quotes_schema()
        print("quoted" if quoted else "l2pc.8 does not quote l2pc.schema.json verbatim")
        return 0 if quoted else 1
    schema = json.loads((TOOLS / "l2pc.schema.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    text = sys.stdin.read()
    documents = text.splitlines() if "--lines" in sys.argv else [text]
    if "--unseen" in sys.argv:
        unseen = set(schema_words(schema))
        for document in documents:
            unseen -= set(document_words(json.loads(document)))
        print(*sorted(unseen))
        return 0
    bad = 0
    for document in documents:
        for error in validator.iter_errors(json.loads(document)):
            best = jsonschema.exceptions.best_match([error])
            print("/".join(map(str, best.absolute_path)), best.message[:300])
            bad += 1
    if not documents:
        print("no document on stdin")
        return 1
    if not bad:
        print("valid")
    return 1 if bad else 0


sys.exit(main())
