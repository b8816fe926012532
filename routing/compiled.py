"""Python as machine code, by numba, kept on disk where that is possible.

Only modules that need it import this one: loading numba takes a part of a second.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])
_not_kept: list[str] = []


def compiled(function: Function) -> Function:
    """The function as machine code, made at its first call and kept beside the package or in the user's cache.

    Where neither can be written numba refuses to keep anything: then each process makes its own. Whole numbers wrap silently
    at 64 bits. Meanwhile other threads may run.
    """
    return _made(function, is_inner=False)


def inner(function: Function) -> Function:
    """As ``inner_making``, for what makes no array: then nobody counts who uses which, which takes as long as short loops themselves."""
    return _made(function, is_inner=True, makes_arrays=False)


def inner_making(function: Function) -> Function:
    """As ``compiled``, for what only compiled functions call: no way in from Python saves a third of the compiling."""
    return _made(function, is_inner=True)


def inlined(function: Function) -> Function:
    """As ``inner``, written into whoever calls it: for what takes less than a call."""
    return cast("Function", njit(inline="always", error_model="numpy", nogil=True)(function))


def _made(function: Function, *, is_inner: bool, makes_arrays: bool = True) -> Function:
    def made(*, cache: bool) -> Function:
        options: dict[str, Any] = {"no_cpython_wrapper": is_inner, "no_cfunc_wrapper": True, "nogil": True}
        options["_nrt"] = makes_arrays
        return cast("Function", njit(cache=cache, error_model="numpy", **options)(function))

    try:
        return made(cache=True)
    except RuntimeError:
        _not_kept.append(function.__name__)
        return made(cache=False)


def is_kept() -> bool:
    """Whether what is compiled is kept on disk; asked after the modules with such functions are loaded."""
    return not _not_kept
