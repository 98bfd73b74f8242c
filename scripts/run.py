"""Starts the program: python3 scripts/run.py [COMMAND …]

Makes its own environment in .venv at the first start (from wheelhouse/ without network,
if that folder is there), then runs the program's command; `serve` if none is named.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said in words, not by a SyntaxError
    sys.exit("需要 Python 3.11 或更新的版本 (Python 3.11 or newer is needed); "
             "this is " + sys.version.split()[0])  # fmt: skip

import os
import subprocess

import boot


def run(command: list, variables: dict) -> int:
    """In place of this process, so that a SIGTERM reaches the program itself. Windows has
    no such thing: there this process waits, and leaves Ctrl-C to the program."""
    if os.name != "nt":
        os.execve(command[0], command, variables)  # noqa: S606 - no shell is wanted
    with subprocess.Popen(command, env=variables) as program:
        while True:
            try:
                return program.wait()
            except KeyboardInterrupt:
                continue


def main() -> int:
    boot.speak_utf8()
    wheelhouse = boot.WHEELHOUSE if boot.WHEELHOUSE.is_dir() else None
    python = boot.environment(
        boot.ROOT / ".venv", boot.requirements(), wheelhouse=wheelhouse
    )
    command = [str(python), "-m", "liushou_web", *sys.argv[1:]]
    return run(command, boot.with_source())


if __name__ == "__main__":
    sys.exit(main())
