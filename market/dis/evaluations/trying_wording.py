"""How tried settings, and what they change, are said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext, ngettext

from market.dis.evaluations.inputs import Inputs, Value
from market.dis.evaluations.trying import Setting, Share
from market.dis.evaluations.trying_compare import Difference
from market.formatting import decimal, kronor


def setting(tried: Setting, chosen: Setting, inputs: Inputs) -> str:
    """The one thing that is changed, or that it is the officer's own."""
    return ", ".join(_changes(tried, chosen, inputs)) or gettext("Era inställningar")


def _changes(tried: Setting, chosen: Setting, inputs: Inputs) -> Iterator[str]:
    if tried.scale == 0:
        yield gettext("Inga avdrag, bara priset")
    elif tried.scale != chosen.scale:
        yield gettext("Avdragen till %(scale)s %%", scale=tried.scale)
    if tried.without is not None:
        name = next(value.name for value in inputs.values if value.id == tried.without)
        yield gettext("Utan «%(name)s»", name=name)
    if tried.joined:
        yield gettext("Alla delar som en enda")
    elif tried.split != chosen.split:
        yield ngettext("Hela delar", "Varje del i %(num)s delar", tried.split)
    if tried.per_lot != chosen.per_lot:
        yield ngettext(
            "Högst %(num)s leverantör per del", "Högst %(num)s leverantörer per del", tried.per_lot
        )
    if tried.rotation != chosen.rotation:
        yield _rotation(tried.rotation)


def _rotation(most: int | None) -> str:
    if most is None:
        return str(gettext("Ingen gräns för delar per leverantör"))
    return str(ngettext("Högst %(num)s del per leverantör", "Högst %(num)s delar per leverantör", most))


def share(of: Share) -> str:
    lots = ngettext("%(num)s del", "%(num)s delar", of.lots)
    return str(gettext("%(name)s: %(kronor)s, %(lots)s", name=of.supplier, kronor=kronor(of.ore), lots=lots))


def difference(found: Difference | None) -> str:
    """What differs from the chosen setting, in words: a sign alone does not say whether more is better."""
    if found is None:
        return "–"
    return "; ".join(_differences(found)) or gettext("Ingen skillnad")


def _differences(found: Difference) -> Iterator[str]:
    if found.comes:
        yield gettext("%(names)s kommer in", names=", ".join(found.comes))
    if found.goes:
        yield gettext("%(names)s faller bort", names=", ".join(found.goes))
    if found.ore:
        amount = kronor(abs(found.ore))
        yield (
            gettext("%(amount)s dyrare", amount=amount)
            if found.ore > 0
            else gettext("%(amount)s billigare", amount=amount)
        )
    if found.open_lots > 0:
        yield ngettext(
            "%(num)s del till blir inte helt täckt",
            "%(num)s delar till blir inte helt täckta",
            found.open_lots,
        )
    if found.open_lots < 0:
        yield ngettext(
            "%(num)s del till blir helt täckt", "%(num)s delar till blir helt täckta", -found.open_lots
        )
    if found.hhi:
        index = decimal(abs(found.hhi))
        yield (
            gettext("HHI %(index)s högre", index=index)
            if found.hhi > 0
            else gettext("HHI %(index)s lägre", index=index)
        )


def named(values: Sequence[Value]) -> str:
    return ", ".join(value.name for value in values)
