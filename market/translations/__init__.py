"""Texts in other languages. Swedish stands in the code and templates; English is translated here."""
