"""Compiling by numba, with types that the checker knows; machine code is kept beside the module for the next time.

Only modules that need it import this one: importing numba takes a part of a second.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code, compiled when first called; whole numbers wrap silently at 64 bits."""
    return cast("Callable[P, R]", numba.njit(cache=True, error_model="numpy", nogil=True)(function))


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """As ``compiled``, and copied to where it is called: no time for handing over many arrays."""
    made = numba.njit(cache=True, error_model="numpy", nogil=True, inline="always")(function)
    return cast("Callable[P, R]", made)
