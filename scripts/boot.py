"""What run.py and test.py share: an environment of their own, filled as setup.cfg says.

Standard library only: nothing else is there yet.
"""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WHEELHOUSE = ROOT / "wheelhouse"

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
EDGE = "Microsoft/Edge/Application/msedge.exe"

NO_VENV = (
    "這台電腦的 Python 缺少 venv。請先執行：sudo apt install python3-venv\n"
    "This Python lacks venv. Run first: sudo apt install python3-venv"
)
NOT_INSTALLED = (
    "安裝依賴包失敗，原因見上。請檢查網絡，或在項目旁放好 wheelhouse 文件夾後重試。\n"
    "Installing the packages failed, for the reason above."
)


def speak_utf8() -> None:
    """Chinese on any console: Windows' own encodings lack half of it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # under pythonw there is no stream at all
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


def requirements(*extras: str) -> list[str]:
    """What setup.cfg lists, and its extras."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = config["options"]["install_requires"].splitlines()
    for extra in extras:
        lines += config["options.extras_require"][extra].splitlines()
    return [line for line in map(str.strip, lines) if line]


def environment(folder: Path, wanted: list[str], *, wheelhouse: Path | None = None) -> Path:
    """The Python of the environment in `folder`, made and filled where it is not yet.

    Filled anew only when the list, the Python or the wheelhouse changed. A failure leaves
    no mark, so the next start tries again.
    """
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    mark, stamp = folder / "filled-for", _stamp(wanted, wheelhouse)
    filled = mark.read_text("utf-8").split() if mark.is_file() else []
    if python.exists() and filled == stamp:
        return python
    print(f"正在準備運行環境 {folder.name}（只在第一次或升級後需要）…")
    mark.unlink(missing_ok=True)
    if not python.exists() or filled[:1] != stamp[:1]:
        _make(folder)
    source = ["--no-index", "--find-links", str(wheelhouse)] if wheelhouse else []
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if subprocess.call([*map(str, install), *source, *wanted]):
        sys.exit(NOT_INSTALLED)
    mark.write_text(" ".join(stamp), "utf-8")
    return python


def _stamp(wanted: list[str], wheelhouse: Path | None) -> list[str]:
    """For which Python an environment is, and for which packages."""
    wheels = sorted(path.name for path in wheelhouse.iterdir()) if wheelhouse else []
    parts = ([sys.version, sys.base_prefix], [*wanted, *wheels])
    return [sha256("\n".join(each).encode()).hexdigest() for each in parts]


def _make(folder: Path) -> None:
    """A fresh environment: an old one may belong to a Python that is gone."""
    if find_spec("ensurepip") is None and not apt_install("python3-venv"):
        sys.exit(NO_VENV)
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(folder)]):
        sys.exit(NO_VENV)


def with_source() -> dict[str, str]:
    """Variables under which Python finds the program in this folder, and speaks UTF-8."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    path = os.pathsep.join(filter(None, paths))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"}


def apt_install(*packages: str) -> bool:
    """Installs Debian packages, where this is Debian and we are its root."""
    if os.name == "nt" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("apt-get install", *packages)
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["apt-get", "-q", "update"],
        ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages],
    )
    quiet = subprocess.DEVNULL
    return not any(subprocess.call(c, env=variables, stdout=quiet) for c in commands)


def find_browser() -> str:
    """The path of a Chromium or its kin, or nothing."""
    named = os.environ.get("LIUSHOU_BROWSER", "")
    for name in filter(None, (named, *BROWSERS)):
        if found := shutil.which(name):
            return found
    folders = (os.environ.get("PROGRAMFILES(X86)"), os.environ.get("PROGRAMFILES"))
    edges = [Path(folder) / EDGE for folder in folders if folder]
    return next((str(edge) for edge in edges if edge.is_file()), "")
