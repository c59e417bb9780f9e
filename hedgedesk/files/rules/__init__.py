"""TOML files as rows of keys and values, for the editor: read, edited and written with their comments."""
