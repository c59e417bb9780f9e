"""The HTML report says the model's numbers, runs nothing, loads nothing, and is fit for all readers."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from hedgedesk.reports.report.html import report_html
from hedgedesk.reports.report.model import report_model

VOID = {"meta", "br", "img", "rect", "path", "line", "circle"}


class Page(HTMLParser):
    """What a page holds: tags with their attributes, tables by name, and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: dict[str, list[dict[str, str]]] = {}
        self.words: list[str] = []
        self.policy = ""
        self._rows: list[dict[str, str]] = []
        self._key: str | None = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag == "meta" and found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"]
        if tag == "table":
            self._rows = self.cells.setdefault(found["data-table"], [])
        if tag == "tr":
            self._rows.append({})
        if tag in ("td", "th") and "data-key" in found:
            self._key = found["data-key"]
            self._rows[-1][self._key] = ""
            if "data-value" in found:
                self._rows[-1][f"{self._key}-value"] = found["data-value"]
        elif tag in ("td", "th"):
            self._key = None

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._key = None

    def handle_data(self, data):
        self.words.append(data)
        if self._key is not None:
            self._rows[-1][self._key] += data

    def rows(self, table):
        return [row for row in self.cells[table] if row]

    def named(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def model(run):
    return report_model(run, "Acme")


@pytest.fixture(scope="module")
def text(model):
    return report_html(model)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_totals_stand_in_the_page_to_the_cent(page, model):
    mean, *_ = page.rows("costs")
    totals = model.totals
    assert mean["unhedged"] == f"{totals.unhedged_mean:,.2f}"
    assert mean["hedged"] == f"{totals.hedged_mean:,.2f}"
    assert mean["benefit"] == f"{totals.unhedged_mean - totals.hedged_mean:,.2f}"
    assert float(page.rows("months")[-1]["cost-value"]) == pytest.approx(totals.hedged_mean, abs=0.005)
    assert float(page.rows("plan")[-1]["cost-value"]) == pytest.approx(totals.transaction_cost, abs=0.005)
    assert f"CNY\u00a0{totals.initial_margin:,.2f}" in page.words


def test_every_number_of_every_table_is_the_models(page, model):
    for name in ("months", "plan", "stress", "lines", "distribution", "fan", "limits_in_full"):
        table, rows = model.table(name), page.rows(name)
        assert len(rows) == len(table.rows) + bool(table.total)
        for row, found in zip(table.rows, rows, strict=False):
            for key, cell in ((c.key, row[c.key]) for c in table.columns if c.key in row):
                if isinstance(cell.value, (int, float)):
                    assert float(found[f"{key}-value"]) == cell.value
                assert cell.text in found[key]


def test_nothing_can_run_or_load(page, text):
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert page.policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "base"} & {tag for tag, _ in page.tags}
    for _, attrs in page.tags:
        assert "style" not in attrs
        assert not [name for name in attrs if name.startswith("on")]
        assert not [name for name in ("src", "srcset", "action") if name in attrs]
    assert all(attrs["href"].startswith("#") for attrs in page.named("a"))
    assert set(re.findall(r"https?://[^\s\"'<)]+", text)) == {"http://www.w3.org/2000/svg"}
    assert "@import" not in style
    assert "url(" not in style


def test_it_is_a_light_file(text):
    assert len(text.encode()) < 600_000


def test_headings_go_down_one_level_at_a_time_from_one_h1(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_headers_with_scope(page, text):
    tables = page.named("table")
    assert len(page.named("caption")) == len(tables)
    assert all(attrs.get("scope") in ("col", "row") for attrs in page.named("th"))
    assert page.named("html") == [{"lang": "en"}]


def test_every_chart_has_words_and_a_table_that_says_the_same(page, model):
    exhibits = [item for section in model.sections for item in section.exhibits]
    charts = [attrs for attrs in page.named("svg") if attrs.get("role") == "img"]
    assert len(charts) == len(exhibits) == 3
    for item in exhibits:
        assert page.rows(item.twin.name)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_the_banner_stands_where_nobody_quotes_the_curve(make_run, text):
    listed = report_html(report_model(make_run(status="listed"), "Acme"))
    assert "Not listed." in text
    assert "Not listed." not in listed


def test_a_what_if_is_named_under_the_title(model):
    what_if = dataclasses.replace(model, origin="What-if on run aaaa: volume growth 0.1")
    assert '<p class="origin">What-if on run aaaa: volume growth 0.1</p>' in report_html(what_if)


def test_names_of_the_user_stay_text(poisoned, poison):
    page = Page(report_html(report_model(poisoned, poison[1])))
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    words = "".join(page.words)
    for name in poison:
        assert name.strip() in words
    assert "49" not in [word.strip() for word in page.words]
    models = [row["model"] for row in page.rows("lines")]
    assert sorted(models) == sorted(poison)
    assert {row["name"] for row in page.rows("stress")} == set(poison)


def test_the_same_model_gives_the_same_page(model, text):
    assert report_html(dataclasses.replace(model)) == text


def test_a_run_without_contracts_still_has_a_report(make_run):
    run = make_run()
    arrays = ("lots", "held_lots", "continuous_lots", "price_per_mtok", "transaction_cost", "initial_margin")
    none = {name: getattr(run.plan, name)[:0] for name in ("contracts", *arrays, "reasons")}
    bare = dataclasses.replace(run, plan=dataclasses.replace(run.plan, **none))
    assert "No contract is listed or modelled" in report_html(report_model(bare, "Acme"))
