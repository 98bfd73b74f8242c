"""A workbook as the answer to a request."""

from urllib.parse import quote

from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(content: bytes, name: str, plain_name: str) -> Response:
    """A download with its Chinese name, and a plain one for browsers that cannot."""
    answer = Response(content, mimetype=XLSX)
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name)}"
    )
    return answer
