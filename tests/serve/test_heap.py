"""One heap for all threads, where the C library has several."""

import subprocess
import sys

import pytest

HEAPS = """
import ctypes, threading
from liushou_web.serve import heap

{before}
keep = [threading.Barrier(5), threading.Barrier(5)]
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p

def work():
    for barrier in keep:
        libc.malloc(1000)
        barrier.wait()

for _ in range(4):
    threading.Thread(target=work).start()
keep[0].wait()
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
keep[1].wait()
"""


def heaps(before):
    code = HEAPS.format(before=before)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    return run.stdout.count("<heap nr=")


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc alone")
def test_threads_share_one_heap():
    apart = heaps("")

    assert apart > 1
    assert heaps("heap.share()") == 1
