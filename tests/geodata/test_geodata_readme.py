"""The README's example does what the README says."""

import re
from pathlib import Path

import pytest

import geodata

README = Path(geodata.__file__).with_name("README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "output"), re.findall(r"```python\n(.*?)```.*?```text\n(.*?)```", README, re.DOTALL)
)
def test_the_examples_print_what_they_say(capsys, code, output):
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.replace("\u00a0", " ") == output


def test_every_module_it_names_is_there():
    rows = re.findall(r"^\| ([a-z_, ]+) \| ", README, re.MULTILINE)[1:]
    modules = {name for row in rows for name in row.split(", ")}
    assert modules >= {"points", "local", "maps"}
    folder = Path(geodata.__file__).parent
    assert [
        name for name in modules if not ((folder / f"{name}.py").exists() or (folder / name).is_dir())
    ] == []
