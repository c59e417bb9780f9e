"""A zip is looked at before it is unpacked; names inside it are never paths."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from hedgedesk.files.draft import archive
from hedgedesk.files.findings import FileFindings

WANTED = (".csv", ".toml")


def zipped(files, method=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return packed.getvalue()


def unpacked(content):
    report = FileFindings("desk.zip")
    return archive.unpack(content, report, WANTED), [fault.found for fault in report.listed()], report.notices


def test_files_come_with_their_paths_and_the_rest_is_told():
    files = {
        "mydesk/book.csv": b"1",
        "mydesk\\market\\index.csv": b"2",
        "mydesk/notes.md": b"",
        "__MACOSX/mydesk/._book.csv": b"",
        "mydesk/.hidden.csv": b"",
        "Thumbs.db": b"",
        "mydesk/usage/may.csv": b"",
    }
    found, faults, notices = unpacked(zipped(files))
    assert found == [("mydesk/book.csv", b"1"), ("mydesk/market/index.csv", b"2"), ("mydesk/usage/may.csv", b"")]
    assert faults == []
    assert notices == ["desk.zip: set aside, no part of a desk: notes.md, ._book.csv, .hidden.csv, Thumbs.db"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../book.csv", "a path that leads out"),
        ("a/../../book.csv", "a path that leads out"),
        ("/etc/book.csv", "a path that leads out"),
        ("C:\\book.csv", "a path that leads out"),
        ("..\\book.csv", "a path that leads out"),
        ("\u202ebook/../x.csv", "\\u202ebook/../x.csv: a path that leads out"),
    ],
)
def test_a_path_that_leads_out_refuses_the_whole_archive(name, told):
    found, faults, _ = unpacked(zipped({"program.toml": b"", name: b"1"}))
    assert found == []
    assert told in faults[0]


def test_a_link_refuses_the_whole_archive():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        link = zipfile.ZipInfo("book.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    assert unpacked(packed.getvalue())[:2] == ([], ["book.csv: a link"])


def test_a_password_refuses_the_whole_archive():
    packed = bytearray(zipped({"book.csv": b"1"}))
    packed[packed.find(b"PK\x01\x02") + 8] |= 1
    assert unpacked(bytes(packed))[:2] == ([], ["book.csv: encrypted"])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (zipped({"book.csv": b"0" * 10_000_000}), "book.csv: packed more than 200 times"),
        (zipped({f"{n}.csv": b"" for n in range(1_001)}), "more than 1,000 files"),
        (zipped({"book.csv": b"1"}, zipfile.ZIP_LZMA), "book.csv: packed in a rare way"),
        (b"month,model", "text or unknown bytes"),
        (b"%PDF-1.7", "a PDF document"),
        (zipped({"book.csv": b"1" * 500})[:-30], "a damaged archive"),
    ],
)
def test_a_bomb_or_a_wreck_is_refused_before_it_is_unpacked(content, told):
    found, faults, _ = unpacked(content)
    assert found == []
    assert told in faults[0]


def test_too_much_in_all_is_refused_by_the_sizes_told(monkeypatch):
    monkeypatch.setattr(archive, "MAX_UNPACKED", 5)
    assert unpacked(zipped({"a.csv": b"123", "b.csv": b"456"}))[0] == []


def test_an_archive_inside_is_a_fault_and_the_others_are_read():
    found, faults, _ = unpacked(zipped({"book.csv": b"1", "more/inner.zip": zipped({})}))
    assert found == [("book.csv", b"1")]
    assert faults == ["more/inner.zip: an archive inside the archive"]
