"""Files that leave the desk: safe names, right kinds, nothing kept by a cache, nothing outside what is ours."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from hedgedesk.dashboard.downloads import attachment, desk_name
from hedgedesk.domain.workspace import OpenDesk

RUN = "7f3a9c2e51d04b86"
TABLE = f"/download/table/{RUN}/plan.trades"


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("tsv", "text/tab-separated-values; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_table_comes_as_a_named_file_that_no_cache_keeps(client, suffix, kind):
    answer = client.get(f"{TABLE}.{suffix}")
    assert answer.status_code == 200
    assert answer.content_type == kind
    assert answer.headers["Content-Disposition"] == f'attachment; filename="plan-trades-7f3a9c2e.{suffix}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/download/table/abcdef123456/plan.trades.csv",
        f"/download/table/{RUN}/plan.nothing.csv",
        f"{TABLE}.exe",
        f"{TABLE}.toml",
        f"/download/table/{RUN}/..%2F..%2Fsettings.toml.csv",
        "/download/table/..%2F..%2Fetc/plan.trades.csv",
        f"/download/report/{RUN}.html",
        f"/download/report/{RUN}.pdf",
        "/download/report/..%2F..%2Fsecret.html",
        "/download/template/nothing.csv",
        "/download/template/../../app.py",
        "/download/template/consumption.exe",
        "/download/",
        "/download/anything/else",
    ],
)
def test_what_is_not_there_is_told_in_plain_words(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    if answer.request.path.startswith("/download/") and path != "/download/":
        assert answer.content_type == "text/plain; charset=utf-8"
        assert "<" not in answer.text


def test_a_written_report_is_handed_over(client, desk, tmp_path):
    desk.papers.file = tmp_path / "report.xlsx"
    desk.papers.file.write_bytes(b"PK sheet")
    answer = client.get(f"/download/report/{RUN}.xlsx")
    assert (answer.status_code, answer.data) == (200, b"PK sheet")
    assert 'filename="hedgedesk-report-7f3a9c2e.xlsx"' in answer.headers["Content-Disposition"]


def test_an_html_report_is_a_file_and_never_a_page_of_ours(client, desk, tmp_path):
    desk.papers.file = tmp_path / "report.html"
    desk.papers.file.write_bytes(b"<p>report</p>")
    assert client.get(f"/download/report/{RUN}.html").headers["Content-Disposition"].startswith("attachment")


def test_a_template_is_handed_over(client):
    answer = client.get("/download/template/consumption.csv")
    assert (answer.status_code, answer.data) == (200, b"month,mtok\n")


@pytest.mark.parametrize("path", [f"{TABLE}.csv", "/download/desk.zip", "/download/template/consumption.csv"])
@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)]
)
def test_another_site_fetches_nothing(client, desk, tmp_path, path, site, status):
    desk.open = OpenDesk("still", "folder", tmp_path, "key")
    assert client.get(path, headers={"Sec-Fetch-Site": site}).status_code == status


def test_a_download_is_read_only(client):
    ours = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post(f"{TABLE}.csv", json={}, headers=ours).status_code == 405


def make(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        place = folder / name.replace("__", "/").replace("_", ".", 1)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


def names(content: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_the_open_desk_comes_as_a_zip_of_its_own_files_only(client, desk, tmp_path):
    make(tmp_path, consumption_csv="a", settings_toml="b", market__index_csv="c", notes_txt="d", secrets_py="e")
    desk.open = OpenDesk("Larkspur & Söhne ../x", "kept", tmp_path, "key", "w1", 3)
    answer = client.get("/download/desk.zip")
    assert answer.content_type == "application/zip"
    assert names(answer.data) == ["consumption.csv", "market/index.csv", "settings.toml"]
    assert 'filename="larkspur-s-hne-..-x-revision-3.zip"' in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("name", ['a"b\r\nX: y.csv', "../../etc/passwd.csv", "ü/ö.csv"])
def test_a_file_name_cannot_break_out_of_its_header(name):
    told = attachment(name, b"").headers["Content-Disposition"]
    assert told.count('"') == 2
    assert "/" not in told
    assert "\n" not in told


def test_a_desk_without_a_plain_name_still_gives_a_file_name(tmp_path):
    assert desk_name(OpenDesk("词元", "folder", tmp_path, "key")) == "desk.zip"


def test_tables_of_two_runs_and_of_the_desk_come_as_files(client):
    assert client.get(f"/download/compare/{RUN}/{RUN}/measures.csv").data == b"measures"
    assert client.get("/download/desk-table/runs.xlsx").data == b"runs"
    assert client.get("/download/desk-table/deeds.tsv").data == b"deeds"


@pytest.mark.parametrize(
    "path",
    [
        f"/download/compare/{RUN}/nothing/measures.csv",
        f"/download/compare/{RUN}/{RUN}/measures.exe",
        f"/download/compare/{RUN}/{RUN}/..%2Fsecret.csv",
        "/download/desk-table/settings.csv",
        "/download/desk-table/runs.html",
    ],
)
def test_no_other_table_of_the_desk_is_handed_over(client, path):
    assert client.get(path).status_code == 404
