"""Servers to measure: one gunicorn worker each on loopback, and pairs of pages timed in turn."""

import http.client
import os
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tests.support.server import free_port

WARM_UP = 15
BLOCK = 20


@dataclass
class Server:
    """A running server; `cookie` once somebody has signed in."""

    process: subprocess.Popen
    port: int
    cookie: str = ""

    def stop(self) -> None:
        """Ends it."""
        self.process.terminate()
        self.process.wait(timeout=20)


def serve(target: str, environment: dict[str, str]) -> Server:
    """Starts gunicorn with one worker and four threads, and waits until it answers."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-w", "1", "-k", "gthread", "--threads", "4", "--no-control-socket",
               "-b", f"127.0.0.1:{port}", "--log-level", "error", target]  # fmt: skip
    process = subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.DEVNULL)
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/halsa")
            connection.getresponse().read()
            return Server(process, port)
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{target} did not start")


def sign_in(server: Server, email: str, password: str) -> Server:
    """The same server with a cookie for the user."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/logga-in")
    answer = connection.getresponse()
    token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', answer.read())
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    body = urlencode({"email": email, "password": password, "csrf_token": token[1].decode()})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/logga-in", body, headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 303:
        raise RuntimeError(f"sign-in of {email} answered {answer.status}")
    return Server(server.process, server.port, answer.headers["Set-Cookie"].split(";")[0])


class Page:
    """One page over one kept connection."""

    def __init__(self, server: Server, path: str) -> None:
        self.path, self.headers = path, {"Cookie": server.cookie}
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)

    def body(self) -> bytes:
        """The page."""
        self.connection.request("GET", self.path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{self.path} answered {answer.status}")
        return body

    def milliseconds(self) -> float:
        """How long one answer takes."""
        start = time.perf_counter()
        self.body()
        return (time.perf_counter() - start) * 1000


def pair(a: Page, b: Page, pairs: int) -> tuple[float, float, float]:
    """(median of a, median of b, ratio): milliseconds, asked in turn; the ratio is a median over blocks."""
    for _ in range(WARM_UP):
        a.milliseconds()
        b.milliseconds()
    of_a, of_b = [], []
    for _ in range(pairs):
        of_a.append(a.milliseconds())
        of_b.append(b.milliseconds())
    ratios = [
        statistics.median(of_a[i : i + BLOCK]) / statistics.median(of_b[i : i + BLOCK]) for i in range(0, pairs, BLOCK)
    ]
    return statistics.median(of_a), statistics.median(of_b), statistics.median(ratios)


def next_page_path(page: Page) -> str:
    """The address of the page's next page."""
    found = re.search(rb'rel="next" href="([^"]+)"', page.body())
    if not found:
        raise RuntimeError(f"{page.path} has no next page")
    parts = urlsplit(found[1].decode().replace("&amp;", "&"))
    return f"{parts.path}?{parts.query}"
