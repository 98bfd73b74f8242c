"""Tells the person at the console where the program is to be found."""

from __future__ import annotations

import io
import os
import sys
import webbrowser
from threading import Timer
from typing import NamedTuple

from liushou_web.network import addresses

ANYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - the school's own network is to reach it


class Account(NamedTuple):
    """A login of the invented school, open to everybody who sees it."""

    login: str
    name: str
    roles: str
    password: str
    opens: str = ""  # what opens the sealed notes, in a demonstration alone


def urls(host: str, port: int) -> tuple[str, list[str]]:
    """The address to type on this PC, and those for other devices."""
    if host in ANYWHERE:
        others = [f"http://{address}:{port}/" for address in addresses()]
        return f"http://127.0.0.1:{port}/", others
    shown = f"[{host}]" if ":" in host else host
    own = f"http://{shown}:{port}/"
    return own, [] if host in ("127.0.0.1", "::1", "localhost") else [own]


def tell(
    own: str, others: list[str], *, setup_code: str, demo: tuple[Account, ...]
) -> None:
    """Prints the addresses, a QR code of the first, and what this start needs to say."""
    print(f"\n  這台電腦：{own}")
    for url in others:
        print(f"  手機和其他電腦：{url}")
    if others and sys.stdout:
        print("\n" + qr(others[0]))
    if setup_code:
        print(f"  第一次使用，請打開上面的地址完成設置。\n  安裝碼：{setup_code}\n")
    if demo:
        print(f"  這是演示，學校和人名都是虛構的。所有賬號的密碼都是 {demo[0].password}：")
    for account in demo:
        opens = f"  {account.opens}" if account.opens else ""
        print(f"    {account.login}  {account.name}（{account.roles}）{opens}")
    print("  要關閉程序，請按 Ctrl+C。", flush=True)


def qr(url: str) -> str:
    import segno

    drawn = io.StringIO()
    segno.make(url, error="l").terminal(drawn, compact=True, border=2)
    return drawn.getvalue()


def open_browser(url: str) -> None:
    """Shortly after this, when the server answers, where somebody sits at a desktop."""
    if sys.stdout and sys.stdout.isatty() and _has_desktop():
        Timer(0.5, webbrowser.open, [url]).start()


def _has_desktop() -> bool:
    return (
        os.name == "nt"
        or sys.platform == "darwin"
        or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    )
