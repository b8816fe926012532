"""Evaluation: added values, blind scores, comparison prices, the exact allocation, trying criteria beforehand."""
