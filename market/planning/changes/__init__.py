"""A plan changed by hand: each change is a revision that can be undone."""
