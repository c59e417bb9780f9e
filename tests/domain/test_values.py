"""An array holder's arrays are its own and nobody can change them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.values import ArrayHolder, Floats


@dataclasses.dataclass(frozen=True, eq=False)
class Pair(ArrayHolder):
    left: Floats
    right: Floats


def test_an_array_that_others_can_change_is_copied_and_locked():
    mine = np.ones(3)
    pair = Pair(mine, mine[::2])
    mine[0] = 5.0
    assert pair.left[0] == pair.right[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        pair.left[0] = 2.0


def test_a_locked_view_of_somebodys_array_is_copied():
    mine = np.ones(3)
    view = mine[:]
    view.setflags(write=False)
    pair = Pair(view, view)
    mine[0] = 5.0
    assert pair.left[0] == 1.0


def test_what_is_locked_and_its_own_is_shared_when_the_rest_is_replaced():
    pair = Pair(np.ones(3), np.ones(3))
    other = dataclasses.replace(pair, right=np.zeros(3))
    assert other.left is pair.left
    assert not other.right.flags.writeable
