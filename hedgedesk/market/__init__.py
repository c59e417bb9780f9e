"""Venue rules: pure functions over the nouns, and what is a venue's own is data of its contract.

``calendar`` knows trading days, ``contracts`` which contracts exist and which months they cover, ``margin`` what they
ask, ``price_limits`` how far a day may move, ``limits`` how much one may hold and open, ``fees`` and ``settlement``
what is paid; ``templates`` has the terms of each style of venue, ``instruments`` what else can be had.
"""
