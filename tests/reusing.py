"""What tests share without sharing state: compiled templates, compiled statements, compiled routes.

Every test has an application and an engine of its own. What is costly in making them is compiling, and what is compiled
is the same each time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import CodeType
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule


class CompiledTemplates(BytecodeCache):
    """A template is compiled once for all applications."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self.known[bucket.key, bucket.checksum] = bucket.code


def share_statements(engine: Engine, known: Engine) -> Engine:
    """A statement is compiled once for all tests: the cache is keyed by the dialect object, so both are shared."""
    engine.dialect = engine.pool._dialect = known.dialect
    engine._compiled_cache = known._compiled_cache
    return engine


def compile_routes_once() -> None:
    """Werkzeug writes and compiles two functions for each route of each application: most of what making one takes.

    They take the rule they work for as their first argument, so that rules which read the same can share them.
    """
    compile_builder = Rule._compile_builder
    known: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}

    @wraps(compile_builder)
    def remember(rule: Rule, unknown: bool) -> Callable[..., tuple[str, str]]:  # noqa: FBT001 (as it is called)
        if rule.defaults:  # their converters are asked while compiling
            return compile_builder(rule, unknown)
        key = rule.rule, tuple(rule._trace), unknown
        if key not in known:
            known[key] = compile_builder(rule, unknown)
        return known[key]

    Rule._compile_builder = remember
