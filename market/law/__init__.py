"""The values of the law by date: limits, thresholds, VAT, days. Nothing of it is a constant in code."""
