"""Refusals, missing rows and crashes become one sentence; nothing half-said is shown."""

import logging

from flask import Flask, request
from peewee import DatabaseError, DoesNotExist
from werkzeug import Response
from werkzeug.exceptions import HTTPException

from liushou_web.db.disk import Obstacle, obstacle
from liushou_web.refusal import NotFound, Refused

from .htmx import say
from .zh import said

log = logging.getLogger(__name__)

SENTENCES = {
    400: "這個請求不完整，沒有保存。請返回上一頁再試一次。",
    404: str(NotFound()),
    405: "這個地址不能這樣打開。請從首頁進入。",
    413: "提交的內容太大，沒有保存。文件請不要超過 10 MB。",
    415: "提交的格式不對，沒有保存。",
}
CRASHED = "系統出錯了，剛才的操作沒有保存。請再試一次；如果還不行，請告訴系統管理員。"
BUSY = "系統正忙，剛才的操作沒有保存。請稍等幾秒再試一次。"
DISK_FULL = "電腦的磁盤滿了，這次沒有保存。請先清理磁盤空間，然後再試一次。"
READ_ONLY = "數據文件夾現在不能寫入，這次沒有保存。請告訴系統管理員檢查磁盤。"
FAILED = {
    Obstacle.FULL: DISK_FULL,
    Obstacle.READ_ONLY: READ_ONLY,
    Obstacle.BUSY: BUSY,
    None: CRASHED,
}


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, say_refusal)
    app.register_error_handler(DoesNotExist, lambda _: say(said(SENTENCES[404]), 404))
    app.register_error_handler(DatabaseError, say_database_error)
    app.register_error_handler(HTTPException, say_http_error)
    app.register_error_handler(Exception, say_crash)


def say_refusal(refusal: Refused) -> Response:
    return say(said(refusal), refusal.status)


def say_http_error(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    return say(said(SENTENCES.get(error.code or 500, SENTENCES[400])), error.code or 500)


def say_database_error(error: DatabaseError) -> Response:
    """Tells a full disk, a read-only one and a busy database apart; nothing was saved."""
    log.exception("database failed at %s", request.path)
    found = obstacle(error)
    return say(said(FAILED[found]), 503 if found else 500)


def say_crash(error: Exception) -> Response:
    log.exception("crashed at %s", request.path, exc_info=error)
    return say(said(CRASHED), 500)
