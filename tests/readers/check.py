#!/usr/bin/env python3
"""Reads every export back with readers that are not Diarium's, and holds it against the records.

    tests/readers/check.py DIARIUM [CORPUS]

Counts and values of every table are held against `dump --format jsonl`: a row's key is the place of its object in a record (JSON Pointer).
Needs the packages of requirements.txt. Ends with 1 at the first difference.
"""

import csv
import datetime
import filecmp
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
csv.field_size_limit(1 << 30)
EXCEL_CELL = 32_767


def fail(*said):
    print("FAILED:", *said, file=sys.stderr)
    sys.exit(1)


def same(what, a, b):
    if a != b:
        fail(f"{what}:\n  {a!r}\n  {b!r}")


class Diarium:
    def __init__(self, program, folder):
        self.program, self.folder = pathlib.Path(program).resolve(), pathlib.Path(folder)

    def run(self, *args, code=0):
        done = subprocess.run(
            [self.program, "--index", "index", *map(str, args)], cwd=self.folder, capture_output=True, text=True
        )
        if done.returncode != code:
            fail(f"diarium {' '.join(map(str, args))} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def dump(self, form, name, *more):
        path = self.folder / name
        self.run("dump", "--quiet", "--format", form, "-o", path, *more)
        return path


def at(record, pointer):
    """The object at a JSON Pointer of a record."""
    value = record
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def objects(record):
    """Paths without numbers of all objects of a record, once for each."""

    def walk(value, path):
        if isinstance(value, list):
            for one in value:
                yield from walk(one, path)
        elif isinstance(value, dict):
            yield path
            for key, one in value.items():
                if not (path == "" and key == "source"):
                    yield from walk(one, f"{path}/{key}")

    yield from walk(record, "")


# Tables and the paths of their objects; pages and files are of the catalog, not of records.
TABLES = {
    "documents": [""],
    "districts_in_documents": ["/districts"],
    "meetings": ["/meeting"],
    "items": ["/items"],
    "decisions": ["/decisions", "/items/decisions"],
    "votes": ["/items/votes"],
    "votes_by_member": ["/items/votes/by_member"],
    "reservations": ["/items/reservations"],
    "statements": ["/items/statements"],
    "dnrs": ["/dnr", "/items/dnr"],
    "agreements_in_documents": ["/agreements"],
    "agreement_periods_in_documents": ["/agreements/periods"],
    "periods": ["/periods"],
    "parties": ["/parties"],
    "people_in_documents": [
        "/handlaggare", "/items/handlaggare", "/authors", "/signatories", "/attestations", "/meeting/present",
    ],
    "sections": ["/sections"],
    "attachments": ["/attachments"],
    "citations": ["/references"],
    "amounts": ["/amounts"],
    "quantities": ["/quantities"],
    "printed_tables": ["/tables"],
    "warnings": ["/warnings"],
}  # fmt: skip


def first_day(text):
    return (text + "-01-01")[:10] if len(text) == 4 else (text + "-01")[:10]


def expect(record, name, row, column):
    """What a column of a row must hold, if its name is that of a field of its object; else the row's own value."""
    pointer = row["id"][len(record["id"]):] if name != "documents" else ""
    thing = at(record, pointer)
    if column == "document_id":
        return record["id"]
    if column == "id":
        return row["id"]
    if column == "page" and "places" in thing:
        return min((p["page"] for p in thing["places"]), default=None)
    if column == "page":
        return min((p["page"] for e in thing.get("evidence", []) for p in e["places"]), default=None)
    if column.endswith("_precision") and column[: -len("_precision")] in thing:
        value = thing[column[: -len("_precision")]]
        return value and {4: "year", 7: "month", 10: "day"}[len(value)]
    if column == "field" and name == "evidence":
        return row[column] if row[column].split("/")[-1] == thing["field"] else f"…/{thing['field']}"
    if column not in thing or (name == "documents" and isinstance(thing[column], (dict, list)) and column not in ("genres",)):
        return row[column]
    value = thing[column]
    if isinstance(value, list) and value and isinstance(value[0], dict) and "name" in value[0]:
        return [one["name"] for one in value]
    if isinstance(value, str) and re.fullmatch(r"\d{4}(-\d\d){0,2}", value) and f"{column}_precision" in row:
        return first_day(value)
    return value


def check_rows(records, tables, reader):
    """Holds all tables, as lists of rows with plain values, against the records."""
    by_id = {r["id"]: r for r in records}
    counts = {}
    for record in records:
        for path in objects(record):
            counts[path] = counts.get(path, 0) + 1
    for name, paths in TABLES.items():
        same(f"{reader}: rows of {name}", len(tables[name]), sum(counts.get(p, 0) for p in paths))
    proofs = sum(n for path, n in counts.items() if path.endswith("/evidence"))
    same(f"{reader}: rows of evidence", len(tables["evidence"]), proofs)
    values = 0
    for name in [*TABLES, "evidence"]:
        for row in tables[name]:
            record = by_id[row["id"] if name == "documents" else row["document_id"]]
            for column in row:
                same(f"{reader}: {name}.{column} of {row['id']}", row[column], expect(record, name, row, column))
                values += 1
    keys = {name: {row["id"] for row in rows} for name, rows in tables.items() if name != "files"}
    for row in tables["evidence"]:
        if row["object_id"] not in keys[row["object_table"]]:
            fail(f"{reader}: evidence {row['id']} proves {row['object_id']}, which is not in {row['object_table']}")
    for row in tables["decisions"]:
        if row["item_id"] is not None and row["item_id"] not in keys["items"]:
            fail(f"{reader}: decision {row['id']} belongs to {row['item_id']}, which is no item")
    print(f"{reader}: {sum(map(len, tables.values()))} rows, {values} values as in the records")


def read_csv(folder, package):
    """Python's csv, with the types that the package's schemas give."""
    tables = {}
    for resource in package["resources"]:
        with open(folder / f"{resource['name']}.csv", newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            fields = {f["name"]: f for f in resource["schema"]["fields"]}
            same(f"csv: head of {resource['name']}", reader.fieldnames, list(fields))
            of = {
                "string": str, "integer": int, "number": float, "boolean": {"true": True, "false": False}.get,
                "date": str, "array": json.loads, "any": json.loads,
            }  # fmt: skip
            null = {"string"}
            rows = []
            for row in reader:
                typed = {}
                for name, text in row.items():
                    kind = fields[name]["type"]
                    typed[name] = None if text == "" else of[kind](text)
                    assert kind in of or kind in null
                rows.append(typed)
            tables[resource["name"]] = rows
    return tables


def blank_as_null(tables):
    """CSV has no empty text beside nothing."""
    return {n: [{k: None if v == "" else v for k, v in row.items()} for row in rows] for n, rows in tables.items()}


def read_parquet(folder):
    import pyarrow.parquet as pq

    def plain(value, is_json):
        if isinstance(value, datetime.date):
            return value.isoformat()
        return json.loads(value) if is_json and value is not None else value

    tables = {}
    for path in sorted(folder.glob("*.parquet")):
        table = pq.read_table(path)
        is_json = {c: c in ("places", "rows") for c in table.column_names}
        tables[path.stem] = [{c: plain(v, is_json[c]) for c, v in row.items()} for row in table.to_pylist()]
    schema = pq.read_schema(folder / "documents.parquet")
    same("parquet: a date is a date", str(schema.field("date").type), "date32[day]")
    same("parquet: a list is a list", str(schema.field("dnrs").type), "list<element: string not null>")
    return tables


def read_sqlite(path, package):
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    same("sqlite: foreign keys", db.execute("PRAGMA foreign_key_check").fetchall(), [])
    same("sqlite: integrity", db.execute("PRAGMA integrity_check").fetchone()[0], "ok")
    tables = {}
    for resource in package["resources"]:
        kinds = {f["name"]: f["type"] for f in resource["schema"]["fields"]}
        rows = []
        for row in db.execute(f'SELECT * FROM "{resource["name"]}"'):
            typed = dict(row)
            for name, value in typed.items():
                if value is not None and kinds[name] in ("array", "any"):
                    typed[name] = json.loads(value)
                elif value is not None and kinds[name] == "boolean":
                    typed[name] = bool(value)
            rows.append(typed)
        tables[resource["name"]] = rows
    found = db.execute("SELECT count(*) FROM pages_text WHERE pages_text MATCH 'nämnden'").fetchone()[0]
    pages = sum("nämnden" in re.findall(r"\w+", r["text"].lower()) for r in tables["pages"])
    same("sqlite: pages with a word", found, pages)
    for view in ("decisions_in_context", "agreements_in_context", "agreements_by_document", "cases_step_by_step", "proofs", "what_could_not_be_read"):
        db.execute(f"SELECT * FROM {view}").fetchall()
    same("sqlite: proofs", db.execute("SELECT count(*) FROM proofs").fetchone()[0], len(tables["evidence"]))
    about = json.loads(path.with_suffix(".metadata.json").read_text())
    same("datasette: tables", set(tables) <= set(about["databases"][path.stem]["tables"]), True)
    return tables


def check_xlsx(path, tables):
    import openpyxl

    book = openpyxl.load_workbook(path)
    same("xlsx: sheets", book.sheetnames, list(tables))
    for sheet in book:
        rows = list(sheet.iter_rows(values_only=True))
        same(f"xlsx: {sheet.title} is frozen", sheet.freeze_panes, "A2")
        if not sheet.auto_filter.ref:
            fail(f"xlsx: {sheet.title} has no filter")
        same(f"xlsx: rows of {sheet.title}", len(rows) - 1, len(tables[sheet.title]))
        for shown, row in zip(rows[1:], tables[sheet.title]):
            for name, cell in zip(rows[0], shown):
                value = row[name]
                if isinstance(value, list) and name not in ("places", "rows"):
                    value = "; ".join(map(str, value)) or None
                if isinstance(value, str) and value:
                    # Excel's line end and controls, as the format escapes them.
                    value = value.encode("utf-16-le")[: 2 * EXCEL_CELL].decode("utf-16-le", "ignore")
                if name in ("places", "rows"):
                    cell, value = cell and len(json.loads(cell)), value and len(value)
                same(f"xlsx: {sheet.title}.{name}", cell or None, value or None)
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    fail(f"xlsx: {sheet.title} {cell.coordinate} is a formula")
    print(f"openpyxl: {len(book.sheetnames)} sheets as the tables")


def check_excel_csv(folder, tables):
    for name, rows in tables.items():
        raw = (folder / f"{name}.csv").read_bytes()
        same(f"excel-sv: byte order mark of {name}", raw[:3], b"\xef\xbb\xbf")
        read = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(keepends=True), delimiter=";"))
        same(f"excel-sv: rows of {name}", len(read), len(rows))
        for shown, row in zip(read, rows):
            for column, cell in shown.items():
                value = row[column]
                guarded = re.fullmatch(r'="(.*)"', cell, re.S)
                text = guarded[1].replace('""', '"') if guarded else cell
                if not guarded and cell[:1] in ("=", "+", "-", "@") and not isinstance(value, (int, float)):
                    fail(f"excel-sv: {name}.{column} would be a formula: {cell[:40]!r}")
                if isinstance(value, str) and not cell.startswith("'") and len(value) < 30_000:
                    same(f"excel-sv: {name}.{column}", text, value)
                if isinstance(value, float):
                    same(f"excel-sv: {name}.{column}", float(cell.replace(",", ".")), value)
    print("excel-sv: values as in the tables, nothing that begins a formula")


def check_duckdb(folder, tables):
    import duckdb

    for name, rows in tables.items():
        found = duckdb.sql(f"SELECT count(*) FROM read_parquet('{folder / name}.parquet')").fetchall()[0][0]
        same(f"duckdb: rows of {name}", found, len(rows))
    actions = sorted(a for row in tables["decisions"] for a in row["actions"])
    found = duckdb.sql(
        f"SELECT a FROM (SELECT unnest(actions) AS a FROM '{folder}/decisions.parquet') ORDER BY a"
    ).fetchall()
    same("duckdb: actions, taken from their lists", [a for (a,) in found], actions)
    print(f"duckdb: {len(tables)} files")


def check_package(folder):
    import frictionless

    frictionless.system.trusted = True
    report = frictionless.validate(str(folder / "datapackage.json"))
    if not report.valid:
        fail("frictionless:", json.dumps(report.flatten(["name", "type", "note"]), ensure_ascii=False)[:3000])
    print(f"frictionless: {len(report.tasks)} resources valid, with their hashes and keys")


def check_schema(records, tombstones):
    import jsonschema

    schema = json.loads((ROOT / "schema" / "record-1.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for record in [*records, *tombstones]:
        error = next(iter(sorted(validator.iter_errors(record), key=lambda e: -len(e.path))), None)
        if error:
            best = jsonschema.exceptions.best_match([error])
            fail(f"JSON Schema: {record['id']}: {list(best.absolute_path)}: {best.message[:300]}")
    print(f"jsonschema: {len(records)} records and {len(tombstones)} tombstones valid")


def check_registers(diarium):
    import jsonschema

    entries = 0
    for name in ["agreements", "organisations", "cases", "districts", "people"]:
        schema = json.loads((ROOT / "schema" / f"{name}-1.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        printed = json.loads(diarium.run(name, "--json"))
        error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(printed))
        if error:
            fail(f"JSON Schema: {name}: {list(error.absolute_path)}: {error.message[:300]}")
        entries += len(printed[name])
    print(f"jsonschema: 5 registers with {entries} entries valid")


def check_citations(diarium, records):
    import pybtex.database

    entries = pybtex.database.parse_file(str(diarium.dump("bibtex", "a.bib")), "bibtex").entries
    same("bibtex: entries", len(entries), len(records))
    csl = json.loads(diarium.dump("csl", "a.csl.json").read_text())
    same("csl: entries", len(csl), len(records))
    ris = diarium.dump("ris", "a.ris").read_text()
    same("ris: entries", len(re.findall(r"^ER  - ", ris, re.M)), len(records))
    for record, cited in zip(records, csl):
        entry = entries[cited["id"]]
        if record["title"]:
            same("csl: title", cited["title"], " ".join(record["title"].split()))
        if record["date"]:
            same("bibtex: year", entry.fields["year"], record["date"][:4])
        own = [d["canonical"] for d in record["dnr"] if d["role"] == "own"]
        same("csl: number", cited.get("number"), own[0] if own else None)
    print(f"pybtex: {len(entries)} entries; RIS and CSL-JSON as many")


def check_changes(diarium, corpus, records):
    before = int(json.loads(diarium.run("stats", "--json")).get("sequence", 0)) or None
    gone = next(p for p in sorted(corpus.rglob("*.txt")))
    sequence = before or 1
    gone.unlink()
    (corpus / "new.txt").write_text("Slutrapport\n\nDnr JÄRVA 2024/45\n\nBakgrund\n\nText.\n")
    diarium.run("ingest", "--quiet", "--prune", "in")
    lines = [json.loads(line) for line in diarium.run("dump", "--quiet", "--since", sequence).splitlines()]
    after = [json.loads(line) for line in diarium.run("dump", "--quiet").splitlines()]
    removed = sorted({r["id"] for r in records} - {r["id"] for r in after})
    same("since: gone", sorted(x["id"] for x in lines if x["schema"] == "diarium/tombstone/1"), removed)
    state = {r["id"]: r for r in records}
    for line in lines:
        if line["schema"] == "diarium/tombstone/1":
            state.pop(line["id"])
        else:
            state[line["id"]] = line
    ordered = {r["id"]: r for r in after}
    same("since: what was, with the changes, is what is", state, ordered)
    print(f"since: {len(lines)} changes lead to the present state")
    return [x for x in lines if x["schema"] == "diarium/tombstone/1"]


def check_pseudonyms(diarium, records):
    names = set()
    for record in records:
        for person in [*record["handlaggare"], *record["signatories"], *((record["meeting"] or {}).get("present", []))]:
            names.add(person["name"])
    names = {n for n in names if len(n.split()) > 1}
    key = diarium.folder / "names.json"
    said = diarium.dump("jsonl", "p.jsonl", "--pseudonymise", "--key-file", key).read_text()
    left = sorted(n for n in names if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", said))
    same("pseudonymise: names left", left, [])
    again = diarium.dump("jsonl", "q.jsonl", "--pseudonymise", "--key-file", key).read_text()
    same("pseudonymise: twice the same", said == again, True)
    kept = json.loads(key.read_text())["names"]
    same("pseudonymise: the key file knows all", names <= set(kept.values()) | names - names, True)
    print(f"pseudonymise: {len(names)} names, none left")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    source = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else ROOT / "corpus")
    with tempfile.TemporaryDirectory() as folder:
        diarium = Diarium(sys.argv[1], folder)
        corpus = diarium.folder / "in"
        for path in sorted([*source.rglob("*.pdf"), *source.rglob("*.txt")]):
            place = corpus / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
        diarium.run("ingest", "--quiet", "--ocr", "never", "in")
        records = [json.loads(line) for line in diarium.run("dump", "--quiet").splitlines()]
        same("json", json.loads(diarium.dump("json", "a.json").read_text()), records)

        package = json.loads((diarium.dump("package", "package") / "datapackage.json").read_text())
        check_package(diarium.folder / "package")
        tables = read_parquet(diarium.dump("parquet", "parquet"))
        check_rows(records, tables, "pyarrow")
        check_duckdb(diarium.folder / "parquet", tables)
        from_csv = read_csv(diarium.dump("csv", "csv"), package)
        same("csv is as parquet", from_csv, {n: blank_as_null(tables)[n] for n in from_csv})
        print("csv: as parquet")
        from_sqlite = read_sqlite(diarium.dump("sqlite", "a.sqlite"), package)
        same("sqlite is as parquet", from_sqlite, {n: tables[n] for n in from_sqlite})
        print("sqlite3: as parquet")
        check_xlsx(diarium.dump("xlsx", "a.xlsx"), {n: tables[n] for n in from_csv})
        check_excel_csv(diarium.dump("csv", "excel", "--dialect", "excel-sv"), from_csv)
        check_registers(diarium)
        check_citations(diarium, records)
        check_pseudonyms(diarium, records)

        for form, name in [("xlsx", "b.xlsx"), ("sqlite", "b.sqlite"), ("package", "b.zip"), ("csv", "c.zip")]:
            first, second = diarium.dump(form, name), diarium.dump(form, f"2{name}")
            same(f"{form}: twice the same bytes", filecmp.cmp(first, second, shallow=False), True)
        with zipfile.ZipFile(diarium.folder / "b.zip") as pack:
            inside = {n: pack.read(n) for n in pack.namelist()}
        beside = {str(p.relative_to(diarium.folder / "package")): p for p in (diarium.folder / "package").rglob("*.*")}
        same("package: zip as folder", set(inside), {n for n, p in beside.items() if p.is_file() and not n.startswith(".")})
        same("package: zip as folder", all(beside[n].read_bytes() == b for n, b in inside.items()), True)
        print("same bytes twice")

        if len(sys.argv) == 2:
            import questions

            questions.check(diarium)
        tombstones = check_changes(diarium, corpus, records)
        check_schema(records, tombstones)


if __name__ == "__main__":
    main()
