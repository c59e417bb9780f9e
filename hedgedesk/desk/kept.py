"""What jobs have made of the open desk's files and is kept: one JSON file for each state of what it was made of."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from hedgedesk.desk.folders import content_key
from hedgedesk.desk.running import still_installed

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.jobs import Jobs

MOST_KEPT = 20
"""In one folder. The oldest beyond are removed: each can be made again from its desk."""

Made = TypeVar("Made")
_KEY = re.compile(r"[0-9a-f]{64}")


class Shelf(Generic[Made]):
    """Files in which something made is kept; the one asked for last is read once.

    A file that is damaged, or was made with other packages, counts as absent: what it held can be made again.

    Parameters
    ----------
    read
        Gives what a file's JSON tells of, and the versions of the packages that made it.
    """

    def __init__(self, read: Callable[[Any], tuple[Made, dict[str, str]]]) -> None:
        self._read = read
        self._held: tuple[str, float, Made] | None = None

    def at(self, place: Path) -> Made | None:
        """What the file holds; None: it is absent, damaged or of other packages."""
        try:
            changed = place.stat().st_mtime
        except OSError:
            return None
        if self._held is not None and self._held[:2] == (place.name, changed):
            return self._held[2]
        made = self._opened(place)
        if made is not None:
            self._held = place.name, changed, made
        return made

    def _opened(self, place: Path) -> Made | None:
        try:
            made, versions = self._read(json.loads(place.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
            return None
        return made if still_installed(versions) else None


class Kept(Generic[Made]):
    """The files of one folder, named by a key of the open desk's files, on a :class:`Shelf`.

    Parameters
    ----------
    desk
        Whose open desk it is.
    folder
        Where the files lie.
    without
        Names, without their endings, of the desk's files that what is made does not depend on.
    read
        As of the shelf.
    """

    def __init__(
        self, desk: Desk, folder: Path, without: Container[str], read: Callable[[Any], tuple[Made, dict[str, str]]]
    ) -> None:
        self._desk, self._folder, self._without, self._shelf = desk, folder, without, Shelf(read)
        self._keyed: tuple[str, str] | None = None

    @property
    def key(self) -> str:
        """Of those files of the open desk that count."""
        now = self._desk.opened()
        if self._keyed is None or self._keyed[0] != now.key:
            self._keyed = now.key, content_key(now.folder, self._without)
        return self._keyed[1]

    @property
    def place(self) -> Path:
        """Of the file for the open desk as it is now, which may be absent."""
        return self._folder / f"{self.key}.json"

    @property
    def found(self) -> Made | None:
        """What the file for the open desk holds; None: nothing has been made of it as it is now."""
        return self._shelf.at(self.place)


def versioned(name: str, made: object) -> dict[str, Any]:
    """What was made of fitted models, under ``name``, beside the versions of the packages that made it."""
    from hedgedesk.domain.price_models import FITTED_WITH
    from hedgedesk.domain.values import to_plain

    return {"versions": {package: version(package) for package in FITTED_WITH}, name: to_plain(made)}


def of_versioned(kept: Any, name: str, noun: type[Made]) -> tuple[Made, dict[str, str]]:
    """What :func:`versioned` told of, and the versions."""
    from hedgedesk.domain.price_models import FITTED_WITH
    from hedgedesk.domain.values import from_plain

    return from_plain(noun, kept[name]), {package: kept["versions"][package] for package in FITTED_WITH}


def write_kept(plain: object, out: Path) -> None:
    """Keep JSON, whole or not at all, and remove the oldest of too many files beside it."""
    from hedgedesk.files.whole import write_whole

    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, json.dumps(plain, allow_nan=False).encode())
    clear_out(out.parent.iterdir(), spare=out)


def clear_out(found: Iterable[Path], spare: Path, most: int | None = None) -> None:
    """Remove the oldest kept files beyond ``most`` (None: :data:`MOST_KEPT`), ``spare`` never."""
    kept = [path for path in found if path.suffix == ".json" and _KEY.fullmatch(path.stem) and path != spare]
    for path in sorted(kept, key=lambda each: each.stat().st_mtime, reverse=True)[(most or MOST_KEPT) - 1 :]:
        path.unlink(missing_ok=True)


def asked_of_a_job(
    jobs: Jobs, asked: str, known: dict[str, Any] | None, target: Any, spec: dict[str, Any], *, kind: str, title: str
) -> str:
    """The id of the job that answers ``asked``: settled where the answer is known, else at work on ``target``.

    Parameters
    ----------
    jobs
        Of the desk.
    asked
        The question; the same one is not worked on twice.
    known
        What the job would give, where it was made before.
    target, spec
        What the job calls, and with what.
    kind, title
        As people see them.
    """
    if known is not None:
        return jobs.settle(asked, known, kind=kind, title=title)
    done = jobs.done(asked)
    if done is not None:  # what it made was removed or replaced, or other packages are installed now
        jobs.forget(done)
    return jobs.submit(asked, target, spec, kind=kind, title=title)
