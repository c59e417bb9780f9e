"""Starting: loopback only, a free port where ours is taken, and a light way in."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

from hedgedesk.dashboard import LOG_FILE, _log_to, listen

REPO = Path(__file__).resolve().parents[2]


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_socket_listens_on_the_loopback_only():
    with listen(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_where_the_port_is_taken_a_free_one_is_used_and_said(capsys):
    with listen(0) as first, listen(first.getsockname()[1]) as second:
        taken, free = first.getsockname()[1], second.getsockname()[1]
    assert taken != free
    assert f"port {taken} is taken" in capsys.readouterr().err


def test_what_goes_wrong_is_kept_with_its_traceback_in_a_small_log(tmp_path):
    logger = logging.getLogger("hedgedesk")
    before = list(logger.handlers)
    _log_to(tmp_path / "new")
    (keeper,) = [handler for handler in logger.handlers if handler not in before]
    try:
        logger.error("callback failed, reference abc123", exc_info=ZeroDivisionError("nothing to share"))
    finally:
        logger.removeHandler(keeper)
        keeper.close()
    kept = (tmp_path / "new" / LOG_FILE).read_text(encoding="utf-8")
    assert "reference abc123" in kept
    assert "ZeroDivisionError: nothing to share" in kept


def test_app_py_stays_light_because_every_job_imports_it_again():
    loaded = python("import app, sys; print(*{name.split('.')[0] for name in sys.modules})").split()
    assert {"dash", "flask", "numpy", "pandas", "plotly", "hedgedesk"}.isdisjoint(loaded)


def test_the_first_page_is_made_without_the_mathematics_and_the_price_libraries():
    code = (
        "import sys, dash; from hedgedesk.dashboard import create_app; from hedgedesk.desk import Desk, assets\n"
        "desk = Desk(); desk.start_run = lambda **_: 'job'\n"
        "page = create_app(desk, assets()).server.test_client().get('/')\n"
        "print(page.status_code, *{name.split('.')[0] for name in sys.modules})"
    )
    status, *loaded = python(code).split()
    assert status == "200"
    assert {"pandas", "scipy", "cvxpy", "statsmodels", "genai_prices", "model_prices", "pyarrow"}.isdisjoint(loaded)


def test_app_py_offers_its_server_to_wsgi():
    assert python("import app; print(type(app.server).__name__)").strip() == "Flask"
