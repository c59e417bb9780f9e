"""The certified solver: a programme in arrays, two ways to its answer, and the bound that proves it.

``problem`` is what is solved, ``asked`` what counts as an answer, ``ways`` the choice between the level bundle
(``bundle/``) and the readable statement with a row a scenario (``monolith``, made of the pieces in ``scaled``).
``rows``, ``tangents`` and ``cuts`` know a tail by its tangents, ``certificate`` makes the bound, and ``concessions``
says which rules contradict one another.
"""
