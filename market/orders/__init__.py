"""Orders, goods receipt and deviations."""
