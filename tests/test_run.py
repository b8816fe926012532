"""The run script on machines as people have them: no Python, a failing network, a second start, a moved folder.

A stand-in for Python writes down what it is asked to do, so that nothing is installed here.
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from tree import ROOT

TOOLS = (
    "cat",
    "chmod",
    "cksum",
    "cp",
    "dirname",
    "env",
    "grep",
    "id",
    "mkdir",
    "mktemp",
    "rm",
    "sed",
    "sh",
    "tail",
)

FAKE_PYTHON = """#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
*ensurepip*) [ -z "$NO_VENV" ] || [ -e "$CALLS.python3-venv" ] ;;
-V) echo "Python 3.11.0" ;;
"-m venv .venv")
    mkdir -p .venv/bin
    cp "$0" .venv/bin/python
    echo "VIRTUAL_ENV='$PWD/.venv'" >.venv/bin/activate
    ;;
*"pip install"*)
    if [ -n "$NO_NETWORK" ]; then
        echo "Looking in indexes: https://mirror.example.test/simple"
        echo "HTTPSConnectionPool(host='mirror.example.test', port=443): timed out"
        echo "Failed to resolve 'mirror.example.test'; could not connect to mirror.example.test:443"
        exit 1
    fi
    printf '#!/bin/sh\\necho "serving: $*"\\n' >.venv/bin/narmat
    chmod +x .venv/bin/narmat
    ;;
esac
"""


class Machine:
    """A folder with a copy of the script, a PATH with the named tools only, and a record of what Python was asked."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "my checkout"
        self.path = folder / "bin"
        self.calls_file = folder / "calls"
        self.checkout.mkdir()
        self.path.mkdir()
        for name in (
            "run",
            "pyproject.toml",
            "requirements.txt",
            "requirements-build.txt",
            "requirements-test.txt",
        ):
            shutil.copy(ROOT / name, self.checkout)
        for tool in TOOLS:
            (self.path / tool).symlink_to(str(shutil.which(tool)))

    def add_program(self, name: str, script: str) -> None:
        program = self.path / name
        program.unlink(missing_ok=True)
        program.write_text(script)
        program.chmod(0o755)

    def add_python(self) -> None:
        self.add_program("python3", FAKE_PYTHON)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        self.calls_file.write_text("")
        environ = {
            "PATH": str(self.path),
            "CALLS": str(self.calls_file),
            "NO_NETWORK": "",
            "NO_VENV": "",
            **environment,
        }
        command = [str(self.checkout / "run"), *arguments]
        return subprocess.run(command, env=environ, cwd="/", capture_output=True, text=True, check=False)

    def installs(self) -> list[str]:
        return [line for line in self.calls_file.read_text().splitlines() if "pip install" in line]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_without_python_it_says_what_to_install(machine):
    result = machine.run("demo")
    assert result.returncode == 1
    assert "no Python 3.11 or newer found" in result.stderr
    assert "apt-get install python3" in result.stderr


def test_python_without_venv_is_completed_by_root(machine):
    machine.add_python()
    machine.add_program("id", "#!/bin/sh\necho 0\n")
    machine.add_program("apt-get", '#!/bin/sh\nfor last; do :; done\n: >"$CALLS.$last"\n')
    result = machine.run("demo", NO_VENV="1")
    assert "Installing python3-venv" in result.stderr
    assert result.stdout == "serving: demo\n"


def test_python_without_venv_is_told_to_a_plain_user(machine):
    machine.add_python()
    machine.add_program("id", "#!/bin/sh\necho 1000\n")
    machine.add_program("apt-get", "#!/bin/sh\nexit 0\n")
    result = machine.run("demo", NO_VENV="1")
    assert result.returncode == 1
    assert "As root: apt-get install python3-venv" in result.stderr


def test_first_demo_installs_locked_packages_only_and_serves(machine):
    machine.add_python()
    result = machine.run("demo", "--port", "8123")
    assert result.returncode == 0, result.stderr
    assert result.stdout == "serving: demo --port 8123\n"
    build, product, project = machine.installs()
    assert "--require-hashes --only-binary :all: -r requirements-build.txt" in build
    assert "--require-hashes --no-build-isolation -r requirements.txt" in product
    assert "--no-deps --no-build-isolation --editable ." in project


def test_second_demo_installs_nothing(machine):
    machine.add_python()
    machine.run("demo")
    result = machine.run("demo")
    assert result.stdout == "serving: demo\n"
    assert result.stderr == ""
    assert machine.calls_file.read_text() == "-V\n"


def test_changed_requirements_are_installed_at_the_next_start(machine):
    machine.add_python()
    machine.run("demo")
    with (machine.checkout / "requirements.txt").open("a") as lock:
        lock.write("# newer\n")
    machine.run("demo")
    assert len(machine.installs()) == 3


def test_moved_checkout_gets_a_new_environment(machine):
    machine.add_python()
    machine.run("demo")
    machine.checkout = machine.checkout.rename(machine.checkout.with_name("moved"))
    assert machine.run("demo").stdout == "serving: demo\n"
    assert "-m venv .venv" in machine.calls_file.read_text()


def test_failed_installation_is_told_without_hosts_and_tried_again(machine):
    machine.add_python()
    result = machine.run("demo", NO_NETWORK="1")
    assert result.returncode == 1
    assert "timed out" in result.stderr
    assert "the installation failed" in result.stderr
    assert "example.test" not in result.stderr + result.stdout
    assert machine.run("demo").stdout == "serving: demo\n"


def test_missing_browser_is_a_failure_in_ci_and_a_remark_elsewhere(machine):
    machine.add_python()
    elsewhere = machine.run("setup")
    assert elsewhere.returncode == 0
    assert "apt-get install chromium poppler-utils" in elsewhere.stderr
    in_ci = machine.run("setup", CI="true")
    assert in_ci.returncode == 1
    assert "in CI a missing program is a failure" in in_ci.stderr


def test_test_command_goes_on_after_a_failure_and_ends_with_it(machine):
    machine.add_python()
    machine.run("setup")
    for tool, status in (("ruff", 0), ("mypy", 1), ("lint-imports", 0)):
        (machine.checkout / f".venv/bin/{tool}").write_text(f"#!/bin/sh\nexit {status}\n")
        (machine.checkout / f".venv/bin/{tool}").chmod(0o755)
    result = machine.run("test")
    assert result.returncode == 1
    assert "-m pytest -n 2" in machine.calls_file.read_text()
    assert result.stderr.splitlines()[-1] == "run: failed: mypy"


def test_coverage_is_counted_only_when_asked_for(machine):
    """Counting takes time that whoever waits for a result does not have."""
    machine.add_python()
    machine.run("test")
    assert "--cov" not in machine.calls_file.read_text()
    machine.run("coverage")
    assert "-m pytest -n 2 --cov --cov-report=term" in machine.calls_file.read_text()


def test_unknown_command_is_refused_with_the_list(machine):
    result = machine.run("tets")
    assert result.returncode == 1
    assert "no such command: tets" in result.stderr
    assert "check" in result.stderr
