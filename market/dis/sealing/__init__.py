"""Envelopes that nobody can look into before the opening."""
