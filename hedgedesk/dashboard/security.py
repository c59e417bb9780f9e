"""What the server refuses, and what it forbids the page to do.

The desk listens on the loopback only. A foreign page in the same browser still reaches it, so the host name must be
ours (no DNS rebinding) and a POST must be our own page's JSON.
"""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING

from flask import Response, abort, request

from hedgedesk.dashboard.calls import CALLBACKS, is_call
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash import Dash
    from werkzeug.exceptions import InternalServerError

HOSTS = ["127.0.0.1", "localhost"]
OWN_VISITS = (None, "none", "same-origin")
"""What ``Sec-Fetch-Site`` says of an address that the user asked for: untold, typed or from a bookmark, ours."""
LARGEST_REQUEST = 16 * 1024 * 1024
"""Bytes."""
DOWNLOADS = "/download/"
DASH_ANY_PAGE = "/<path:path>"

log = logging.getLogger(__name__)


def protect(app: Dash, paths: list[str]) -> None:
    """Fit the refusals and headers to the app's server.

    Parameters
    ----------
    paths
        Addresses of pages. Dash answers any other one with the frame as well; that is then marked as not found.
    """
    policy: list[str] = []
    server = app.server
    server.config["TRUSTED_HOSTS"] = HOSTS
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST

    def refuse_foreign() -> None:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            _our_own_page_only()
            if request.path == CALLBACKS:
                _our_own_callbacks_only(app)
        elif request.path.startswith(DOWNLOADS) and request.headers.get("Sec-Fetch-Site") not in OWN_VISITS:
            abort(403)

    def forbid(response: Response) -> Response:
        if not policy:
            # Dash makes the last inline script (page titles) at its first request, so hashes are taken after that.
            policy.append(content_policy(app.csp_hashes()))
        if request.endpoint == DASH_ANY_PAGE and request.path not in paths and response.status_code == 200:
            response.status_code = 404
        response.headers["Content-Security-Policy"] = policy[0]
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    server.before_request(refuse_foreign)
    server.after_request(forbid)
    _tell_what_fails(app)


def _our_own_page_only() -> None:
    """JSON, and from this origin where the browser tells (every current one does)."""
    if not request.is_json:
        abort(415)
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in (None, "same-origin") or origin not in (None, request.host_url.rstrip("/")):
        abort(403)


def _our_own_callbacks_only(app: Dash) -> None:
    """A call in the form that our page makes it, of a callback that there is."""
    try:
        asked = request.get_json()
    except RecursionError:
        abort(400)
    if not is_call(asked, app.callback_map):
        abort(400)


def _tell_what_fails(app: Dash) -> None:
    """Answer in one line where the program fails outside a callback; the traceback goes to the log only."""
    from dash.exceptions import DependencyException

    from hedgedesk.dashboard.failures import in_words  # the frame knows our limits, so it comes after us

    def failed(error: InternalServerError) -> Response:
        cause = error.original_exception
        reference = uuid.uuid4().hex[:6]
        log.error("request failed, reference %s", reference, exc_info=cause)
        return Response(in_words(cause, reference), 500, content_type="text/plain; charset=utf-8")

    def missing(_error: Exception) -> Response:
        return Response(say("download.nothing"), 404, content_type="text/plain; charset=utf-8")

    app.server.register_error_handler(500, failed)
    app.server.register_error_handler(DependencyException, missing)


def content_policy(script_hashes: list[str]) -> str:
    """Content-Security-Policy: our own files, no eval, no inline script but the ones hashed, no other host."""
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *script_hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
