"""Files on their way in: nothing of them is kept before it has been confirmed.

In the order of a file's way: ``upload`` (what a browser sends), ``archive`` (zips), ``recognise`` (which documented
file is this), ``exports`` (or is it a vendor's usage export), ``intake`` (sorted into a folder of its own), ``staged``
(checked as the desk it would be), ``usages`` (its exports read once, their vendors named), ``mending`` (cells edited),
``history`` (edits taken back); ``records`` is what a draft remembers on disk.
"""
