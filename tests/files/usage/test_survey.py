"""What a file is, before its first row counts: packed or not, whole or not, text or not."""

from __future__ import annotations

import gzip
import zlib

import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage import survey as module
from hedgedesk.files.usage.survey import survey

TABLE = "date,model,output_tokens\n" + "".join(f"2026-10-{day:02d},m,{day * 7919}\n" for day in range(1, 31))


def refusal(read_exports, name: str, content: str | bytes):
    with pytest.raises(InputError) as refused:
        read_exports({name: content})
    (fault,) = refused.value.faults
    return fault


def looked_at(path) -> tuple[object, FileFindings]:
    findings = FileFindings(path.name)
    return survey(path, findings, lambda _share: None), findings


@pytest.mark.parametrize("name", ["u.csv.gz", "named_otherwise.csv"])
def test_a_gzipped_export_reads_like_the_plain_one_whatever_its_name(read_exports, name):
    plain = read_exports({"u.csv": TABLE})
    packed = read_exports({name: gzip.compress(TABLE.encode())})
    assert packed.usage.tokens.tolist() == plain.usage.tokens.tolist()
    assert packed.files[0].rows == 30


def test_a_truncated_archive_is_refused_as_a_whole(read_exports):
    packed = gzip.compress(TABLE.encode())
    fault = refusal(read_exports, "u.csv.gz", packed[: len(packed) - 12])
    assert (fault.file, fault.row, fault.found) == ("u.csv.gz", None, "a gzip archive that ends too soon")
    assert "load it again" in fault.expected


def test_of_a_truncated_archive_beside_a_good_file_nothing_counts(read_exports):
    packed = gzip.compress(TABLE.encode())
    measured = read_exports({"good.csv": TABLE, "cut.csv.gz": packed[:-12]})
    assert [(file.vendor, file.rows, file.faults) for file in measured.files] == [("generic", 30, 0), ("", 0, 1)]
    assert measured.usage.tokens.sum() == sum(day * 7919 for day in range(1, 31))


def test_a_damaged_archive_says_so(read_exports):
    packed = bytearray(gzip.compress(TABLE.encode()))
    packed[len(packed) // 2] ^= 0xFF
    assert refusal(read_exports, "u.csv.gz", bytes(packed)).found.startswith("a gzip archive that is damaged")


def test_a_zip_bomb_of_400_kb_is_refused_before_it_is_unpacked(write_export, monkeypatch):
    pack = zlib.compressobj(9, wbits=31)
    row = b"2026-10-01,m,1\n" * 70_000
    bomb = (
        pack.compress(b"date,model,output_tokens\n") + b"".join(pack.compress(row) for _ in range(200)) + pack.flush()
    )
    assert 200_000 < len(bomb) < 800_000, "some 200 MB in some 400 kB"
    unpacked = []
    monkeypatch.setattr(module, "_require_size", watch(module._require_size, unpacked))
    found, findings = looked_at(write_export("bomb.csv.gz", bomb))
    assert found is None
    (fault,) = findings.listed()
    assert fault.found == "an archive that unpacks to more than 200 times its size"
    assert max(unpacked) < 100 * 2**20, "half of it was never unpacked"


def watch(inner, unpacked):
    def require(total: int, consumed: int, *, packed: bool) -> None:
        unpacked.append(total)
        inner(total, consumed, packed=packed)

    return require


def test_more_text_than_the_cap_is_refused(write_export, monkeypatch):
    monkeypatch.setattr(module, "TEXT_CAP", 100)
    found, findings = looked_at(write_export("u.csv", TABLE))
    assert found is None
    assert findings.listed()[0].found.startswith("more than ")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b" \n\n", "an empty file"),
        (b"PK\x03\x04xl/workbook.xml", "an Excel workbook"),
        (b"%PDF-1.7", "a PDF document"),
        (b"<!doctype html><p>Sign in</p>", "a web page or XML document"),
        (gzip.compress(gzip.compress(b"a,b\n")), "a gzip archive"),
    ],
)
def test_what_is_no_text_is_named(read_exports, content, found):
    assert refusal(read_exports, "u.csv", content).found == found


def test_a_nul_byte_is_told_with_its_line(read_exports):
    fault = refusal(read_exports, "u.csv", TABLE.replace("2026-10-03", "2026-10\0-03"))
    assert (fault.row, fault.found) == (4, "a NUL byte, as in a binary file")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "gb2312"])
def test_every_usual_encoding_reads_the_same(read_exports, encoding):
    name = "研究" if encoding == "gb2312" else "Zürich"
    text = f"date,model,team,output_tokens\n2026-10-01,m,{name},5\n"
    measured = read_exports({"u.csv": text.encode(encoding)})
    assert [key.team for key in measured.usage.keys] == [name]
    assert bool(measured.notices) == (encoding in ("cp1252", "gb2312"))


def test_a_file_that_is_not_there_and_a_folder_say_so(tmp_path):
    assert looked_at(tmp_path / "nowhere.csv")[1].listed()[0].found == "no such file"
    assert looked_at(tmp_path)[1].listed()[0].found == "not a file"
