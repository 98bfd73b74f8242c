"""How the program gets its environment, before anything but Python is there."""

import ast
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from xml.etree import ElementTree as xml

import boot
import pytest

SCRIPTS = Path(boot.__file__).parent
TOLD_TO_USERS = ("run", "test", "bench")


def loaded(name):
    """A script as a module; `import test` would find the standard library's."""
    spec = spec_from_file_location(f"script_{name}", SCRIPTS / f"{name}.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", TOLD_TO_USERS)
def test_an_old_python_can_read_that_it_is_too_old(name):
    text = (SCRIPTS / f"{name}.py").read_text("utf-8")

    ast.parse(text, feature_version=(3, 6))
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.version_info = (3, 10); exec({text!r})"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 1
    assert "Python 3.11" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_requirements_are_those_of_setup_cfg():
    ours, with_tests = boot.requirements(), boot.requirements("test")

    assert "Flask>=3.1,<4" in ours
    assert with_tests[: len(ours)] == ours
    assert "pytest>=8,<10" in with_tests


@pytest.fixture
def calls(monkeypatch):
    """What would be run; each call succeeds and leaves what it would leave."""
    made = []

    def call(command, **_):
        made.append(command)
        if "venv" in command:
            folder = Path(command[-1])
            python = folder / (
                "Scripts/python.exe" if boot.os.name == "nt" else "bin/python"
            )
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    return made


def test_an_environment_is_made_once_and_filled_anew_only_when_the_list_changed(
    tmp_path, calls
):
    folder = tmp_path / "新 環境"
    first = boot.environment(folder, ["Flask"])
    assert [command[2] for command in calls] == ["venv", "pip"]

    assert boot.environment(folder, ["Flask"]) == first
    assert len(calls) == 2

    boot.environment(folder, ["Flask", "peewee"])
    assert [command[2] for command in calls[2:]] == ["pip"]


def test_an_environment_of_another_python_is_made_anew(tmp_path, calls, monkeypatch):
    boot.environment(tmp_path / "env", ["Flask"])
    monkeypatch.setattr(sys, "version", "3.99.0 of another day")
    calls.clear()

    boot.environment(tmp_path / "env", ["Flask"])

    assert [command[2] for command in calls] == ["venv", "pip"]


def test_with_a_wheelhouse_the_network_is_not_asked(tmp_path, calls):
    (tmp_path / "flask.whl").touch()

    boot.environment(tmp_path / "env", ["Flask"], wheelhouse=tmp_path)

    assert calls[-1][-4:] == ["--no-index", "--find-links", str(tmp_path), "Flask"]


def test_what_failed_to_install_is_said_and_tried_again(tmp_path, calls, monkeypatch):
    boot.environment(tmp_path / "env", ["Flask"])
    with monkeypatch.context() as broken:
        broken.setattr(subprocess, "call", lambda *_, **__: 1)
        with pytest.raises(SystemExit, match="安裝依賴包失敗"):
            boot.environment(tmp_path / "env", ["Flask", "peewee"])
    calls.clear()

    boot.environment(tmp_path / "env", ["Flask"])

    assert len(calls) > 0


def test_a_python_without_ensurepip_says_what_to_install(tmp_path, calls, monkeypatch):
    monkeypatch.setattr(boot, "find_spec", lambda _: None)
    monkeypatch.setattr(boot, "apt_install", lambda *_: False)

    with pytest.raises(SystemExit, match="sudo apt install python3-venv"):
        boot.environment(tmp_path / "env", [])


def test_a_browser_that_was_named_comes_first(tmp_path, monkeypatch):
    named = tmp_path / "my-browser"
    named.touch(mode=0o755)
    monkeypatch.setenv("LIUSHOU_BROWSER", str(named))

    assert boot.find_browser() == str(named)


def test_without_a_browser_the_tests_fail_with_the_reason(monkeypatch):
    script = loaded("test")
    monkeypatch.setattr(boot, "find_browser", lambda: "")
    monkeypatch.setattr(boot, "apt_install", lambda *_: False)

    with pytest.raises(SystemExit, match="never skipped"):
        script.ready_the_machine()


@pytest.mark.parametrize(
    ("report", "code", "counts"),
    [
        ('tests="5" failures="0" errors="0" skipped="0"', 0, (5, 0, 0)),
        ('tests="5" failures="1" errors="1" skipped="1"', 1, (2, 2, 1)),
        ('tests="0" failures="0" errors="0" skipped="0"', 5, (0, 1, 0)),  # none was found
        ('tests="5" failures="0" errors="0" skipped="0"', 2, (5, 1, 0)),  # interrupted
    ],
)
def test_the_counts_are_those_of_the_report(report, code, counts):
    suites = xml.fromstring(f"<testsuites><testsuite {report}/></testsuites>")

    assert loaded("test").counts_in(suites, code) == counts


def test_the_program_takes_the_place_of_the_script_that_started_it(monkeypatch):
    """A SIGTERM to the script must reach the server, and leave no orphan."""
    taken = []
    script = loaded("run")
    monkeypatch.setattr(script.os, "execve", lambda *call: taken.append(call))
    monkeypatch.setattr(boot, "environment", lambda *_, **__: Path("/env/bin/python"))
    monkeypatch.setattr(sys, "argv", ["run.py", "import", "名 冊.xlsx"])
    monkeypatch.setattr(subprocess, "Popen", None)

    with pytest.raises(TypeError):  # the real execve does not come back
        script.main()

    path, command, variables = taken[0]
    assert path == "/env/bin/python"
    assert command[1:] == ["-m", "liushou_web", "import", "名 冊.xlsx"]
    assert variables["PYTHONPATH"].split(boot.os.pathsep)[0] == str(boot.ROOT)
