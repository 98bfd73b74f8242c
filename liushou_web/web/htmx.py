"""Page or part: the only module that reads or writes htmx headers."""

import json

from flask import Response, make_response, redirect, request
from werkzeug import Response as AnyResponse

from liushou_web.refusal import Refused

from .zh import render

ASIDE = {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"}


def wants_part() -> bool:
    return request.headers.get("HX-Request") == "true"


def page(
    template: str, *, part: str = "", status: int = 200, **context: object
) -> AnyResponse:
    """Answer with the page, or with the one part of it that htmx asked for."""
    chosen = part if part and wants_part() else template
    response = make_response(render(chosen, **context), status)
    response.vary.add("HX-Request")
    return response


def part(
    template: str, *, otherwise: str, refusal: Refused | None = None, **context: object
) -> AnyResponse:
    """Answer a POST: the changed part, or back to the page without htmx. What was refused
    begins the part, and goes to the notice."""
    if not wants_part():
        return redirect(otherwise, 303)
    words = render(template, refusal=refusal, **context)
    if refusal is None:
        return make_response(words)
    return make_response(words, refusal.status, ASIDE)


def go(url: str) -> AnyResponse:
    """Leave for another page, even from inside a fragment request."""
    if wants_part():
        return Response(status=204, headers={"HX-Redirect": url})
    return redirect(url, 303)


def announce(event: str, words: str, **detail: str) -> AnyResponse:
    """A good sentence for the notice, and an event that the page's own script waits for."""
    words_in = render("shared/_notice.html", message=words, kind="good")
    return make_response(words_in, {"HX-Trigger": json.dumps({event: detail})})


def unchanged() -> AnyResponse:
    """Tell a polling page that what it shows is still true."""
    return Response(status=204)


def say(
    words: str,
    status: int,
    *,
    template: str = "shared/error.html",
    notice: str = "shared/_notice.html",
    **context: object,
) -> AnyResponse:
    """One sentence: a page of its own, or a notice that spares the row that was tapped."""
    if not wants_part():
        words_in = render(template, message=words, status=status, **context)
        return make_response(words_in, status)
    return make_response(render(notice, message=words, **context), status, ASIDE)
