"""The compiler of the steps that ruin and recreate repeats a hundred thousand times: numba, kept on disk where that is possible."""

from collections.abc import Callable
from typing import TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])
_not_kept: list[str] = []


def compiled(function: Function) -> Function:
    """The function as machine code, made at its first call and kept beside the package or in the user's cache.

    Where neither can be written numba refuses to keep anything: then each process makes its own.
    """
    try:
        made: Function = njit(cache=True, error_model="numpy")(function)
    except RuntimeError:
        _not_kept.append(function.__name__)
        made = njit(error_model="numpy")(function)
    return made


def is_kept() -> bool:
    """Whether what is compiled is kept on disk; asked after the modules with such functions are loaded."""
    return not _not_kept
