"""Checks everything: python3 scripts/test.py [arguments for pytest]

Makes its own environment, finds a browser, runs ruff, mypy and all tests. Exits with 0
only if all of it passed; its last line is the counts.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said in words, not by a SyntaxError
    sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0])

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from xml.etree import ElementTree as xml

import boot

CHECKS = (
    ("ruff check", ["-m", "ruff", "check", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("mypy", ["-m", "mypy"]),
)
PYTEST = ("-q", "--durations=10")
EVERY_CORE = ("-n", "auto", "--maxprocesses=4", "--dist=worksteal")  # `-n 0` undoes it
PACKAGES = ("chromium", "poppler-utils", "fonts-noto-cjk")
NO_BROWSER = (
    "No Chromium, Chrome or Edge was found, and the browser tests are never skipped.\n"
    "Install one (Debian: apt install chromium), or name one in LIUSHOU_BROWSER."
)
NO_PDF_TOOLS = (
    "pdftotext and pdfinfo were not found; the tests read printed pages with them.\n"
    "Install poppler (Debian: apt install poppler-utils fonts-noto-cjk)."
)


def lacking() -> str:
    """What the browser tests need and this machine lacks, in words."""
    if not boot.find_browser():
        return NO_BROWSER
    if not (shutil.which("pdftotext") and shutil.which("pdfinfo")):
        return NO_PDF_TOOLS
    return ""


def has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return True  # Windows and macOS bring theirs
    found = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
    return bool(found.stdout.strip())


def ready_the_machine() -> None:
    if lacking() or not has_chinese_font():
        boot.apt_install(*PACKAGES)
    reason = lacking()
    if reason:
        sys.exit(reason)


def failed_checks(python: Path, variables: dict) -> int:
    failed = 0
    for name, arguments in CHECKS:
        print(f"== {name}")
        failed += bool(subprocess.call([python, *arguments], cwd=boot.ROOT, env=variables))
    return failed


def counts_of_tests(python: Path, variables: dict, arguments: list) -> tuple:
    """Runs pytest; returns how many passed, failed and were skipped."""
    print("== pytest")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [python, "-m", "pytest", *PYTEST, *EVERY_CORE, f"--junitxml={report}"]
        code = subprocess.call([*command, *arguments], cwd=boot.ROOT, env=variables)
        if not report.is_file():
            return 0, 1, 0
        return counts_in(xml.parse(report).getroot(), code)  # noqa: S314 - our own file


def counts_in(report: xml.Element, code: int) -> tuple:
    suites = list(report.iter("testsuite"))
    total, failures, errors, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites)
        for name in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    return total - failed - skipped, failed or int(code != 0), skipped


def main() -> int:
    boot.speak_utf8()
    ready_the_machine()
    wanted = boot.requirements("test")
    python = boot.environment(boot.ROOT / ".venv-test", wanted)
    variables = {**boot.with_source(), "LIUSHOU_BROWSER": boot.find_browser()}
    bad_checks = failed_checks(python, variables)
    passed, failed, skipped = counts_of_tests(python, variables, sys.argv[1:])
    failed += bad_checks
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return int(failed > 0)


if __name__ == "__main__":
    os.chdir(boot.ROOT)
    sys.exit(main())
