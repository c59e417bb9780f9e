"""What options on a forward price are worth: on one fixing, on an average of fixings, and by simulated paths."""

from hedgedesk.hedging.options.average import asian, geometric_asian, log_deviation
from hedgedesk.hedging.options.black import OptionValue, black76
from hedgedesk.hedging.options.simulated import SimulatedValue, lognormal_prints, simulated_asian

__all__ = [
    "OptionValue",
    "SimulatedValue",
    "asian",
    "black76",
    "geometric_asian",
    "log_deviation",
    "lognormal_prints",
    "simulated_asian",
]
