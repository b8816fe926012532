"""What tests share without sharing state: what is compiled, or read from files that do not change.

Every test has an application and an engine of its own. What takes long in making them and in their first requests gives
the same each time: routes, templates, statements, translations.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from functools import cache
from types import CodeType, MethodType
from typing import Any

from flask import Flask
from flask_babel import Domain
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

from market.db import make_engine


class CompiledTemplates(BytecodeCache):
    """A template is compiled once for all applications."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self.known[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = CompiledTemplates()


def reuse(app: Flask) -> Flask:
    """The application takes over what others have compiled."""
    app.jinja_env.bytecode_cache = TEMPLATES
    share_statements(app.extensions["narmat.engine"])
    return app


def share_statements(engine: Engine) -> Engine:
    """A statement is compiled once for all SQLite files: the cache is keyed by the dialect object, so both are shared."""
    known = _engine()
    engine.dialect = engine.pool._dialect = known.dialect
    engine._compiled_cache = known._compiled_cache
    return engine


@cache
def _engine() -> Engine:
    """One that has connected, so that its dialect knows what it talks to."""
    made = make_engine("sqlite://")
    made.connect().close()
    made._compiled_cache.capacity = 10_000  # all the statements of a run
    return made


def read_translations_once() -> None:
    known: dict[tuple[str, ...], dict[Any, Any]] = defaultdict(dict)
    Domain.get_translations_cache = lambda domain, _context: known[tuple(domain.translation_directories)]


def compile_routes_once() -> None:
    """A route is compiled once for all applications; that is most of what making one takes.

    Werkzeug writes two functions for each route, which take the route that they work for as their first argument.
    """
    compile_alone = Rule.compile
    known: dict[tuple[str, bool | None], Rule] = {}

    def compile_or_take_over(rule: Rule) -> None:
        key = rule.rule, rule.merge_slashes
        if rule.defaults or rule.subdomain or rule.host:
            compile_alone(rule)
        elif key in known:
            like = known[key]
            rule.arguments = set(like.arguments)
            rule._parts, rule._trace, rule._converters = like._parts, like._trace, like._converters
            rule._build = MethodType(like._build.__func__, rule)
            rule._build_unknown = MethodType(like._build_unknown.__func__, rule)
        else:
            compile_alone(rule)
            known[key] = rule

    Rule.compile = compile_or_take_over


def look_for_garbage_seldom() -> None:
    """The program, its tests and what they share stay to the end: looking through them all took a seventh of the time."""
    gc.set_threshold(20_000, 20, 20)


def keep_what_is_loaded() -> None:
    gc.collect()
    gc.freeze()
