"""The program's commands: python -m liushou_web COMMAND, or liushou-web COMMAND.

They exit with 0 when all is well, 1 when something was refused, 2 when asked wrongly.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from peewee import DatabaseError

from liushou_web import commands
from liushou_web.commands import backups, console
from liushou_web.refusal import Refused
from liushou_web.version import __version__

OUTRIGHT = ("-h", "--help", "--version")  # asked of the program, not of `serve`
CODES = "退出碼：0 正常，1 有問題或被拒絕，2 命令寫錯。"
FAILED = "磁盤或數據庫出錯，操作沒有完成：{reason}"


def main(arguments: list[str] | None = None) -> int:
    console.speak_utf8()
    os.umask(0o077)  # what is written about children, this account alone may read
    given = sys.argv[1:] if arguments is None else arguments
    if not given or (given[0].startswith("-") and given[0] not in OUTRIGHT):
        given = ["serve", *given]
    options = _parser().parse_args(given)
    try:
        return int(options.run(options))
    except Refused as refusal:
        print(refusal, file=sys.stderr)
    except BrokenPipeError:  # whoever read our output, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, DatabaseError) as error:
        print(FAILED.format(reason=error), file=sys.stderr)
    except KeyboardInterrupt:
        return 0
    return 1


def _parser() -> console.Parser:
    parser = console.Parser(
        prog="liushou-web", description="留守兒童之家：日程、簽到、考勤。", epilog=CODES
    )
    parser.add_argument("--version", action="version", version=__version__, help="顯示版本")
    named = parser.add_subparsers(metavar="命令", required=True)

    def add(name: str, words: str) -> console.Parser:
        made: console.Parser = named.add_parser(
            name, help=words, description=words, epilog=CODES
        )
        made.add_argument("--data", type=Path, metavar="DIR", help="數據文件夾，默認 data")
        return made

    _serve(add("serve", "啟動服務（不寫命令時就是它）"))
    _import(add("import", "導入學生名冊：先列出新增、修改、不變和有問題的行"))
    _reset_password(add("reset-password", "給忘了密碼的人一個一次性密碼"))
    migrate = add("migrate", "檢查數據庫並升級到本版本（升級前自動備份）")
    migrate.set_defaults(run=commands.migrate)
    _backup(add("backup", "備份一次（平時每天自動備份）"))
    _rehearse(add("rehearse", "演練恢復：證明一份備份可用，不動現有的數據"))
    _restore(add("restore", "用一份備份恢復全部數據（現有的先備份）"))
    _check(add("check", "自檢：數據庫、磁盤、時間、備份，逐項說明怎麼辦"))
    return parser


def _serve(parser: console.Parser) -> None:
    parser.add_argument("--demo", action="store_true", help="演示：一所虛構的學校")
    parser.add_argument("--host", default="0.0.0.0", help="監聽的地址，默認全部")  # noqa: S104
    parser.add_argument(
        "--port", type=console.port, help="端口，默認 8000 或其後空閒的一個"
    )
    parser.add_argument("--no-browser", action="store_true", help="不自動打開瀏覽器")
    parser.set_defaults(run=commands.serve)


def _import(parser: console.Parser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="名冊：.xlsx、.xls、.ods 或 .csv"
    )
    parser.add_argument("--yes", action="store_true", help="寫入（有問題的行除外）")
    parser.add_argument("--json", action="store_true", help="以 JSON 輸出")
    parser.set_defaults(run=commands.import_roster)


def _reset_password(parser: console.Parser) -> None:
    parser.add_argument("login", metavar="LOGIN", help="登錄用的賬號")
    parser.set_defaults(run=commands.reset_password)


def _backup(parser: console.Parser) -> None:
    parser.add_argument("--rehearse", action="store_true", help="做完馬上演練一次恢復")
    parser.set_defaults(run=backups.backup)


def _rehearse(parser: console.Parser) -> None:
    words = "備份的名字或文件，默認最近的一份"
    parser.add_argument("backup", nargs="?", metavar="NAME|FILE", help=words)
    parser.set_defaults(run=backups.rehearse)


def _restore(parser: console.Parser) -> None:
    parser.add_argument("backup", metavar="NAME|FILE", help="備份的名字或文件")
    parser.add_argument("--yes", action="store_true", help="不再詢問")
    parser.set_defaults(run=backups.restore)


def _check(parser: console.Parser) -> None:
    parser.add_argument("--json", action="store_true", help="以 JSON 輸出")
    parser.set_defaults(run=backups.check)


if __name__ == "__main__":
    sys.exit(main())
