"""Five hundred uploads that are damaged or want to do harm: each is answered, nothing leaves the draft's folder."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import random
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from hedgedesk.desk.drafts import Drafts, read
from hedgedesk.domain.draft import CellEdit, Preview
from hedgedesk.domain.errors import InputError
from hedgedesk.files.templates import template
from hedgedesk.jobs import Jobs

ROUNDS = 500
MEMORY = 900 * 2**20
"""Bytes that one upload may need beyond what the interpreter holds already."""

Upload = tuple[str, bytes]
SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("b"), ord("k")))
    + b']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row></sheetData></worksheet>'
)
OUTSIDE = LAUGHS.replace(b'<!ENTITY a "ha">', b'<!ENTITY a SYSTEM "file:///etc/hostname">').replace(b"&j;", b"&a;")
BAD_CELLS = ("", "=1+1", "@SUM(A1)", "1e400", "nan", "\u202e9", '"', "−5", "١٢", "2026-13", "9999-12", "x" * 500, "'")
BAD_NAMES = (
    "../../evil.csv",
    "/etc/consumption.csv",
    "C:\\Windows\\consumption.csv",
    "..\\..\\program.toml",
    "desk/../../../index.csv",
    "CON.csv",
    "aux",
    "nul.toml",
    "x" * 3_000 + ".csv",
    "\u202egpj.vsc",
    "consumption\u202e.csv",
    "a\nb.csv",
    "\x1b[31mred.csv",
    "<script>alert(1)</script>.csv",
    "=cmd().csv",
    "",
    "   ",
    ".csv",
    "market",
    "desk.zip/..",
)


def desk_files() -> dict[str, bytes]:
    """A whole desk out of the templates, which are small."""
    tables = {name: template(name, "csv") for name in ("consumption", "commitments", "book")}
    market = {name: template(name, "csv") for name in ("index", "futures", "list_prices", "fx")}
    rules = {f"{name}.toml": template(name, "toml") for name in ("program", "settings")}
    return {
        **{f"{name}.csv": content for name, content in tables.items()},
        **{f"market/{name}.csv": content for name, content in market.items()},
        **rules,
        "market/contract.toml": template("contract", "toml"),
    }


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


FILES = desk_files()
DESK = zipped({f"mydesk/{name}": content for name, content in FILES.items()})
BOOK = template("consumption", "xlsx")


def altered_book(part: str, content: bytes) -> bytes:
    """The workbook with one part replaced."""
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(parts | {part: content})


def any_file(chance: random.Random) -> Upload:
    return chance.choice([*((n.rpartition("/")[2], c) for n, c in FILES.items()), ("desk.zip", DESK), ("a.xlsx", BOOK)])


def flipped(chance: random.Random) -> Upload:
    name, content = any_file(chance)
    spoilt = bytearray(content)
    for _ in range(chance.choice((1, 3, 30, 300))):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return name, bytes(spoilt)


def cut(chance: random.Random) -> Upload:
    name, content = any_file(chance)
    start = chance.choice((0, 0, chance.randrange(len(content))))
    return name, content[start : chance.randrange(start, len(content))]


def wrong_ending(chance: random.Random) -> Upload:
    _, content = any_file(chance)
    endings = (".csv", ".xlsx", ".zip", ".toml", ".xls", ".ods", ".pdf", ".numbers", ".txt", ".tsv", ".exe", "")
    return f"consumption{chance.choice(endings)}", content


def huge_cell(chance: random.Random) -> Upload:
    size = chance.choice((10_000, 140_000, 3_000_000))
    cell = chance.choice((b"9", b"a", b"'", b",", b"-", b"1,", b"\xe4\xb8\xad", b'"')) * size
    lines = FILES["consumption.csv"].splitlines()
    lines[chance.randrange(len(lines))] = b"2026-11,m,output," + cell[:4_000_000]
    return "consumption.csv", b"\n".join(lines)


def one_line(chance: random.Random) -> Upload:
    part = chance.choice((b"month,model,meter,mtok,", b"2026-11;", b"x", b'"a""b",', b"\t"))
    return "forecast.csv", part * (4_000_000 // len(part))


def nul_bytes(chance: random.Random) -> Upload:
    name, content = any_file(chance)
    place = chance.randrange(len(content))
    return name, content[:place] + b"\0" * chance.choice((1, 2, 1000)) + content[place:]


def other_encoding(chance: random.Random) -> Upload:
    name = chance.choice([name for name in FILES if name.endswith((".csv", ".toml"))])
    text = FILES[name].decode("utf-8-sig").replace("my-model", "模型é")
    encoding = chance.choice(("utf-16", "utf-16-be", "utf-32", "gb18030", "cp1252", "utf-7", "shift_jis"))
    return name.rpartition("/")[2], text.encode(encoding, errors="replace")


def hostile_book(chance: random.Random) -> Upload:
    deep = b"<a>" * 100_000
    parts = {
        "laughs": (SHEET, LAUGHS),
        "outside": (SHEET, OUTSIDE),
        "deep": (SHEET, deep),
        "strings": ("xl/sharedStrings.xml", LAUGHS),
        "corner": (SHEET, b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'),
        "packed": ("xl/theme/theme1.xml", b"\0" * 30_000_000),
        "rels": ("xl/_rels/workbook.xml.rels", OUTSIDE),
    }
    return "consumption.xlsx", altered_book(*chance.choice(list(parts.values())))


def zip_bomb(chance: random.Random) -> Upload:
    kind = chance.choice(("ratio", "many", "nested", "lies", "overlap", "lzma", "double", "total"))
    if kind == "ratio":
        return "desk.zip", zipped({"consumption.csv": b"0" * 20_000_000})
    if kind == "many":
        return "desk.zip", zipped({f"{n}.csv": b"" for n in range(3_000)}, zipfile.ZIP_STORED)
    if kind == "nested":
        return "desk.zip", zipped({"inner.zip": DESK, "more/inner.zip": zipped({"a.zip": DESK})})
    if kind == "lies":
        # The list says one byte, the entry holds a million.
        packed = bytearray(zipped({"consumption.csv": b"0" * 1_000_000}))
        entry = packed.rfind(b"PK\x01\x02")
        packed[entry + 24 : entry + 28] = struct.pack("<I", 1)
        return "desk.zip", bytes(packed)
    if kind == "overlap":
        # Many entries of the list point at one packed file.
        packed_once = zipped({"consumption.csv": chance.randbytes(1_000) * 400})
        start = packed_once.find(b"PK\x01\x02")
        end = packed_once.rfind(b"PK\x05\x06")
        times = chance.choice((50, 900))
        tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, times, times, (end - start) * times, start, 0)
        return "desk.zip", packed_once[:start] + packed_once[start:end] * times + tail
    if kind == "lzma":
        return "desk.zip", zipped(FILES, chance.choice((zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2)))
    if kind == "double":
        return "desk.zip", zipped({f"{n}/consumption.csv": FILES["consumption.csv"] for n in range(400)})
    return "desk.zip", zipped({f"{n}.csv": chance.randbytes(9_000) * 1_300 for n in range(9)})


def bad_names(chance: random.Random) -> Upload:
    name = chance.choice(BAD_NAMES)
    _, content = any_file(chance)
    if chance.random() < 0.4:
        return name, content
    return "desk.zip", zipped({f"mydesk/{n}": c for n, c in FILES.items()} | {name or "x": content})


def links(chance: random.Random) -> Upload:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo(chance.choice(("consumption.csv", "market", "mydesk")))
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "../../../../etc/passwd")
        archive.writestr("mydesk/program.toml", FILES["program.toml"])
    return "desk.zip", packed.getvalue()


def hostile_rules(chance: random.Random) -> Upload:
    start = FILES["program.toml"].decode()
    dotted = ".".join("a" * 480)
    tails = (
        "x = " + "[" * 5_000,
        "x = " + "[" * 200 + "]" * 200,
        "x = " + "{a=" * 300 + "1" + "}" * 300,
        "x = " + "{a=" * 90 + "1" + "}" * 90,
        f"name.{dotted} = 1",
        f"[name.{dotted}]\n{dotted} = 1",
        'currency = "EUR"',
        "level = 1e999\nrisk_weight = nan",
        "seed = " + "9" * 5_000,
        'budget."2027-01" = 1',
        "bands = 1\n[[bands]]\nmin = 1",
        "[budget]\n" + "\n".join(f'"{n:04d}-01" = 1' for n in range(3_000)),
        'x = "\\uD800"',
        '"\u202e" = "\u202e"',
        "lots = '''\n\nwhole'''",
    )
    return chance.choice(("program.toml", "settings.toml", "mine.toml")), f"{start}\n{chance.choice(tails)}\n".encode()


def noise(chance: random.Random) -> Upload:
    start = chance.choice((b"", b"PK\x03\x04", b"\xff\xfe", b"month,model\n", b"sep=;\n", b"\xef\xbb\xbf"))
    name = chance.choice(("a.csv", "a.xlsx", "a.zip", "a.toml", "a"))
    return name, start + chance.randbytes(chance.choice((0, 1, 5_000)))


def shuffled_rows(chance: random.Random) -> Upload:
    name = chance.choice([name for name in FILES if name.endswith(".csv")])
    cells = [line.split(",") for line in FILES[name].decode("utf-8-sig").split("\r\n")]
    for _ in range(chance.choice((1, 5, 50))):
        row = chance.choice(cells)
        row[chance.randrange(len(row))] = chance.choice(
            (
                "",
                "=1+1",
                "@SUM(A1)",
                "1e400",
                "nan",
                "\u202e9",
                '"',
                "−5",
                "١٢",
                "2026-13",
                "9999-12",
                "x" * 500,
                "'",
                "\\",
            )
        )
    return name.rpartition("/")[2], "\n".join(",".join(row) for row in cells).encode()


EXPORT = b"date,model,seller,team,output_tokens,cost_usd\n" + b"2026-10-01,gpt-5,openai,a,5,0.5\n" * 30


@cache
def export_bomb() -> bytes:
    """60 MB of an export in 60 kB."""
    return gzip.compress(EXPORT + b"0" * 60_000_000)


def hostile_export(chance: random.Random) -> Upload:
    """A vendor's usage export that was cut off, packed too far or filled with what no vendor writes."""
    name = chance.choice(("u.csv", "usage/u.csv", "../../u.csv", "=1+1.csv", "u\x1b[31m.csv", "usage/../../u.csv"))
    cell = chance.choice(("=HYPERLINK(1)", "-5", "1e308", "nan", "9" * 400, "\x1b[2J", "\u202e", "1.000", "m" * 70_000))
    place = chance.randrange(6)
    row = [cell if i == place else text for i, text in enumerate(("2026-10-02", "m", "s", "t", "7", "1"))]
    text = EXPORT + ",".join(row).encode() + b"\n"
    packed = gzip.compress(text)
    forms = (
        (name, text),
        (name, text.replace(b",", b";")),
        (name, text.replace(b"\n", chance.choice((b"\r", b"\r\n", b"\r\r\n")))),
        (name, text.decode().encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig")))),
        (name, chance.choice((b"", b"\xef\xbb\xbf", EXPORT.splitlines()[0], text[: chance.randrange(len(text))]))),
        (f"{name}.gz", packed[: chance.randrange(len(packed))]),
        (f"{name}.gz", gzip.compress(packed)),
        (f"{name}.gz", export_bomb()),
        ("vendors.toml", f"{chance.choice(('u.csv', 'a'))!r} = {json.dumps(cell)}\n".encode()),
        ("usage/u.parquet", b"PAR1" + text + b"PAR1"),
    )
    return chance.choice(forms)


KINDS: tuple[Callable[[random.Random], Upload], ...] = (
    flipped,
    cut,
    wrong_ending,
    huge_cell,
    one_line,
    nul_bytes,
    other_encoding,
    hostile_book,
    zip_bomb,
    bad_names,
    links,
    hostile_rules,
    hostile_export,
    noise,
    shuffled_rows,
)


@contextlib.contextmanager
def bounded_memory() -> Iterator[None]:
    """Within, the whole interpreter may grow by :data:`MEMORY`; where it is not known how large it is, it may."""
    status = Path("/proc/self/status")
    if not status.is_file():
        yield
        return
    import resource

    size = next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmSize"))
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Drafts]:
    """A folder with a neighbour that must stay as it is, and the drafts beside it."""
    parent = tmp_path_factory.mktemp("user")
    (parent / "neighbour.csv").write_text("untouched", encoding="utf-8")
    base = parent / "open"
    for name, content in FILES.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_bytes(content)
    return parent, Drafts(parent / "drafts", Jobs(1))


def listing(parent: Path) -> dict[str, bytes]:
    """Everything beside the drafts."""
    paths = [path for path in parent.rglob("*") if parent / "drafts" not in path.parents and path.is_file()]
    return {str(path.relative_to(parent)): path.read_bytes() for path in paths}


def answer(drafts: Drafts, upload: Upload, base: Path) -> Preview | InputError:
    """What a user would be told of the upload."""
    try:
        draft = drafts.receive([upload], base)
        read({"folder": str(base.parent / "drafts" / draft), "base": None}, lambda fraction, text: None)
        preview = drafts.preview(draft)
    except InputError as refusal:
        return refusal
    for name in [file.name for file in preview.files if file.name and file.uploaded_as][:2]:
        use(drafts, draft, name)
    return preview


def use(drafts: Drafts, draft: str, file: str) -> None:
    """Open a file in the editor, change a cell and take it back; any of it may be refused."""
    with contextlib.suppress(InputError):
        table = drafts.table(draft, file)
        assert all(len(row) == len(table.header) for row in table.rows)
        if table.lines:
            drafts.edit(draft, file, [CellEdit("cell", table.lines[0], table.header[-1], "1")])
            drafts.undo(draft)
            assert drafts.table(draft, file).rows == table.rows


def is_visible(text: str) -> bool:
    return all(c.isprintable() or c == "\n" for c in text)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_hostile_upload_is_answered_and_leaves_nothing_outside(room, kind):
    parent, drafts = room
    before = listing(parent)
    rounds = ROUNDS // len(KINDS) + 1
    with bounded_memory():
        for seed in range(rounds):
            upload = kind(random.Random(f"{kind.__name__} {seed}"))
            told = answer(drafts, upload, parent / "open")
            if isinstance(told, InputError):
                assert is_visible(str(told)), seed
                assert str(told).strip(), seed
                continue
            assert told.ready == (not told.faults), seed
            assert all(is_visible(str(fault)) for fault in told.faults), seed
            assert all(is_visible(text) for text in (*told.notices, told.name)), seed
            assert all(is_visible(file.uploaded_as) for file in told.files), seed
    assert listing(parent) == before
    assert {path.name for path in parent.iterdir()} == {"neighbour.csv", "open", "drafts"}


def test_the_kinds_make_five_hundred():
    assert (ROUNDS // len(KINDS) + 1) * len(KINDS) >= ROUNDS
