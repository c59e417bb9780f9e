"""The mean-CVaR programme by a level bundle: passes over the scenarios instead of one row a scenario."""
