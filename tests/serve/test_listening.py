"""The two lanes of threads: a tap is answered while all others are at long prints."""

from contextlib import closing, contextmanager
from http.client import HTTPConnection
from threading import Event, Semaphore, Thread, current_thread

import pytest

from liushou_web.serve import listening

LONG = "/paper/print"


class Prints:
    """An application whose prints take until they are let go."""

    def __init__(self):
        self.go, self.began, self.threads = Event(), Semaphore(0), {}

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        self.threads.setdefault(path, []).append(current_thread())
        if path == LONG:
            self.began.release()
            self.go.wait(20)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]


@contextmanager
def connected(port):
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        yield connection


def asked(connection, path):
    connection.request("GET", path)
    return connection.getresponse().read()


@pytest.fixture
def prints():
    return Prints()


@pytest.fixture
def port(prints):
    door = listening.open_socket("127.0.0.1", 0, or_next=False)
    server = listening.server(prints, door)
    running = Thread(target=server.run, daemon=True)
    running.start()
    yield server.effective_port
    prints.go.set()
    server.close()


def test_a_tap_is_answered_while_every_other_thread_prints(prints, port):
    with connected(port) as one, connected(port) as two, connected(port) as three:
        waiting = (one, two, three)
        for printer in waiting:
            printer.request("GET", LONG)
        assert all(prints.began.acquire(timeout=10) for _ in waiting)

        with connected(port) as door:
            tapped = asked(door, "/attendance/7/children/3/sign-in")
        prints.go.set()

        assert tapped == b"ok"
        assert [printer.getresponse().read() for printer in waiting] == [b"ok"] * 3


def test_the_rolls_have_one_thread_and_it_does_nothing_else(prints, port):
    with connected(port) as door:
        for path in ("/attendance/7", "/", "/attendance/8", "/calls", "/attendance/7"):
            asked(door, path)

    rolls = prints.threads["/attendance/7"] + prints.threads["/attendance/8"]
    assert len(set(rolls)) == 1
    assert rolls[0] not in prints.threads["/"] + prints.threads["/calls"]


def test_what_is_no_request_is_answered_too(port):
    with connected(port) as door:
        door.request("GET", "/attendance/7", headers={"X-Long": "x" * 300_000})
        refused = door.getresponse()

    assert (refused.status, refused.read().decode()) == (431, listening.NOT_UNDERSTOOD)
    with connected(port) as door:
        assert asked(door, "/attendance/7") == b"ok"
