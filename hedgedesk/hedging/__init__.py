"""What we do about it: the best plan under every rule, and the proof that none is better.

``optimise`` makes a plan of the desk's programme, ``cvar`` solves and certifies any mean-CVaR programme in arrays,
``ratios`` and ``rolling`` are hedge ratios and how they did out of sample. Behind them: ``programme/`` what is allowed
and wanted, ``solver/`` how it is solved and proved, ``lots/`` whole lots, ``options/`` what options are worth.
"""
