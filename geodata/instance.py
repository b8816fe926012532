"""The operator's own data beside the package's: in NARMAT_INSTANCE/geodata, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from geodata.data import DamagedData

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


def folder() -> Path | None:
    """Where imported data lies; None when no instance folder is set."""
    instance = os.environ.get("NARMAT_INSTANCE", "")
    return Path(instance).absolute() / "geodata" if instance else None


def store(path: Path, arrays: Mapping[str, NDArray[Any]]) -> Path:
    """Write arrays beside the old file, then put them in its place: a failure leaves the old one.

    Everyone may read it: whoever imports is often another user than the one who serves.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            np.savez_compressed(stream, allow_pickle=False, **dict(arrays))
            stream.flush()
            os.fchmod(stream.fileno(), 0o644)
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def load(path: Path, *, mend: str) -> dict[str, NDArray[Any]]:
    """Every array in a file that `store` wrote. Raises `geodata.data.DamagedData` with the mend."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            return dict(archive)
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise DamagedData(f"Can't read {path.name} in the instance folder: {error}. {mend}") from error
