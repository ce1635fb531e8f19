#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# sql.py FILE STATEMENT...: execute statements, and print their rows, columns separated by |.
import sqlite3
import sys

with sqlite3.connect(sys.argv[1]) as database:
    for statement in sys.argv[2:]:
        for row in database.execute(statement):
            print("|".join("" if value is None else str(value) for value in row))
