"""The desk's programme as a problem for the solver: what can be decided, what was asked, and why it came out so.

``columns`` are the futures and the offers, ``rules/`` what binds them, a module a family, ``statement`` the whole
programme over both and ``places`` where each rule went in it. ``memory`` is what a solve leaves for the next one,
``reasons`` are a few words for each trade, and ``venue_notices`` what the venue asks beside.
"""
