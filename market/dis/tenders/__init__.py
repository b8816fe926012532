"""Tenders: written and sealed, opened by two, and what they say after that."""
