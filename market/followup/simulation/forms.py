"""What a simulation is asked for with."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.widgets import TextInput

from market.followup.simulation.rules import (
    USUAL_RUNS,
    USUAL_SEED,
    USUAL_SUPPLIERS,
    Experiment,
)
from market.form_fields import NEEDED, NarmatForm


class SimulationForm(NarmatForm):
    """How far, how many times, and from which seed."""

    last = IntegerField(
        _l("Pröva upp till så många leverantörer"),
        validators=[NEEDED],
        widget=TextInput(),
        default=USUAL_SUPPLIERS[1],
    )
    runs = IntegerField(
        _l("Körningar för varje antal"), validators=[NEEDED], widget=TextInput(), default=USUAL_RUNS
    )
    seed = IntegerField(_l("Frö"), validators=[NEEDED], widget=TextInput(), default=USUAL_SEED)

    def experiment(self) -> Experiment:
        """Raises NotSuppliers, NotRuns, NotSeed."""
        last, runs, seed = self.last.data, self.runs.data, self.seed.data
        assert last is not None
        assert runs is not None
        assert seed is not None
        return Experiment(first=1, last=last, runs=runs, seed=seed)
