#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""schema.py [--lines]: is the JSON on stdin as tools/l2pc.schema.json says?

A key that the schema does not name is an error here, so that none comes without
being written down. --lines: a document a line. --unseen: what the schema names and
none of these lines has, keys and words. --quoted: does l2pc.8 quote the schema as
it is?
"""
import json
import pathlib
import sys

import jsonschema

TOOLS = pathlib.Path(__file__).resolve().parent.parent.parent / "tools"


def closed(node):
    """The schema, with no other keys allowed than those it names."""
    if isinstance(node, dict):
        node = {key: closed(value) for key, value in node.items()}
        if node.get("type") == "object" and "properties" in node:
            node["additionalProperties"] = False
    elif isinstance(node, list):
        node = [closed(value) for value in node]
    return node


def quoted():
    text = (TOOLS / "l2pc.schema.json").read_text()
    page = (TOOLS / "l2pc.8").read_text().replace("\\e", "\\")
    return text in page


def named(node):
    """Keys that the schema names, and words that a value may be."""
    if isinstance(node, dict):
        yield from node.get("properties", {})
        yield from (word for word in node.get("enum", []) if isinstance(word, str))
        for value in node.values():
            yield from named(value)
    elif isinstance(node, list):
        for value in node:
            yield from named(value)


def seen(node):
    """Keys and texts of a document."""
    if isinstance(node, dict):
        yield from node
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            yield from seen(value)
    elif isinstance(node, str):
        yield node


def main():
    if "--quoted" in sys.argv:
        print("quoted" if quoted() else "l2pc.8 does not quote l2pc.schema.json as it is")
        return 0 if quoted() else 1
    schema = closed(json.loads((TOOLS / "l2pc.schema.json").read_text()))
    validator = jsonschema.Draft7Validator(schema)
    text = sys.stdin.read()
    documents = text.splitlines() if "--lines" in sys.argv else [text]
    if "--unseen" in sys.argv:
        unseen = set(named(schema))
        for document in documents:
            unseen -= set(seen(json.loads(document)))
        print(*sorted(unseen))
        return 0
    bad = 0
    for document in documents:
        for error in validator.iter_errors(json.loads(document)):
            best = jsonschema.exceptions.best_match([error])
            print("/".join(map(str, best.absolute_path)), best.message[:300])
            bad += 1
    if not documents:
        print("there is nothing")
        return 1
    if not bad:
        print("valid")
    return 1 if bad else 0


sys.exit(main())
