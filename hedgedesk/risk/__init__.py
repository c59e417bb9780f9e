"""What can still hurt: measures of a cost distribution, the report, the stresses."""
