"""The data the package carries, and how it is read: two compressed numpy archives.

`areas.npz` holds the 290 municipalities as one table of corners that neighbours share (so borders
neither gap nor overlap), `places.npz` the gazetteer. SOURCES.md says where they come from;
`python -m geodata.data.rebuild` makes them anew.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCALE = 1e-7
"""Degrees per stored unit: about a centimetre."""

DATA_VERSION = "2026-11"
"""The month in which the archives were last rebuilt; stored beside whatever is computed from them."""


class DamagedData(RuntimeError):
    """A data file of the package is missing or can't be read."""


def read(name: str) -> dict[str, NDArray[Any]]:
    """Every array in `areas.npz` or `places.npz`. Raises `DamagedData`."""
    try:
        with files(__name__).joinpath(name).open("rb") as stream, np.load(stream) as archive:
            return dict(archive)
    except (OSError, ValueError) as error:
        raise DamagedData(
            f"Can't read geodata/data/{name}: {error}. Install the package anew, "
            "or run python -m geodata.data.rebuild."
        ) from error
