"""What we do about it: hedge ratios, the certified CVaR solver, the programme's rules, whole lots."""
