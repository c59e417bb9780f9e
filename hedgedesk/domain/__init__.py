"""The nouns: facts, needs, beliefs, choices and judgements that travel between the stages.

Nothing here computes more than its own consistency, and nothing here imports more than numpy. A noun is one of
the two kinds of dataclass that :mod:`hedgedesk.domain.values` describes.
"""
