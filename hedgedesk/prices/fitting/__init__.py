"""What fits of all price models share: steps of a history, residuals, errors of the parameters, a view of one's own."""
