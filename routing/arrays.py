"""Array types, and sets as bits of 64-bit words."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Shorts = NDArray[np.int32]
Bits = NDArray[np.uint64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

INFINITE = 2**60
ONE = np.uint64(1)
WORD = 64


def single_bits(count: int) -> Bits:
    """One, two, four ...: a word for each member of a set of at most 64."""
    bits: Bits = ONE << np.arange(count, dtype=np.uint64)
    return bits
