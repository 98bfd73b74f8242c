"""Where phones and other computers of the school find the program."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import request

from liushou_web import network


class SchoolAddress(NamedTuple):
    """'http://192.168.1.20:8000/'; `alone` where this computer is in no network."""

    url: str
    alone: bool = False


def school_address() -> SchoolAddress:
    """The address that this page was reached by; on the computer that serves, where that
    is its own 127.0.0.1, the one by which others reach it."""
    asked = urlsplit(request.host_url)
    if not _is_here(asked.hostname or ""):
        return SchoolAddress(request.host_url)
    found = network.addresses()
    if not found:
        return SchoolAddress(request.host_url, alone=True)
    host = f"[{found[0]}]" if ":" in found[0] else found[0]
    port = f":{asked.port}" if asked.port else ""
    return SchoolAddress(f"{asked.scheme}://{host}{port}/")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
