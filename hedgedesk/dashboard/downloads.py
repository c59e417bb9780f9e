"""Files that leave the desk: tables, reports, templates, the desk's own files. Names are checked before any is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Response

from hedgedesk.desk.folders import zipped
from hedgedesk.desk.papers import plain_name
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.domain.workspace import is_run_id
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from hedgedesk.desk import Desk
    from hedgedesk.domain.workspace import OpenDesk

TABLE = re.compile(r"[a-z][a-z0-9_-]{0,40}\.[a-z][a-z0-9_-]{0,60}")
PART = re.compile(r"[a-z][a-z0-9_-]{0,40}")
TEMPLATE = re.compile(r"[a-z][a-z0-9_/-]{0,60}")
INDEX = re.compile(r"(matched_list|quality_constant|realised)\.(week|month)\.(on|off)")
"""An index as the Market page names it: method, frequency, screens."""
MODEL = re.compile(r"[A-Za-z]{3,40}")
HORIZON = re.compile(r"\d{1,3}")
"""Months ahead that models were judged at."""
SHEETS = ("csv", "tsv", "xlsx")
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "toml": "application/toml; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def register(server: Flask, desk: Desk) -> None:
    """The routes; every one is read-only."""

    def table(run_id: str, name: str, suffix: str) -> Response:
        if not (is_run_id(run_id) and TABLE.fullmatch(name) and suffix in SHEETS):
            return nothing()
        try:
            return attachment(*desk.papers.table(desk.result(run_id), name, suffix))
        except HedgeDeskError as error:
            return nothing(str(error))

    def compared(a: str, b: str, name: str, suffix: str) -> Response:
        if not (is_run_id(a) and is_run_id(b) and PART.fullmatch(name) and suffix in SHEETS):
            return nothing()
        try:
            return attachment(*desk.papers.compared(desk.result(a), desk.result(b), name, suffix))
        except HedgeDeskError as error:
            return nothing(str(error))

    def own_index(asked: str, name: str, suffix: str) -> Response:
        known = INDEX.fullmatch(asked)
        if known is None or not PART.fullmatch(name) or suffix not in SHEETS:
            return nothing()
        method, frequency, screens = known.groups()
        try:
            study = desk.index(method=method, frequency=frequency, screens=screens == "on")
            return attachment(*desk.papers.of_index(study, name, suffix, desk.name))
        except HedgeDeskError as error:
            return nothing(str(error))

    def studied(name: str, suffix: str) -> Response:
        study = desk.usages.study() if PART.fullmatch(name) and suffix in SHEETS else None
        if study is None:
            return nothing()
        try:
            return attachment(*desk.papers.of_usage(study, name, suffix, desk.name))
        except HedgeDeskError as error:
            return nothing(str(error))

    def fitted(model: str, name: str, suffix: str) -> Response:
        known = MODEL.fullmatch(model) and PART.fullmatch(name) and suffix in SHEETS
        study = desk.models.study() if known else None
        if study is None or not study.fits:
            return nothing()
        try:
            return attachment(*desk.papers.of_models(study, model, name, suffix, desk.name))
        except HedgeDeskError as error:
            return nothing(str(error))

    def judged(horizon: str, name: str, suffix: str) -> Response:
        known = HORIZON.fullmatch(horizon) and PART.fullmatch(name) and suffix in SHEETS
        found = desk.validations.result() if known else None
        if found is None:
            return nothing()
        try:
            return attachment(*desk.papers.of_validation(found, int(horizon), name, suffix, desk.name))
        except HedgeDeskError as error:
            return nothing(str(error))

    def beside(run_id: str, name: str, suffix: str) -> Response:
        if not (is_run_id(run_id) and PART.fullmatch(name) and suffix in SHEETS):
            return nothing()
        try:
            return attachment(*desk.papers.of_plan(desk.result(run_id), name, plan_study(desk, run_id, name), suffix))
        except HedgeDeskError as error:
            return nothing(str(error))

    def kept(name: str, suffix: str) -> Response:
        if name not in ("runs", "deeds") or suffix not in SHEETS:
            return nothing()
        if name == "deeds":
            return attachment(*desk.papers.audit_log(desk.deeds(), suffix))
        return attachment(*desk.papers.stored(desk.runs(), desk.opened().key, suffix))

    def report(run_id: str, suffix: str) -> Response:
        known = is_run_id(run_id) and suffix in ("html", "xlsx")
        file = desk.papers.report_file(run_id, suffix) if known else None
        if file is None:
            return nothing()
        return attachment(f"hedgedesk-report-{run_id[:8]}.{suffix}", file.read_bytes())

    def template(name: str, suffix: str) -> Response:
        if not (TEMPLATE.fullmatch(name) and suffix in ("csv", "xlsx", "toml")):
            return nothing()
        try:
            return attachment(f"{name.replace('/', '-')}.{suffix}", desk.drafts.template(name, suffix))
        except HedgeDeskError as error:
            return nothing(str(error))

    def unknown(place: str) -> Response:
        return nothing()

    def files() -> Response:
        opened = desk.opened()
        return attachment(desk_name(opened), zipped(opened.folder))

    server.add_url_rule("/download/table/<run_id>/<name>.<suffix>", "download_table", table)
    server.add_url_rule("/download/compare/<a>/<b>/<name>.<suffix>", "download_compared", compared)
    server.add_url_rule("/download/index/<asked>/<name>.<suffix>", "download_index", own_index)
    server.add_url_rule("/download/study/<name>.<suffix>", "download_study", studied)
    server.add_url_rule("/download/models/<model>/<name>.<suffix>", "download_models", fitted)
    server.add_url_rule("/download/validation/<horizon>/<name>.<suffix>", "download_validation", judged)
    server.add_url_rule("/download/plans/<run_id>/<name>.<suffix>", "download_plans", beside)
    server.add_url_rule("/download/desk-table/<name>.<suffix>", "download_kept", kept)
    server.add_url_rule("/download/report/<run_id>.<suffix>", "download_report", report)
    server.add_url_rule("/download/template/<path:name>.<suffix>", "download_template", template)
    server.add_url_rule("/download/desk.zip", "download_desk", files)
    server.add_url_rule("/download/<path:place>", "download_unknown", unknown)


def plan_study(desk: Desk, run_id: str, name: str) -> object:
    """The study of a run's plan that the table called ``name`` is of.

    Raises
    ------
    HedgeDeskError
        No table has that name, or the study is not there.
    """
    from hedgedesk.reports.tables.plans_shelf import study_of

    plans = desk.plans
    verbs: dict[str, Callable[[str], object]]
    verbs = {"frontier": plans.frontier, "strategies": plans.strategies, "history": plans.history}
    found = (verbs | {"models": plans.models})[study_of(name)](run_id)
    if found is None:
        raise HedgeDeskError(say("model_plans.not_yet"))
    return found


def attachment(name: str, content: bytes) -> Response:
    """``content`` as a file called ``name``, which no cache keeps."""
    answer = Response(content, content_type=KINDS[name.rsplit(".", 1)[1]])
    answer.headers["Content-Disposition"] = f'attachment; filename="{plain_name(name)}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def nothing(said: str = "") -> Response:
    """There is no such file, in plain text."""
    answer = Response(said or say("download.nothing"), 404, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def desk_name(opened: OpenDesk) -> str:
    """File name of the open desk's files: its name and revision in characters that no system minds."""
    plain = plain_name(opened.name).strip("-.").lower() or "desk"
    revision = "" if opened.revision is None else f"-revision-{opened.revision}"
    return f"{plain}{revision}.zip"
