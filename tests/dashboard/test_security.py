"""What the server refuses and what it forbids."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from hedgedesk.dashboard.security import LARGEST_REQUEST
from hedgedesk.desk import assets

CALLBACK = "/_dash-update-component"
OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


def policy(answer):
    return dict(rule.strip().split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split(";"))


@pytest.mark.parametrize(
    "path",
    ["/", "/plan", "/_dash-layout", "/assets/desk.js", "/nowhere", "/download/nothing", "/download/template/x.csv"],
)
def test_every_answer_carries_the_headers(client, path):
    answer = client.get(path)
    answer.close()
    assert policy(answer)["default-src"] == "'self'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_scripts_are_ours_or_hashed_and_never_evaluated(client):
    page = client.get("/")
    scripts = policy(page)["script-src"]
    assert "unsafe" not in scripts
    inline = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>(.*?)</script>", page.text, re.DOTALL)
    assert inline
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in scripts


def test_nothing_may_be_framed_embedded_or_sent_elsewhere(client):
    rules = policy(client.get("/"))
    assert [rules[name] for name in ("frame-ancestors", "object-src", "base-uri")] == ["'none'"] * 3
    assert [rules[name] for name in ("connect-src", "form-action")] == ["'self'"] * 2


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "desk.local:8050"])
def test_another_host_name_is_refused(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost:9000", "localhost"])
def test_our_own_names_are_answered_at_any_port(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_post_from_another_page_is_refused(client, headers):
    assert client.post(CALLBACK, json={}, headers={**OURS, **headers}).status_code == 403


def test_a_post_that_is_not_json_is_refused(client):
    assert client.post(CALLBACK, data={"output": "x"}, headers=OURS).status_code == 415
    assert client.post(CALLBACK, data="{}", content_type="text/plain", headers=OURS).status_code == 415


def test_a_post_that_is_too_large_is_refused(client):
    large = b'"' + b"a" * LARGEST_REQUEST + b'"'
    answer = client.post(CALLBACK, data=large, content_type="application/json", headers=OURS)
    assert answer.status_code == 413


def test_dash_has_no_door_for_models_or_workers(client):
    paths = [rule.rule for rule in client.application.url_map.iter_rules()]
    assert not [path for path in paths if "mcp" in path]


def test_our_page_and_assets_name_no_other_host(client):
    texts = [client.get("/").text] + [p.read_text(encoding="utf-8") for p in assets().iterdir() if p.is_file()]
    addresses = {url for text in texts for url in re.findall(r"https?://[^\s\"')]+", text)}
    assert {url for url in addresses if not url.startswith("http://www.w3.org/")} == set()


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "null",
        "NaN",
        "{}",
        '{"output": 5}',
        '{"output": ["x"]}',
        '{"output": "nobody.wrote", "inputs": [], "changedPropIds": []}',
        '{"output": "%s", "inputs": 5}',
        '{"output": "%s", "inputs": [5], "changedPropIds": []}',
        '{"output": "%s", "inputs": [], "state": {}, "changedPropIds": []}',
        '{"output": "%s", "inputs": [{"id": {}, "property": "n_clicks"}], "changedPropIds": []}',
        '{"output": "%s", "inputs": [], "changedPropIds": [{}]}',
        '{"output": "%s", "outputs": "x", "inputs": [], "changedPropIds": []}',
        "[" * 100_000,
        '{"a":' * 50_000,
    ],
    ids=lambda body: body[:40],
)
def test_a_call_that_no_page_of_ours_makes_is_refused_in_words(client, body):
    known = client.get("/_dash-dependencies").json[0]["output"]
    answer = client.post(CALLBACK, data=body.replace("%s", known), content_type="application/json", headers=OURS)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["/_dash-component-suites/os/environ.py", "/_dash-component-suites/dash/none.js"])
def test_a_script_that_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_what_goes_wrong_in_the_server_is_told_with_a_reference_and_no_traceback(app, client, desk, caplog):
    def fall(run_id, suffix):
        raise ZeroDivisionError("secret")

    app.server.config["PROPAGATE_EXCEPTIONS"] = False
    desk.papers.report_file = fall
    answer = client.get("/download/report/7f3a9c2e51d04b86.html")
    assert answer.status_code == 500
    assert policy(answer)["default-src"] == "'self'"
    assert "secret" not in answer.text
    assert re.search(r"[0-9a-f]{6}", answer.text)[0] in caplog.text
