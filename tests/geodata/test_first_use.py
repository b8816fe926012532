"""What a first verdict costs: no heavy library is loaded, and memory stays small."""

import json
import subprocess
import sys

import pytest

import geodata
from geodata import data
from geodata.data import DamagedData

FIRST_VERDICT = """
import json, re, sys
from pathlib import Path
from datetime import date
import geodata
from geodata.local import InCounties
site = geodata.ProductionSite(step=geodata.Step.FARM, point=geodata.Point(lat=60.34, lon=17.51))
found = geodata.verdict(
    geodata.LocalDefinition(rule=InCounties()), authority_code="0360", sites=[site], on=date(2026, 1, 1)
)
status = Path("/proc/self/status").read_text()
peak_mb = int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) / 1024
print(json.dumps({"answer": found.answer, "peak_mb": peak_mb, "modules": sorted(sys.modules)}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_the_first_verdict_is_light():
    done = subprocess.run([sys.executable, "-c", FIRST_VERDICT], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["answer"] == "yes"
    assert told["peak_mb"] < 100
    heavy = {"folium", "geopy", "jinja2", "pandas", "pyarrow", "requests", "flask", "sqlalchemy", "click"}
    assert heavy.isdisjoint(told["modules"])


def test_importing_the_package_loads_nothing():
    code = "import sys, geodata; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_every_public_name_is_there():
    assert all(getattr(geodata, name) is not None for name in geodata.__all__)
    assert sorted(geodata._HOME_OF) == sorted(geodata.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nowhere'"):
        _ = geodata.nowhere


def test_a_missing_data_file_says_how_to_mend_it():
    with pytest.raises(DamagedData, match="Install the package anew"):
        data.read("nothing.npz")
