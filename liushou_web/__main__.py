"""The program's commands: python -m liushou_web COMMAND, or liushou-web COMMAND.

They exit with 0 when all is well, 1 when something was refused, 2 when asked wrongly.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import DatabaseError

from . import __version__, clock
from .data_folder import DataFolder, hold, usual
from .db import db
from .rules.actor import CONSOLE
from .rules.refusal import Refused

OUTRIGHT = ("-h", "--help", "--version")  # asked of the program, not of `serve`
NO_DATA = "「{folder}」裏還沒有數據。請先啟動一次程序，或用 --data 指定文件夾。"
FAILED = "磁盤或數據庫出錯，操作沒有完成：{reason}"


def main(arguments: list[str] | None = None) -> int:
    _speak_utf8()
    os.umask(0o077)  # what is written about children, this account alone may read
    given = sys.argv[1:] if arguments is None else arguments
    if not given or (given[0].startswith("-") and given[0] not in OUTRIGHT):
        given = ["serve", *given]
    options = _parser().parse_args(given)
    try:
        return int(options.run(options))
    except Refused as refusal:
        print(refusal, file=sys.stderr)
    except (OSError, DatabaseError) as error:
        print(FAILED.format(reason=error), file=sys.stderr)
    except KeyboardInterrupt:
        return 0
    return 1


def _speak_utf8() -> None:
    """Chinese on any console; under pythonw there is none at all."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="liushou-web", description="留守兒童之家：日程、簽到、考勤。")
    parser.add_argument("--version", action="version", version=__version__, help="顯示版本")
    commands = parser.add_subparsers(metavar="命令", required=True)
    for add in (_add_serve, _add_reset_password, _add_migrate):
        add(commands)
    return parser


class _Parser(argparse.ArgumentParser):
    """Speaks to the school in its own language."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options, add_help=False)  # type: ignore[arg-type]
        self._positionals.title, self._optionals.title = "參數", "選項"
        self.add_argument("-h", "--help", action="help", help="顯示這個說明")


def _add_serve(commands: argparse._SubParsersAction[_Parser]) -> None:
    words = "啟動服務（不寫命令時就是它）"
    parser = commands.add_parser("serve", help=words, description=words)
    _add_data(parser)
    parser.add_argument("--demo", action="store_true", help="演示：一所虛構的學校")
    parser.add_argument("--host", default="0.0.0.0", help="監聽的地址，默認全部")  # noqa: S104
    parser.add_argument("--port", type=_port, help="端口，默認 8000 或其後空閒的一個")
    parser.add_argument("--no-browser", action="store_true", help="不自動打開瀏覽器")
    parser.set_defaults(run=_serve)


def _add_reset_password(commands: argparse._SubParsersAction[_Parser]) -> None:
    words = "給忘了密碼的人一個一次性密碼"
    parser = commands.add_parser("reset-password", help=words, description=words)
    parser.add_argument("login", metavar="LOGIN", help="登錄用的賬號")
    _add_data(parser)
    parser.set_defaults(run=_reset_password)


def _add_migrate(commands: argparse._SubParsersAction[_Parser]) -> None:
    words = "檢查數據庫並升級到本版本（升級前自動備份）"
    parser = commands.add_parser("migrate", help=words, description=words)
    _add_data(parser)
    parser.set_defaults(run=_migrate)


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, metavar="DIR", help="數據文件夾，默認 data")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("端口是 0 到 65535 之間的數字")
    return int(text)


def _serve(options: argparse.Namespace) -> int:
    from .serve import Wish, serve

    wish = Wish(options.host, options.port, not options.no_browser)
    with hold(options.data or usual(demo=options.demo), demo=options.demo) as folder:
        if not options.demo:
            folder.ready(clock.now())
            serve(folder, wish)
        else:
            from . import demo

            demo.ready(folder, clock.now())
            serve(folder, wish, demo=demo.accounts())
    return 0


@contextmanager
def _opened(options: argparse.Namespace) -> Iterator[None]:
    """The database of a folder that has one already, checked and up to date."""
    path: Path = options.data or usual()
    if not DataFolder(path).exists:
        raise Refused(NO_DATA, folder=path)
    with hold(path) as folder:
        folder.ready(clock.now())
        with db.connection_context():
            yield


def _reset_password(options: argparse.Namespace) -> int:
    from .store import staff

    with _opened(options):
        password = staff.reset_password(options.login, by=CONSOLE, at=clock.now())
    print(f"賬號 {options.login} 的一次性密碼：{password}")
    print("用它登錄後，必須馬上改成自己的密碼。")
    return 0


def _migrate(options: argparse.Namespace) -> int:
    with hold(options.data or usual()) as folder:
        steps = folder.ready(clock.now())
    print("已升級：" + "、".join(steps) if steps else "數據庫完好，已是最新。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
