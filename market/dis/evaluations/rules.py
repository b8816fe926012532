"""Evaluation: who may judge. Pure."""

from __future__ import annotations

from enum import StrEnum


class Declaration(StrEnum):
    """What an evaluator says of their own interest in the outcome; barred is who has one (jäv)."""

    IMPARTIAL = "impartial"
    CONFLICT = "conflict"
