"""繁 and 简: templates and messages are written once and turned; names never are."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from flask import Flask, g, render_template, request, session
from jinja2 import BaseLoader, Environment, pass_environment

from liushou_web.refusal import Refused

SCRIPTS = {"hant": "繁體", "hans": "简体"}
LANGS = {"hant": "zh-Hant", "hans": "zh-Hans"}


@cache
def _converter(direction: str) -> Callable[[str], str]:
    """OpenCC is loaded at the first use: a school that reads 繁 never pays for it."""
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC(direction).convert
    return convert


@lru_cache(maxsize=4096)
def simplified(text: str) -> str:
    """Our own words, which are Traditional characters with mainland vocabulary, in 简."""
    return _converter("tw2s")(text)


def reader() -> str:
    """The script of whoever is asking: 'hant' or 'hans'."""
    return str(g.get("script", "hant"))


def said(words: object) -> str:
    """A label, message or refusal of ours in the reader's script; never people's words."""
    return _turned(words, reader())


@pass_environment
def _said_here(environment: Environment, words: object) -> str:
    """`said` for templates, which know their script: a roll asks hundreds of times."""
    return _turned(words, "hans" if environment.overlayed else "hant")


def _turned(words: object, script: str) -> str:
    turn = str if script == "hant" else simplified
    return words.said(turn) if isinstance(words, Refused) else turn(str(words))


def turned() -> bool:
    """Whether the button under a form before any login was pressed, which shows the page
    in the other script; from then on this browser reads that one."""
    wanted = request.form.get("show", "")
    if wanted in SCRIPTS:
        session["script"] = g.script = wanted
    return wanted in SCRIPTS


class SimplifiedLoader(BaseLoader):
    """Gives the source of the same templates, turned into simplified characters."""

    def __init__(self, source: BaseLoader) -> None:
        self.source = source

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        text, filename, uptodate = self.source.get_source(environment, template)
        return simplified(text), filename, uptodate


def render(template: str, **context: object) -> str:
    """The template in the reader's script."""
    return render_template(_environments()[reader()].get_template(template), **context)


def _environments() -> dict[str, Environment]:
    from flask import current_app

    environments: dict[str, Environment] = current_app.extensions["scripts"]
    return environments


def init_app(app: Flask) -> None:
    plain = app.jinja_env
    plain.filters["said"] = _said_here
    if plain.loader is None:
        raise RuntimeError("the application has no template folder")
    turned = plain.overlay(loader=SimplifiedLoader(plain.loader), cache_size=400)
    app.extensions["scripts"] = {"hant": plain, "hans": turned}

    @app.context_processor
    def language() -> dict[str, str]:
        return {"lang": LANGS[reader()], "script": reader()}
