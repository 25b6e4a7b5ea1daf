#!/usr/bin/env python3
"""Make the demonstration corpus: read sources/*.doc.md, write PDF and TXT files and their truth.

usage: make.py [NAME-PART ...]     only the documents whose name holds one of these parts

Needs Python 3.9 or later and, for the PDF files, LibreOffice (`soffice`) with the Liberation and DejaVu fonts.
A source is a head of `key: value` lines, a line `%%`, the body, and if wanted another `%%` with JSON that is
merged into the truth. A line `%%%` starts the next document of a bundle. README.md describes the body's marks.
"""
import datetime, hashlib, html, json, os, re, shutil, subprocess, sys, tempfile, textwrap, unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
BULLET = "\uf0b7"  # the private-use bullet that Word's Symbol font leaves in extracted text
DISTRICTS = json.loads((HERE / "sources" / "districts.json").read_text("utf8"))

# Headings whose section id the truth names (the ids are those of the record).
SECTION_IDS = {
    "proposed_decision": ["Förvaltningens förslag till beslut", "Förslag till beslut", "Förslag"],
    "decision": ["Beslut", "Nämndens beslut"],
    "summary": ["Sammanfattning", "Sammanfattning av ärendet"],
    "matter": ["Ärendet", "Beskrivning av ärendet", "Saken"],
    "background": ["Bakgrund", "Inledning"],
    "preparation": ["Ärendets beredning", "Beredning"],
    "assessment": ["Förvaltningens synpunkter och förslag", "Förvaltningens synpunkter", "Förvaltningens bedömning", "Bedömning"],
    "equality_children": ["Jämställdhets- och barnkonsekvensanalys", "Jämställdhetsanalys", "Barnkonsekvensanalys", "Prövning av barnets bästa"],
    "consequences": ["Ekonomiska konsekvenser", "Konsekvenser"],
    "goal_fulfilment": ["Måluppfyllelse"],
    "time_budget": ["Tidsplan och budget"],
    "commitments": ["Uppfyllnad av parternas åtaganden", "Parternas åtaganden", "Åtaganden", "Föreningens åtaganden", "Nämndens åtaganden"],
    "lessons": ["Lärdomar från partnerskapet", "Lärdomar"],
    "agreement_parties": ["Parter"],
    "agreement_purpose": ["Syfte", "Mål och syfte"],
    "agreement_term": ["Avtalstid", "Giltighetstid", "Avtalsperiod"],
    "agreement_extension": ["Förlängning"],
    "agreement_money": ["Ekonomi", "Ekonomiska villkor", "Finansiering"],
    "agreement_followup": ["Uppföljning och utvärdering", "Uppföljning"],
    "agreement_termination": ["Uppsägning", "Uppsägning och hävning"],
    "agreement_organisation": ["Styrgrupp", "Organisation"],
    "agreement_signatures": ["Underskrifter"],
    "attachments": ["Bilagor", "Bilaga"],
    "attested": ["Attesterat av"],
    "sent_to": ["Beslutet skickas till"],
}
ID_OF = {h.casefold(): i for i, hs in SECTION_IDS.items() for h in hs}


# ---------------------------------------------------------------- reading sources

class Part:
    """One document: head fields, body blocks, hand-written truth."""

    def __init__(self, text, parent=None):
        pieces = re.split(r"^%%\n", text, flags=re.M)
        self.head = dict(parent.head) if parent else {}
        if parent:
            for k in ("dnr", "cited", "subtitle", "handlaggare", "signatories", "attested", "attachments", "hide", "kind", "genres", "label", "meeting", "recipient"):
                self.head.pop(k, None)
        for line in pieces[0].splitlines():
            if line.strip() and not line.startswith("//"):
                k, v = line.split(":", 1)
                self.head[k.strip()] = v.strip()
        self.blocks = parse_body(pieces[1])
        self.extra = json.loads(pieces[2]) if len(pieces) > 2 and pieces[2].strip() else {}
        self.place = DISTRICTS[self.head["district"]]

    def get(self, key, default=""):
        return self.head.get(key, default)

    def list(self, key):
        return [x.strip() for x in self.get(key).split(";") if x.strip()]

    def hidden(self, what):
        return what in self.get("hide").split()

    @property
    def administration(self):
        return self.get("administration") or self.place["administration"]

    @property
    def recipient(self):
        return "" if self.get("recipient") == "-" else self.get("recipient") or self.place["board"]

    @property
    def label(self):
        return self.get("label") or {"tjansteutlatande": "Tjänsteutlåtande", "protokoll": "Protokoll", "kallelse": "Kallelse",
                                     "protokollsutdrag": "Protokollsutdrag", "delegationsbeslut": "Delegationsbeslut",
                                     "tjansteskrivelse": "Tjänsteskrivelse", "skrivelse": "Skrivelse"}.get(self.get("kind"), "")

    def people(self, key):
        """`name | a | b; name | …` as lists of cells."""
        return [[c.strip() for c in p.split("|")] for p in self.list(key)]

    def contact(self):
        c = self.place["contact"]
        return {"street": c["street"], "postal_code": c["postal_code"], "city": c["city"],
                "phone": c.get("phone"), "email": self.get("contact-email") or c["email"], "web": c["web"]}


def parse_body(text):
    """Blocks: (h, level, text) (p, text) (num, n, text) (bul, text) (table, caption, header, rows) (line, text) (mark, name)."""
    blocks, para, table = [], [], None

    def flush():
        nonlocal table
        if para:
            blocks.append(["p", " ".join(para)])
            para.clear()
        if table:
            blocks.append(table)
            table = None

    for line in text.splitlines():
        s = line.strip()
        if not s:
            flush()
        elif m := re.match(r"(#{1,4}) (.*)", s):
            flush(); blocks.append(["h", len(m[1]), m[2]])
        elif m := re.match(r"(\d+)\. (.*)", s):
            flush(); blocks.append(["num", int(m[1]), m[2]])
        elif m := re.match(r"- (.*)", s):
            flush(); blocks.append(["bul", m[1]])
        elif line.startswith("> ") or s == ">":
            flush(); blocks.append(["line", line[2:].rstrip()])
        elif s.startswith("|"):
            cells = [c.strip() for c in s.strip("|").split("|")]
            if table is None:
                caption = ""
                if blocks and blocks[-1][0] == "p" and blocks[-1][1].startswith("Tabell"):
                    caption = blocks[-1][1]
                flush(); table = ["table", caption, cells, []]
            else:
                table[3].append(cells)
        elif m := re.fullmatch(r"\{(signatures|attested|attachments|newpage)\}", s):
            flush(); blocks.append(["mark", m[1]])
        elif line.startswith("  ") and blocks and not para and blocks[-1][0] in ("num", "bul"):
            blocks[-1][-1] += " " + s
        else:
            para.append(s)
    flush()
    return blocks


ANNOTATION = re.compile(r"^\[([a-z_ ]*)(?:> ?([^\]]+))?\] ")


def clean(text):
    """A block's text without the truth annotation and the page-break mark."""
    return ANNOTATION.sub("", text)


def one_line(text):
    return re.sub(r"\s*\{pb\}\s*", " ", clean(text)).replace("**", "")


# ---------------------------------------------------------------- truth

def read_dnr(raw, role):
    raw = raw.strip()
    for rx, order in [
        (r"([A-ZÅÄÖ]{1,8})[ -](\d{4})/(\d+)$", "sYn"),
        (r"(\d{4})/(\d+)-([\d.]+)$", "Ynp"),
        (r"([\d.]+?)-(\d+)[-/](\d{4})$", "pnY"),
        (r"([\d.]+?)-(\d+)/(\d\d)$", "pny"),
        (r"(\d+)-(\d{4})-([\d.]+)$", "nYp"),
        (r"(\d{4})-(\d+)-([\d.]+)$", "Ynp"),
        (r"(\d{4})/(\d+)$", "Yn"),
    ]:
        if m := re.match(rx, raw):
            v = dict(zip(order, m.groups()))
            series, year, number = v.get("s"), int(v.get("Y") or "20" + v["y"]), int(v["n"])
            d = {"canonical": f"{series + ' ' if series else ''}{year}/{number}", "raw": raw, "series": series, "year": year, "number": number}
            if "p" in v:
                d["plan"] = v["p"].strip(".")
            return d | {"role": role}
    raise SystemExit(f"no dnr: {raw}")


def decisions_under(blocks, ids, status):
    """Points (or sentences) of the first section with one of these ids that carry an annotation."""
    out, inside = [], False
    for b in blocks:
        if b[0] == "h":
            inside = ID_OF.get(b[2].casefold()) in ids
        elif inside and b[0] in ("num", "p", "bul") and (m := ANNOTATION.match(b[-1])):
            text = one_line(b[-1])
            d = {"status": status, "number": str(b[1]) if b[0] == "num" else None, "text": text, "actions": m[1].split()}
            if m[2]:
                d["assignee"] = m[2]
            out.append(d)
    return out


def items_of(blocks):
    """The paragraphs of minutes: `# § n Title`, then `> Dnr …`, then `## Beslut`."""
    items = []
    for b in blocks:
        if b[0] == "h" and b[1] == 1 and (m := re.match(r"(§ \d+) (.*)", b[2])):
            items.append({"number": m[1], "title": m[2], "dnr": [], "blocks": []})
        elif b[0] == "h" and b[1] == 1:
            items.append(None)
        elif items and items[-1]:
            if b[0] == "line" and b[1].startswith("Dnr "):
                items[-1]["dnr"] += [read_dnr(d, "cited" if k else "own") for k, d in enumerate(b[1][4:].split(", "))]
            items[-1]["blocks"].append(b)
    out = []
    for i in filter(None, items):
        blocks = i.pop("blocks")
        out.append(i | {"decisions": decisions_under(blocks, {"decision"}, "decided")})
    return out


def truth_of(part, blocks):
    extra = dict(part.extra)
    kind, minutes = part.get("kind"), part.get("kind") in ("protokoll", "protokollsutdrag")
    t = {"kind": kind, "genres": part.get("genres").split(), "title": part.get("title")}
    if part.get("subtitle"):
        t["subtitle"] = part.get("subtitle")
    t["dnr"] = ([] if part.hidden("dnr") else [read_dnr(x, "own") for x in part.list("dnr")]) + [read_dnr(x, "cited") for x in part.list("cited")]
    t["date"] = None if part.hidden("date") else part.get("date") or None
    t["meeting_date"] = part.get("meeting") or None
    t["district"] = part.place["id"]
    layout = part.get("layout")
    if kind == "kallelse":
        t.pop("dnr")
        t["items"] = agenda_of(blocks)
    if layout in ("tu", "tu-right"):
        t["recipient"] = part.recipient or None
        t["administration"] = None if part.hidden("administration") else part.administration
        t["department"] = None if part.hidden("administration") or not part.get("department") else part.get("department")
        t["handlaggare"] = [{"name": p[0], "phone": p[1] if len(p) > 1 and p[1] else None, "email": p[2] if len(p) > 2 else None} for p in part.people("handlaggare")]
        if not part.hidden("contact"):
            t["contact"] = part.contact()
        t["decisions"] = decisions_under(blocks, {"proposed_decision"}, "proposed")
    elif minutes:
        t["decisions"] = []
        t["items"] = items_of(blocks)
        if kind == "protokoll":
            del t["dnr"]  # those of the items, there
    if kind == "overenskommelse":
        t["decisions"] = []
    if kind == "delegationsbeslut":
        t["decisions"] = decisions_under(blocks, {"decision"}, "decided")
    blocks = [["h", 1, {"attachments": "Bilagor", "attested": "Attesterat av"}[b[1]]] if b[0] == "mark" and b[1] in ("attachments", "attested") else b for b in blocks]
    seen = [ID_OF[b[2].casefold().lstrip("0123456789. §")] for b in blocks
            if b[0] == "h" and ID_OF.get(b[2].casefold().lstrip("0123456789. §"))]
    if layout in ("tu", "tu-right") or kind == "overenskommelse":
        t["section_ids"] = seen
    sign = part.people("signatories")
    if sign and kind in ("tjansteutlatande", "tjansteskrivelse", "delegationsbeslut"):
        t["signatories"] = [{"name": p[0], "title": p[1], "unit": p[2] if len(p) > 2 else part.administration} for p in sign]
        t["attestations"] = [{"name": p[0], "title": p[1], "date": p[2]} for p in part.people("attested")]
    if kind != "protokoll":
        t["attachments"] = part.list("attachments")
    t["tables"] = [{"caption": b[1] or None, "header": b[2], "rows": b[3]} for b in blocks if b[0] == "table"]
    for item in t.get("items", []):
        item.update(extra.get("items_extra", {}).get(item["number"], {}))
    extra.pop("items_extra", None)
    if minutes:
        t["partial"] = ["items.decisions", "meeting.present"]  # motions and officers are not written down
    if kind == "protokoll":
        t.pop("title")  # a protokoll has no title of its own but its label
        extra["meeting"]["present"] = present_in(blocks)
    elif kind == "protokollsutdrag":
        t["title"] = {"any": [part.get("title"), part.label, f"{t['items'][0]['number']} {part.get('title')}"]}
    elif part.hidden("title"):
        t.pop("title")
    if t["date"] is None and t["meeting_date"]:
        t["date"] = {"any": [None, t["meeting_date"]]}
    if part.get("format") == "txt-flow":
        t.pop("contact", None)  # this form has no margin block
    return t | extra


MEMBER = re.compile(r"(?P<name>[^(,]+) \((?P<party>[A-ZÅÄÖa-z]+)\)(?:,? (?P<role>ordförande|vice ordförande))?(?: för (?P<sub>[^(]+) \([A-Z]+\))?(?:, (?P<items>§§ [\d–]+))?(?:, distans)?$")


def present_in(blocks):
    """The members named before the first §, with the role that the heading or label gives."""
    out, role = [], None
    roles = {"ordförande": "ordförande", "vice ordförande": "vice ordförande", "ledamöter": "ledamot", "beslutande ledamöter": "ledamot", "beslutande": "ledamot",
             "tjänstgörande ersättare": "tjänstgörande ersättare", "ersättare": "ersättare", "närvarande ersättare": "ersättare"}
    for b in blocks:
        if b[0] == "h":
            if b[2].startswith("§"):
                break
            role = roles.get(b[2].casefold())
        elif b[0] == "line":
            label, _, rest = b[1].partition(": ")
            here, names = (roles.get(label.casefold()), re.split(r"(?<=\)), ", rest)) if rest and label.casefold() in roles else (role, [b[1]])
            for name in names:
                if here and (m := MEMBER.match(name)):
                    out.append({"name": m["name"], "role": m["role"] or here, "political_party": m["party"], "substitute_for": m["sub"], "items": m["items"]})
    return out


def agenda_of(blocks):
    """The numbered points of a kallelse, as headings or as lines with a tab."""
    out = []
    for b in blocks:
        text = b[2] if b[0] == "h" else b[1] if b[0] == "line" else ""
        if m := re.match(r"(\d+)(?:\. |\.?\t)(.+)", text):
            title, _, dnr = m[2].partition(", dnr ")
            out.append({"number": m[1], "title": title, "dnr": [read_dnr(dnr, "own")] if dnr else [], "handlaggare": []})
        elif out and (m := re.match(r"\t?Dnr ([^,(]+)", text)):
            out[-1]["dnr"].append(read_dnr(m[1].strip(), "own"))
            out[-1]["dnr"] += [read_dnr(m[1], "cited") for m in re.finditer(r"\((KS [^)]+)\)", text)]
        elif out and (m := re.match(r"\t?Handläggare: (?:[a-zåäö]+ )?([^,]+)(?:, ([\d -]+))?", text)):
            out[-1]["handlaggare"].append({"name": m[1], "phone": m[2]})
    return out


# ---------------------------------------------------------------- TXT

def top_block(part):
    out = []
    for p in part.people("handlaggare"):
        out += ["Handläggare", p[0]] + ([f"Telefon: {p[1]}"] if len(p) > 1 and p[1] else []) + ([f"E-post: {p[2]}"] if len(p) > 2 else [])
    if part.recipient:
        out += ["", "Till", part.recipient + (" " + part.get("meeting") if part.get("meeting") else "")]
    return out


def margin_block(part):
    """The rest of page 1's margin: administration, label, dnr, date, address."""
    out = []
    if not part.hidden("administration"):
        out += ["", part.administration] + ([part.get("department")] if part.get("department") else [])
    if part.label and not part.hidden("label"):
        out += ["", part.label]
    if not part.hidden("dnr"):
        out += ["Dnr " + d for d in part.list("dnr")]
    if not part.hidden("date"):
        out += ["", part.get("date")]
    if not part.hidden("contact"):
        c = part.contact()
        out += [c["street"], f"{c['postal_code']} {c['city']}"] + ([f"Växel {c['phone']}"] if c["phone"] else []) + [c["email"], c["web"]]
    return out


def signature_cells(part):
    return [(p[0], p[1], p[2] if len(p) > 2 else part.administration) for p in part.people("signatories")]


def wrap(text, width=66):
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=True)
    return [l + " " for l in lines]


def txt_wrapped(part):
    """As text taken from a PDF: hard line ends, margin block between the pages, a blank before each page's first line."""
    body = wrap(part.get("title"), 50) + [""]
    if part.get("subtitle"):
        body += wrap(part.get("subtitle")) + [""]
    glue = False
    for b in part.blocks:
        if b[0] == "h":
            body += [""] * (body[-1].strip() != "") + wrap(b[2])
        elif b[0] == "p":
            body += wrap(one_line(b[1])) + [" "]
        elif b[0] == "num":
            body += wrap(f"{b[1]}. {one_line(b[2])}")
            glue = True
        elif b[0] == "bul":
            body += wrap(f"{BULLET} {one_line(b[1])}", 60)
            glue = True
        elif b[0] == "line":
            body += [b[1]]
            glue = True
        elif b[0] == "table":
            body += [" ".join(r) + " " for r in [b[2]] + b[3]] + [""]
        elif b[0] == "mark":
            if b[1] == "signatures":
                rows = zip(*signature_cells(part))
                body += [" ", " "] + ["  ".join(r) + " " for r in rows] + [" ", ""]
            elif b[1] == "attachments":
                body += ["Bilagor "] + [l for a in part.list("attachments") for l in wrap(a)]
            elif b[1] == "attested":
                body += ["Attesterat av ", "Detta dokument har godkänts digitalt av följande personer: ", "Namn Datum "]
                body += [f"{p[0]}, {p[1]} {p[2]} " for p in part.people("attested")]
        nxt = part.blocks[part.blocks.index(b) + 1] if part.blocks.index(b) + 1 < len(part.blocks) else None
        if glue and (nxt is None or nxt[0] != b[0]):
            body += [""]
        glue = False
    length, pages = int(part.get("page-lines", "38")), []
    while body:
        n = length
        pages.append(body[:n]); body = body[n:]
        while body and not body[0].strip():
            body.pop(0)
    if part.get("layout").startswith("tu"):
        pages[0] += [""] + top_block(part) + margin_block(part)
    return "\n".join(" " + "\n".join(p) for p in pages) + "\n"


def txt_flow(part):
    """As text taken from a DOCX: one line per paragraph, an empty line between, page breaks inside sentences ({pb})."""
    out = ["", ""] + top_block(part) + [""] if part.get("layout").startswith("tu") else []
    if part.get("layout").startswith("tu"):
        if not part.hidden("dnr"):
            out += ["Dnr " + d for d in part.list("dnr")]
        if not part.hidden("date"):
            out += [part.get("date")]
        if not part.hidden("administration"):
            out += ["", part.administration] + ([part.get("department")] if part.get("department") else [])
        out += [""]
    if part.get("title") and not part.hidden("title"):
        out += [part.get("title"), ""]
    if part.get("subtitle"):
        out += [part.get("subtitle"), ""]
    last = None
    for b in part.blocks:
        if last in ("num", "bul", "line") and b[0] != last:
            out += [""]
        if b[0] == "h":
            out += [b[2], ""]
        elif b[0] == "p":
            out += [re.sub(r"\s*\{pb\}\s*", "\n\n", clean(b[1])), ""]
        elif b[0] == "num":
            out += [f"{b[1]}. " + re.sub(r"\s*\{pb\}\s*", "\n\n", clean(b[2]))]
        elif b[0] == "bul":
            out += [f"{part.get('bullet') or '•'} {one_line(b[1])}"]
        elif b[0] == "line":
            out += [b[1]]
        elif b[0] == "table":
            out += ["\t".join(r) for r in [b[2]] + b[3]] + [""]
        elif b[1] == "signatures":
            for c in signature_cells(part):
                out += list(c) + [""]
        elif b[1] == "attachments":
            out += ["Bilagor", ""] + part.list("attachments") + [""]
        elif b[1] == "attested":
            out += ["Attesterat av", "", "Detta dokument har godkänts digitalt av följande personer:", "", "Namn\tDatum"]
            out += [f"{p[0]}, {p[1]}\t{p[2]}" for p in part.people("attested")]
        last = b[0]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(out)).rstrip("\n") + "\n"


def write_txt(part, path):
    text = (txt_wrapped if part.get("format") == "txt-wrapped" else txt_flow)(part)
    encoding = part.get("encoding", "utf-8")
    if encoding == "nfd":
        text, encoding = unicodedata.normalize("NFD", text), "utf-8"
    if encoding == "windows-1252":
        text = text.replace("\n", "\r\n")
    write(path, text.encode(encoding))


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)
        print("wrote", path.relative_to(HERE))


# ---------------------------------------------------------------- flat ODT

NS = " ".join(f'xmlns:{p}="{u}"' for p, u in {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0", "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0", "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0", "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
    "dc": "http://purl.org/dc/elements/1.1/", "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"}.items())

EMPTY = '<text:p text:style-name="Head"/>'
VOWELS = "aeiouyåäöé"


def soft_hyphens(word):
    """Offer line-end hyphens in long words: between two consonants or before one, four letters from either end."""
    if len(word) < 11 or not word.isalpha() or word[0].isupper():
        return word
    out = word[:4]
    for i in range(4, len(word)):
        a, b = word[i - 1].lower(), word[i].lower()
        after = word[i + 1].lower() if i + 1 < len(word) else ""
        if len(word) - i >= 4 and b not in VOWELS and after in VOWELS and (a not in VOWELS or word[i - 2].lower() not in VOWELS) and a + b not in ("sk", "st", "ng", "ck", "tt"):
            out += "\u00ad"
        out += word[i]
    return out


class Odt:
    """Builds one flat ODT of one or several documents."""

    def __init__(self, parts):
        self.parts, self.styles, self.masters, self.body, self.auto = parts, [], [], [], []
        h = parts[0]
        self.serif = h.get("font", "Liberation Serif")
        self.sans = h.get("heading-font", "Liberation Sans")
        for n, p in enumerate(parts):
            self.part(n, p)

    def x(self, text, part=None):
        text = one_line(text)
        if part is None or part.get("hyphens") == "yes":
            if part is not None:
                text = re.sub(r"\w+", lambda m: soft_hyphens(m[0]), text)
        return html.escape(text, quote=False).replace("\t", "<text:tab/>")

    def pages(self, n, shown=None):
        now = "<text:page-number text:select-page=\"current\">1</text:page-number>"
        return f"{now} (<text:bookmark-ref text:reference-format=\"page\" text:ref-name=\"end{n}\">1</text:bookmark-ref>)"

    def header(self, n, p, first):
        """The head of a page as a table: left, middle, right cells of lines."""
        layout, page = p.get("layout"), "Sida " + self.pages(n)
        dnr = [] if p.hidden("dnr") else [html.escape("Dnr " + d) for d in p.list("dnr")]
        date = [] if p.hidden("date") else [p.get("date")]
        adm = [] if p.hidden("administration") else [f"<b>{p.administration}</b>"] + ([p.get("department")] if p.get("department") else [])
        if layout == "tu":
            left, mid = (["<b>Stockholms stad</b>"], adm) if first else ([], [])
            right = [f"<b>{p.label}</b>"] * (not p.hidden("label")) + dnr + date * first + [page]
        elif layout == "tu-right":
            left, mid = (adm, []) if first else ([p.administration], [])
            right = ([] if first else dnr) + [page]
        elif layout == "protokoll":
            left, mid = ["<b>Stockholms stad</b>", p.place["board"]], []
            right = [f"<b>{p.get('head') or p.label}</b>", p.get("meeting") or p.get("date"), page]
        elif layout == "letter":
            left, mid = ([f"<b>{p.get('from') or p.place['board']}</b>"] if first else []), []
            right = ([p.get("date")] if first and not p.hidden("date") else []) + (dnr if first else []) + [self.pages(n)]
        else:
            left, mid, right = [], [], []
        def cell(lines):
            ps = "".join("<text:p text:style-name=\"Head\">%s</text:p>" % re.sub(r"<b>(.*?)</b>", r'<text:span text:style-name="Bold">\1</text:span>', l) for l in lines)
            return f'<table:table-cell office:value-type="string">{ps or EMPTY}</table:table-cell>'
        widths = "".join(f'<table:table-column table:style-name="Head{c}{n}"/>' for c in "ABC")
        return f'<table:table table:name="head{n}{int(first)}" table:style-name="HeadT{n}">{widths}<table:table-row>{cell(left)}{cell(mid)}{cell(right)}</table:table-row></table:table>'

    def part(self, n, p):
        layout, self.n = p.get("layout"), n
        left, right = {"tu": ("2cm", "2.3cm"), "tu-right": ("2.5cm", "1.5cm"), "agreement": ("2.8cm", "2.8cm")}.get(layout, ("2.5cm", "2.5cm"))
        foot = ""
        if layout == "protokoll" and p.get("kind") == "protokoll":
            foot = '<style:footer><text:p text:style-name="Foot">Justerandes sign<text:tab/>Utdragsbestyrkande</text:p></style:footer>'
        elif layout in ("agreement",):
            foot = f'<style:footer><text:p text:style-name="FootC">{self.pages(n)}</text:p></style:footer>'
        for first in (True, False):
            mid = ("Rest", "First")[first] + str(n)
            nxt = f' style:next-style-name="Rest{n}"' if first else ""
            head = "" if layout == "agreement" else f"<style:header>{self.header(n, p, first)}</style:header>"
            self.auto.append(
                f'<style:page-layout style:name="L{mid}"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" '
                f'fo:margin-top="1.2cm" fo:margin-bottom="1.6cm" fo:margin-left="{left}" fo:margin-right="{right}"/>'
                f'<style:header-style><style:header-footer-properties fo:min-height="2.2cm" fo:margin-bottom="0.9cm"/></style:header-style>'
                f'<style:footer-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-top="0.4cm"/></style:footer-style></style:page-layout>')
            self.masters.append(f'<style:master-page style:name="{mid}" style:page-layout-name="L{mid}"{nxt}>{head}{foot}</style:master-page>')
        self.auto.append(f'<style:style style:name="Start{n}" style:family="paragraph" style:parent-style-name="Text{n}" style:master-page-name="First{n}"><style:paragraph-properties style:page-number="1" fo:margin-bottom="0cm"/></style:style>')
        indent, width = {"tu": (3.2, 13.5), "tu-right": (0, 12.1), "agreement": (0, 15.4)}.get(layout, (0, 16))
        self.auto.append(f'<style:style style:name="Tab{n}" style:family="table"><style:table-properties style:width="{width}cm" fo:margin-left="{indent}cm" table:align="left"/></style:style>')
        wide = (3.2, 8, 5.5) if layout == "tu" else (9, 2, 5)
        self.auto.append(f'<style:style style:name="HeadT{n}" style:family="table"><style:table-properties style:width="{sum(wide)}cm" table:align="left"/></style:style>')
        self.auto += [f'<style:style style:name="Head{c}{n}" style:family="table-column"><style:table-column-properties style:column-width="{w}cm"/></style:style>' for c, w in zip("ABC", wide)]
        frame = self.frame(p, layout)
        self.body.append(f'<text:p text:style-name="Start{n}">{frame}</text:p>')
        if layout == "tu":
            self.lines(top_block(p), "Small")
        if layout == "letter" and p.recipient:
            self.lines(["Till", p.recipient, ""], "Small")
        if p.get("title") and not p.hidden("title"):
            self.para(p.get("title"), "Title", p)
        if p.get("subtitle"):
            self.para(p.get("subtitle"), "Subtitle", p)
        for i, b in enumerate(p.blocks):
            self.block(p, b, i)
        last = self.body[-1]
        mark = f'<text:bookmark text:name="end{n}"/>'
        self.body.append(f'<text:p text:style-name="End">{mark}</text:p>')

    def frame(self, p, layout):
        if layout == "tu":
            c = p.contact()
            if p.hidden("contact"):
                return ""
            lines = ([] if p.hidden("administration") else [p.administration] + ([p.get("department")] if p.get("department") else [])) + [c["street"], f"{c['postal_code']} {c['city']}"]
            lines += ([f"Växel {c['phone']}"] if c["phone"] else []) + [c["email"], c["web"]]
            x, y, w, h = "1cm", "24.6cm", "3.9cm", "3.6cm"
        elif layout == "tu-right":
            lines = top_block(p) + [""] + ([p.label] if not p.hidden("label") else [])
            if not p.hidden("dnr"):
                lines += ["Dnr " + d for d in p.list("dnr")]
            if not p.hidden("date"):
                lines += [p.get("date")]
            if not p.hidden("contact"):
                c = p.contact()
                lines += ["", c["street"], f"{c['postal_code']} {c['city']}"] + ([f"Växel {c['phone']}"] if c["phone"] else []) + [c["email"], c["web"]]
            x, y, w, h = "15.4cm", "5.2cm", "4.9cm", "9cm"
        else:
            return ""
        ps = "".join(f'<text:p text:style-name="Tiny">{html.escape(l)}</text:p>' for l in lines)
        return (f'<draw:frame draw:style-name="Fr" text:anchor-type="paragraph" svg:x="{x}" svg:y="{y}" svg:width="{w}">'
                f'<draw:text-box fo:min-height="{h}">{ps}</draw:text-box></draw:frame>')

    def para(self, text, style, part=None):
        self.body.append(f'<text:p text:style-name="{style}{self.n}">{self.x(text, part)}</text:p>')

    def lines(self, lines, style):
        for l in lines:
            self.para(l, style)

    def block(self, p, b, i):
        if b[0] == "h":
            level = min(b[1], 3)
            self.body.append(f'<text:h text:style-name="H{level}-{self.n}" text:outline-level="{level}">{self.x(b[2])}</text:h>')
        elif b[0] == "p":
            self.para(b[1], "Text", p)
        elif b[0] == "num":
            self.body.append(f'<text:p text:style-name="Item{self.n}">{b[1]}.<text:tab/>{self.x(b[2], p)}</text:p>')
        elif b[0] == "bul":
            ch = {"f0b7": f'<text:span text:style-name="Sym">{BULLET}</text:span>', "dash": "–"}.get(p.get("bullet"), "•")
            self.body.append(f'<text:p text:style-name="Item{self.n}">{ch}<text:tab/>{self.x(b[1], p)}</text:p>')
        elif b[0] == "line":
            if i and p.blocks[i - 1][0] in ("num", "bul"):
                self.para("", "Line")
            self.body.append(f'<text:p text:style-name="Line{self.n}">{self.x(b[1])}</text:p>')
        elif b[0] == "table":
            self.table(b, i)
        elif b[1] == "newpage":
            self.body.append('<text:p text:style-name="Break"/>')
        elif b[1] == "signatures":
            cells = signature_cells(p)
            self.body.append(f'<text:p text:style-name="Text{self.n}"/>')
            if p.get("sign") == "table":
                self.table(["table", "", [], [list(r) for r in zip(*cells)]], f"s{i}", plain=True)
            else:
                for row in zip(*cells):
                    self.body.append(f'<text:p text:style-name="Sign{self.n}">{"<text:tab/>".join(html.escape(c) for c in row)}</text:p>')
        elif b[1] == "attachments":
            self.body.append(f'<text:h text:style-name="H1-{self.n}" text:outline-level="1">Bilagor</text:h>')
            for a in p.list("attachments"):
                self.para(a, "Line")
        elif b[1] == "attested":
            self.body.append(f'<text:h text:style-name="H1-{self.n}" text:outline-level="1">Attesterat av</text:h>')
            self.para("Detta dokument har godkänts digitalt av följande personer:", "Text")
            self.table(["table", "", ["Namn", "Datum"], [[f"{x[0]}, {x[1]}", x[2]] for x in p.people("attested")]], f"a{i}")

    def table(self, b, i, plain=False):
        rows = ([b[2]] if b[2] else []) + b[3]
        cols = max(len(r) for r in rows)
        t = [f'<table:table table:name="t{len(self.body)}" table:style-name="Tab{self.n}"><table:table-column table:number-columns-repeated="{cols}"/>']
        for k, r in enumerate(rows):
            t.append("<table:table-row>")
            for c in r:
                st = f"Sign{self.n}x" if plain else ("CellB" if k == 0 and b[2] else "Cell")
                box = "" if plain else ' table:style-name="Box"'
                t.append(f'<table:table-cell{box} office:value-type="string"><text:p text:style-name="{st}">{self.x(c)}</text:p></table:table-cell>')
            t.append("</table:table-row>")
        self.body.append("".join(t) + '</table:table>' + f'<text:p text:style-name="Line{self.n}"/>')

    def body_styles(self, n, p, para, serif, sans):
        """The styles of one part's body; the form with a margin column indents them."""
        size = p.get("size", "11.5pt")
        left, right = {"tu": (3.2, 0), "tu-right": (0, 4.9)}.get(p.get("layout"), (0, 0))
        side = f'fo:margin-left="{left}cm" fo:margin-right="{right}cm"'
        centre = ' fo:text-align="center"' if p.get("layout") == "agreement" else ""

        def tab(at):
            return f'<style:tab-stops><style:tab-stop style:position="{at}cm"/></style:tab-stops>'
        return [
            para(f"Text{n}", f'{side} fo:margin-bottom="0.28cm" fo:line-height="118%"', f'{serif} fo:font-size="{size}"'),
            para(f"Line{n}", f'{side} fo:margin-bottom="0cm" fo:line-height="115%"', f'{serif} fo:font-size="{size}"', tab(7.5 if centre else 4.5)),
            para(f"Item{n}", f'fo:margin-left="{left + 0.7}cm" fo:margin-right="{right}cm" fo:text-indent="-0.7cm" fo:margin-bottom="0.1cm"', f'{serif} fo:font-size="{size}"', tab(0.7 if not left else 0)),
            para(f"Sign{n}", f'{side} fo:margin-bottom="0cm" fo:keep-with-next="always"', f'{serif} fo:font-size="{size}"', tab(6.2)),
            para(f"Sign{n}x", 'fo:margin-bottom="0cm"', f'{serif} fo:font-size="{size}"'),
            para(f"Small{n}", f'{side} fo:margin-bottom="0cm" fo:line-height="105%"', f'{sans} fo:font-size="8.5pt"'),
            para(f"Title{n}", f'{side} fo:margin-top="0.5cm" fo:margin-bottom="0.4cm" fo:keep-with-next="always"{centre}', f'{sans} fo:font-size="16pt" fo:font-weight="bold"'),
            para(f"Subtitle{n}", f'{side} fo:margin-bottom="0.4cm"{centre}', f'{sans} fo:font-size="11pt"'),
            para(f"H1-{n}", f'{side} fo:margin-top="0.45cm" fo:margin-bottom="0.1cm" fo:keep-with-next="always"', f'{sans} fo:font-size="12pt" fo:font-weight="bold"'),
            para(f"H2-{n}", f'{side} fo:margin-top="0.3cm" fo:margin-bottom="0.05cm" fo:keep-with-next="always"', f'{sans} fo:font-size="10.5pt" fo:font-weight="bold"'),
            para(f"H3-{n}", f'{side} fo:margin-top="0.2cm" fo:margin-bottom="0.05cm" fo:keep-with-next="always"', f'{serif} fo:font-size="{size}" fo:font-style="italic"'),
        ]

    def xml(self):
        h = self.parts[0]
        size = h.get("size", "11.5pt")

        def para(name, extra, text, inside=""):
            no_outline = ' style:list-style-name=""' if name[0] == "H" else ""
            return (f'<style:style style:name="{name}" style:family="paragraph"{no_outline}><style:paragraph-properties {extra}>{inside}</style:paragraph-properties>'
                    f'<style:text-properties {text}/></style:style>')
        sans = f'style:font-name="{self.sans}" fo:font-family="\'{self.sans}\'"'
        serif = f'style:font-name="{self.serif}" fo:font-family="\'{self.serif}\'"'
        small = h.get("head-size", "8pt")
        styles = [
            f'<style:default-style style:family="paragraph"><style:paragraph-properties style:writing-mode="lr-tb" fo:orphans="2" fo:widows="2"/><style:text-properties {serif} fo:font-size="{size}" fo:language="sv" fo:country="SE"/></style:default-style>',
            para("Head", 'fo:margin-bottom="0cm" fo:line-height="100%"', f'{sans} fo:font-size="{small}"'),
            para("Tiny", 'fo:margin-bottom="0cm" fo:line-height="105%"', f'{sans} fo:font-size="7pt"'),
            para("Cell", 'fo:margin-bottom="0cm" fo:line-height="100%"', f'{sans} fo:font-size="9pt"'),
            para("CellB", 'fo:margin-bottom="0cm" fo:line-height="100%"', f'{sans} fo:font-size="9pt" fo:font-weight="bold"'),
            para("Foot", "", f'{sans} fo:font-size="8pt"', '<style:tab-stops><style:tab-stop style:position="9cm"/></style:tab-stops>'),
            para("FootC", 'fo:text-align="center"', f'{sans} fo:font-size="8pt"'),
            para("End", 'fo:margin-bottom="0cm" fo:line-height="0.05cm"', 'fo:font-size="1pt"'),
            para("Break", 'fo:break-before="page" fo:line-height="0.05cm"', 'fo:font-size="1pt"'),
            '<style:style style:name="Bold" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>',
            '<style:style style:name="Sym" style:family="text"><style:text-properties style:font-name="Symbol" fo:font-family="Symbol" style:font-charset="x-symbol"/></style:style>',
            '<style:style style:name="Fr" style:family="graphic"><style:graphic-properties style:wrap="run-through" style:run-through="foreground" style:horizontal-rel="page" style:horizontal-pos="from-left" style:vertical-rel="page" style:vertical-pos="from-top" fo:border="none" fo:padding="0cm"/></style:style>',
        ]
        auto = self.auto + [
            '<style:style style:name="Box" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #808080" fo:padding="0.08cm"/></style:style>']
        title = html.escape(h.get("pdf-title") or h.get("title"))
        return (f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {NS} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">'
                f'<office:meta><dc:title>{title}</dc:title></office:meta><office:styles>{"".join(styles + [s for n, p in enumerate(self.parts) for s in self.body_styles(n, p, para, serif, sans)])}</office:styles>'
                f'<office:automatic-styles>{"".join(auto)}</office:automatic-styles><office:master-styles>{"".join(self.masters)}</office:master-styles>'
                f'<office:body><office:text>{"".join(self.body)}</office:text></office:body></office:document>')


# ---------------------------------------------------------------- flat ODP

def odp(part):
    """Slides: each level-1 heading starts one; the title slide carries title, authors, administration and month."""
    slides, cur = [["title"]], None
    for b in part.blocks:
        if b[0] == "h" and b[1] == 1:
            slides.append([b])
        else:
            slides[-1].append(b)
    out = []

    def box(x, y, w, h, ps):
        return f'<draw:frame draw:style-name="np" svg:x="{x}cm" svg:y="{y}cm" svg:width="{w}cm" svg:height="{h}cm"><draw:text-box>{"".join(ps)}</draw:text-box></draw:frame>'

    def p(text, style):
        return f'<text:p text:style-name="{style}">{html.escape(one_line(text))}</text:p>'
    for n, s in enumerate(slides):
        shapes = []
        if s[0] == "title":
            shapes.append(box(2, 4, 24, 3, [p(part.get("title"), "T0")]))
            shapes.append(box(2, 8, 24, 6, [p(b[1], "B") for b in s[1:]]))
        else:
            shapes.append(box(1.5, 1, 25, 2, [p(s[0][2], "T")]))
            y, col = 3.4, [[], []]
            for b in s[1:]:
                if b[0] == "table":
                    widths = [7.5] + [17.5 / (len(b[2]) - 1)] * (len(b[2]) - 1)
                    cols = "".join(f'<table:table-column table:style-name="c{k}"/>' for k in range(len(b[2])))
                    rows = "".join("<table:table-row table:style-name=\"r\">" + "".join(f'<table:table-cell><text:p text:style-name="C{"B" if k == 0 else ""}">{html.escape(c)}</text:p></table:table-cell>' for c in r) + "</table:table-row>" for k, r in enumerate([b[2]] + b[3]))
                    shapes.append(f'<draw:frame svg:x="1.5cm" svg:y="{y}cm" svg:width="25cm" svg:height="{0.9 * (len(b[3]) + 1)}cm"><table:table>{cols}{rows}</table:table></draw:frame>')
                elif b[0] == "bul":
                    col[0].append(p("• " + b[1], "B"))
                elif b[0] == "line":
                    col[1].append(b[1])
                else:
                    col[0].append(p(b[-1], "B"))
            if col[0]:
                shapes.append(box(1.5, y, 25, 11, col[0]))
            for k, l in enumerate(col[1]):
                shapes.append(box(1.5 + (k % 2) * 13, 4 + (k // 2) * 4.5, 11.5, 4, [p(l, "B")]))
        out.append(f'<draw:page draw:name="s{n}" draw:style-name="dp" draw:master-page-name="M">{"".join(shapes)}</draw:page>')
    f = part.get("heading-font", "Liberation Sans")

    def st(name, size, extra=""):
        return f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.2cm"/><style:text-properties fo:font-family="\'{f}\'" style:font-name="{f}" fo:font-size="{size}" {extra}/></style:style>'
    auto = ('<style:page-layout style:name="PL"><style:page-layout-properties fo:page-width="28cm" fo:page-height="15.75cm" fo:margin-top="0cm" fo:margin-bottom="0cm" fo:margin-left="0cm" fo:margin-right="0cm"/></style:page-layout>'
            '<style:style style:name="dp" style:family="drawing-page"/><style:style style:name="np" style:family="graphic"><style:graphic-properties draw:fill="none" draw:stroke="none"/></style:style><style:style style:name="c0" style:family="table-column"><style:table-column-properties style:column-width="8.5cm"/></style:style>'
            '<style:style style:name="c1" style:family="table-column"><style:table-column-properties style:column-width="11cm"/></style:style><style:style style:name="c2" style:family="table-column"><style:table-column-properties style:column-width="5.5cm"/></style:style>'
            '<style:style style:name="r" style:family="table-row"><style:table-row-properties style:row-height="0.9cm"/></style:style>'
            + st("T0", "34pt", 'fo:font-weight="bold"') + st("T", "26pt", 'fo:font-weight="bold"') + st("B", "17pt") + st("C", "12pt") + st("CB", "12pt", 'fo:font-weight="bold"'))
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {NS} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.presentation">'
            f'<office:meta><dc:title>{html.escape(part.get("title"))}</dc:title></office:meta>'
            f'<office:automatic-styles>{auto}</office:automatic-styles><office:master-styles><style:master-page style:name="M" style:page-layout-name="PL"/></office:master-styles>'
            f'<office:body><office:presentation>{"".join(out)}</office:presentation></office:body></office:document>')


# ---------------------------------------------------------------- PDF

FILTERS = {
    "plain": {"UseTaggedPDF": False, "ExportBookmarks": False},
    "tagged": {"UseTaggedPDF": True, "ExportBookmarks": True},
    "pdfa2": {"SelectPdfVersion": 2, "UseTaggedPDF": True},
    "pdf15": {"SelectPdfVersion": 15, "UseTaggedPDF": False},
}


def fix_dates(data, day, key):
    """Give the file a fixed time and id, so that making it again gives the same bytes."""
    stamp = day.replace("-", "") + "120000"
    iso = f"{day}T12:00:00"
    data = re.sub(rb"\(D:\d{14}", b"(D:" + stamp.encode(), data)
    data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", iso.encode(), data)
    ident = hashlib.md5(key.encode()).hexdigest().upper().encode()
    data = re.sub(rb"(/ID\s*\[\s*<)[0-9A-F]{32}(>\s*<)[0-9A-F]{32}", rb"\g<1>" + ident + rb"\g<2>" + ident, data)
    return re.sub(rb"(/DocChecksum\s*/)[0-9A-F]{32}", rb"\g<1>" + ident, data)


def make_pdfs(jobs):
    """jobs: (parts, output path). One LibreOffice run per kind of PDF, for what changed since made.json was written."""
    made_file = HERE / "sources" / "made.json"
    made = json.loads(made_file.read_text("utf8")) if made_file.exists() else {}
    prepared = []
    for parts, path in jobs:
        slides = parts[0].get("layout") == "slides"
        xml = odp(parts[0]) if slides else Odt(parts).xml()
        digest = hashlib.sha256((parts[0].get("pdf", "plain") + xml).encode()).hexdigest()[:16]
        if made.get(path.stem) != digest or not path.exists():
            prepared.append((parts, path, slides, xml))
            made[path.stem] = digest
    if not prepared:
        return
    if not shutil.which("soffice"):
        raise SystemExit("soffice not found: install LibreOffice (Debian: libreoffice-writer-nogui libreoffice-impress-nogui)")
    with tempfile.TemporaryDirectory() as tmp:
        groups = {}
        for parts, path, slides, xml in prepared:
            name = path.stem + (".fodp" if slides else ".fodt")
            (Path(tmp) / name).write_text(xml, "utf8")
            groups.setdefault((slides, parts[0].get("pdf", "plain")), []).append((name, parts, path))
        for (slides, flavour), files in sorted(groups.items(), key=lambda g: str(g[0])):
            opts = {k: {"type": "boolean" if isinstance(v, bool) else "long", "value": str(v).lower()} for k, v in FILTERS[flavour].items()}
            target = f"pdf:{'impress' if slides else 'writer'}_pdf_Export:" + json.dumps(opts)
            subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp}/profile", "--headless", "--convert-to", target, "--outdir", tmp]
                           + [str(Path(tmp) / f[0]) for f in files], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           env=os.environ | {"TZ": "UTC", "LC_ALL": "C.UTF-8"})
            for name, parts, path in files:
                pdf = Path(tmp) / (path.stem + ".pdf")
                day = parts[0].get("date") or parts[0].get("meeting")
                write(path, fix_dates(pdf.read_bytes(), (day + "-01")[:10] if len(day) < 10 else day, path.stem))
    write(made_file, (json.dumps(made, indent=1, sort_keys=True) + "\n").encode())


# ---------------------------------------------------------------- checks and main

def luhn_ok(digits):
    total = 0
    for i, c in enumerate(reversed(digits)):
        n = int(c) * (2 if i % 2 else 1)
        total += n - 9 if n > 9 else n
    return total % 10 == 0


DAYS = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"]
MONTHS = ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"]


def lint(name, text):
    """Catch slips in the sources: org numbers that do not check (unless meant), weekdays that do not fit the date."""
    meant = re.findall(r'"org_nr_raw": "([^"]+)"', text)
    for m in re.finditer(r"(?<![\d-])\d{6}-\d{4}(?!\d)", text):
        if not luhn_ok(m[0].replace("-", "")) and m[0] not in meant:
            print(f"{name}: org number {m[0]} does not check", file=sys.stderr)
    for m in re.finditer(rf"({'|'.join(DAYS)})(?:en)? (?:den )?(\d+) ({'|'.join(MONTHS)}) (\d{{4}})", text, re.I):
        day = datetime.date(int(m[4]), MONTHS.index(m[3].lower()) + 1, int(m[2]))
        if DAYS[day.weekday()] != m[1].lower():
            print(f"{name}: {m[0]} is a {DAYS[day.weekday()]}", file=sys.stderr)


def main():
    jobs, rows, wanted = [], [], sys.argv[1:]
    for source in sorted((HERE / "sources").glob("*.doc.md")):
        name = source.name.removesuffix(".doc.md")
        if wanted and not any(w in name for w in wanted):
            continue
        text = source.read_text("utf8")
        lint(name, text)
        parts = []
        for piece in re.split(r"^%%%\n", text, flags=re.M):
            parts.append(Part(piece, parts[0] if parts else None))
        first = parts[0]
        out = HERE / first.get("district") / first.get("year") / name
        if first.get("format").startswith("pdf"):
            jobs.append((parts, out.with_name(name + ".pdf")))
        else:
            write_txt(first, out.with_name(name + ".txt"))
        kinds = [first.get("kind")] + first.get("genres").split() + [f"+ {p.get('kind')}" for p in parts[1:]]
        ext = "pdf" if first.get("format").startswith("pdf") else "txt"
        rows.append([f"`{name}.{ext}`", ", ".join(kinds).replace(", +", " +"), first.place["board"].removesuffix(" stadsdelsnämnd"), first.get("year"), first.get("case") or "–"])
        truths = [truth_of(p, p.blocks) for p in parts]
        truth = truths[0] if len(truths) == 1 else {"parts": truths}
        write(HERE / "truth" / (name + ".json"), (json.dumps(truth, ensure_ascii=False, indent=1) + "\n").encode())
    make_pdfs(jobs)
    if not wanted:
        list_files(rows)


def list_files(rows):
    """The table of documents in README.md."""
    readme = HERE / "README.md"
    text = readme.read_text("utf8")
    table = "| file | kind | district | year | case |\n|---|---|---|---|---|\n" + "".join("| " + " | ".join(r) + " |\n" for r in rows)
    made = re.sub(r"(<!-- files -->\n).*?(<!-- end -->)", lambda m: m[1] + table + m[2], text, flags=re.S)
    write(readme, made.encode())


if __name__ == "__main__":
    main()
