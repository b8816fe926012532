"""The README's example does what the README says."""

import re
from pathlib import Path

import geodata

README = Path(geodata.__file__).with_name("README.md").read_text(encoding="utf-8")


def test_the_example_prints_what_it_says(capsys):
    code, output = re.search(r"```python\n(.*?)```.*?```text\n(.*?)```", README, re.DOTALL).groups()
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.replace("\u00a0", " ") == output


def test_every_module_it_names_is_there():
    rows = re.findall(r"^\| ([a-z_, ]+) \| ", README, re.MULTILINE)[1:]
    modules = {name for row in rows for name in row.split(", ")}
    assert modules >= {"points", "local", "maps"}
    assert all((Path(geodata.__file__).parent / f"{name}.py").exists() for name in modules)
