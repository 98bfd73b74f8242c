"""Page or part: the only module that reads or writes htmx headers."""

from flask import Response, make_response, redirect, request
from werkzeug import Response as AnyResponse

from .zh import render


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


def part(template: str, *, otherwise: str, **context: object) -> AnyResponse:
    """Answer a POST: the changed part, or back to the page without htmx."""
    if not wants_part():
        return redirect(otherwise, 303)
    return make_response(render(template, **context))


def go(url: str) -> AnyResponse:
    """Leave for another page, even from inside a fragment request."""
    if wants_part():
        return Response(status=204, headers={"HX-Redirect": url})
    return redirect(url, 303)


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
    aside = {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"}
    return make_response(render(notice, message=words, **context), status, aside)
