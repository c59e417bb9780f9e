"""When a print rests on too little, the last one is carried."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.price_index import IndexSettings
from hedgedesk.index.audit import Audit


class Emergency:
    """The minimum-sample rule from print to print.

    A print is carried when more than the settings' share of the expected prices is missing, or when fewer companies
    are left than the settings ask for although there had been as many. A list that never had as many companies is
    thin: it is printed and flagged, or a small desk's index would stand still for ever.
    """

    def __init__(self, settings: IndexSettings, audit: Audit) -> None:
        self.carried = 0
        """Prints carried in all."""
        self.failed = False
        """Whether more prints were carried in a row than the settings allow."""
        self.most_companies = 0
        self._settings, self._audit = settings, audit
        self._in_a_row = 0
        self._thin_told = False

    def must_carry(self, date: np.datetime64, *, expected: int, missing: int, companies: int) -> bool:
        """Whether the print of ``date`` must repeat the last one; records why.

        Parameters
        ----------
        expected
            Prices that the last print had and that are not left out by the method.
        missing
            How many of these have no price now, or one that is held for want of confirmation.
        companies
            Companies behind the prices that are there.
        """
        if not self._settings.screens:
            return False
        why = self._reasons(expected, missing, companies)
        self.most_companies = max(self.most_companies, companies)
        if not why:
            self._in_a_row = 0
            self._tell_thin(date, companies)
            return False
        self.carried += 1
        self._in_a_row += 1
        self._audit.add(date, "minimum_sample", "index", "; ".join(why), "last print carried")
        if self._in_a_row > self._settings.carried_prints:
            self.failed = True
            found = f"{self._in_a_row} prints carried in a row"
            self._audit.add(date, "index_failure", "index", found, "the index has failed: use the contract's fallback")
        return True

    def _reasons(self, expected: int, missing: int, companies: int) -> list[str]:
        fewest, why = self._settings.fewest_companies, []
        if expected and missing > self._settings.missing_share * expected + 1e-9:
            why.append(f"{missing} of {expected} expected prices missing or unconfirmed")
        if companies < fewest <= self.most_companies:
            why.append(f"{companies} companies, {fewest} are asked for")
        return why

    def _tell_thin(self, date: np.datetime64, companies: int) -> None:
        if companies < self._settings.fewest_companies and not self._thin_told:
            self._thin_told = True
            found = f"{companies} companies, {self._settings.fewest_companies} are asked for and were not there before"
            self._audit.add(date, "thin", "index", found, "printed and flagged: no more companies are listed")
