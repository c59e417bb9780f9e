"""TOML files as rows of keys and values, for the editor: read, edited and written with their comments.

``keys`` has every documented key with its meaning, ``values`` a value as the text of a cell, ``raw`` a file as rows,
``edit`` an edit of it, ``tree`` the change inside.
"""
