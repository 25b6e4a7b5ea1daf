#!/usr/bin/env python3
"""Asks the questions of docs/researchers.md and holds the answers there against what the readers give.

    tests/readers/questions.py DIARIUM    writes the answers anew
"""

import pathlib
import re
import sqlite3
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "researchers.md"
QUESTION = re.compile(r"```sql (duckdb|sqlite)\n(.*?)```\n\n<!-- answer -->\n(.*?)<!-- end -->", re.S)


def shown(value):
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def table(heads, rows):
    lines = [heads, ["---"] * len(heads), *[[shown(v) for v in row] for row in rows]]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def answers(diarium):
    """The page with the answers that the readers give."""
    import duckdb

    db = duckdb.connect()
    for path in sorted((diarium.folder / "parquet").glob("*.parquet")):
        db.execute(f"CREATE VIEW \"{path.stem}\" AS SELECT * FROM '{path}'")
    lite = sqlite3.connect(diarium.folder / "a.sqlite")

    def answer(match):
        engine, sql, _ = match.groups()
        cursor = db.execute(sql) if engine == "duckdb" else lite.execute(sql)
        heads = [column[0] for column in cursor.description]
        return f"```sql {engine}\n{sql}```\n\n<!-- answer -->\n{table(heads, cursor.fetchall())}<!-- end -->"

    return QUESTION.subn(answer, PAGE.read_text(encoding="utf-8"))


def check(diarium):
    text, asked = answers(diarium)
    if asked != 10:
        sys.exit(f"{PAGE}: has {asked} questions, not ten")
    for given, told in zip(QUESTION.finditer(text), QUESTION.finditer(PAGE.read_text(encoding="utf-8"))):
        if given[3] != told[3]:
            sys.exit(f"{PAGE}: the answer to\n{given[2]}is\n{given[3]}not\n{told[3]}`just questions` writes it anew")
    print(f"questions: {asked} answers as in docs/researchers.md")


def main():
    import check as readers

    with tempfile.TemporaryDirectory() as folder:
        diarium = readers.Diarium(sys.argv[1], folder)
        diarium.run("ingest", "--quiet", "--ocr", "never", ROOT / "corpus")
        diarium.dump("parquet", "parquet")
        diarium.dump("sqlite", "a.sqlite")
        PAGE.write_text(answers(diarium)[0], encoding="utf-8")


if __name__ == "__main__":
    main()
