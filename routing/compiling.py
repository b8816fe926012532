"""Compiling steps that numba makes: once for a machine and version, in seconds; afterwards they are read from disk.

Nobody waits for it longer than there is time. Where that was too short, a process of its own compiles, so that the next one finds
the steps on disk: nobody waits for that process, it ends by itself, and where nothing can be kept on disk at once.
"""

import importlib
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Steps:
    """``entry``: a compiled function, as "module.name"; ``maker``: a function that runs each step once, likewise."""

    entry: str
    maker: str
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None
    _over: threading.Event = field(default_factory=threading.Event)
    _fault: BaseException | None = None
    _apart: "subprocess.Popen[bytes] | None" = None

    def is_compiled(self) -> bool:
        """Whether an earlier run left the steps on disk, as far as that is seen without loading the compiler, which takes a while."""
        module, _, name = self.entry.rpartition(".")
        source = Path(__file__).parent.joinpath(*module.split(".")[1:]).with_suffix(".py")
        users = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "numba"
        named = os.environ.get("NUMBA_CACHE_DIR")
        folders = [Path(named)] if named else [source.parent / "__pycache__", users]
        made = (index for folder in folders for index in folder.rglob(f"{source.stem}.{name}-*.nbi"))
        return any(index.stat().st_mtime >= source.stat().st_mtime for index in made)

    def wait_until_ready(self, ends: float | None) -> bool:
        """Whether they are compiled by ``ends`` (of the monotonic clock; None: whenever they are). Raises what the compiler raised."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._compile_here, name="compiling", daemon=True)
                self._thread.start()
        if not self._over.wait(None if ends is None else max(0.0, ends - time.monotonic())):
            self._compile_apart()
            return False
        if self._fault is not None:
            raise self._fault
        return True

    def compile_all(self) -> None:
        """Run every step once, here and now."""
        module, _, name = self.maker.rpartition(".")
        getattr(importlib.import_module(module), name)()

    def compile_for_others(self) -> None:
        """The side of the process apart: at low priority, and only where it is of use."""
        importlib.import_module(self.entry.rpartition(".")[0])  # its functions show whether they are kept
        from routing.compiled import is_kept

        if is_kept():
            os.nice(10)
            self.compile_all()

    def _compile_here(self) -> None:
        try:
            self.compile_all()
        except BaseException as fault:  # noqa: BLE001 - told to whoever waits
            self._fault = fault
        self._over.set()

    def _compile_apart(self) -> None:
        from routing.engines.worker import environment

        with self._lock:
            if self._apart is None:
                nobody = subprocess.DEVNULL
                code = f"Steps({self.entry!r}, {self.maker!r}).compile_for_others()"
                command = [sys.executable, "-c", f"from routing.compiling import Steps; {code}"]
                self._apart = subprocess.Popen(  # noqa: S603 - own module
                    command,
                    stdin=nobody,
                    stdout=nobody,
                    stderr=nobody,
                    env=environment(),
                    start_new_session=True,
                )
