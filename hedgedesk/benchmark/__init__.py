"""How fast the core is: its work beside other people's tools and beside what the hardware could do at best.

Everything here is measured in CPU time, every candidate in turn within one run, so that the ratios can be trusted
where absolute times cannot.
"""
