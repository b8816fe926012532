"""The code that only the tenderer has: with it the own tender can be read and changed until the deadline.

120 bits in Crockford's base 32, so that it can be written on paper and read aloud. Nothing in the database leads to it.
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 24, 4
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def fresh_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """In groups: K7QF-2M9X-..."""
    return "-".join(code[n : n + GROUP] for n in range(0, len(code), GROUP))


def read(text: str) -> str:
    """The code as it was typed, with or without groups, small or large; "" when it can not be one."""
    plain = "".join(sign for sign in text.upper() if sign.isalnum()).translate(_READ_AS)
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else ""
