"""What does a page of eight quarters cost, with 100 000 of each register?"""

from collections.abc import Callable
from itertools import product
from urllib.parse import urlencode

from tests.bench.parts import MEDIUM, PASSWORD, Line, Register, floor_server, statements_of
from tests.bench.serving import Page, Server, pair, serve, sign_in
from tests.bench.start import fill, people
from tracker.pictures.measures import Division, Measure, divisions_of

WHOLE = "kvalitet"  # who reads everything; the others see it by unit
SHOWN = (WHOLE, "chef, en", "chef, område")
PAIRS = 20
BAR = 60.0  # our own: an index of 100 000 entries is read from end to end


def measure(engine: str, pairs: int, tell: Callable[[Line], None]) -> None:
    """Every measure by unit for who reads all, an area and a unit; for the first undivided and by category as well."""
    register = Register(engine, MEDIUM)
    with register.app.app_context():
        numbers = people()
        fill(numbers)
    floor = floor_server(engine)
    server = serve("app:app", register.environment())
    try:
        for reader in SHOWN:
            mail = f"bench{numbers[reader]}@x.se"
            who = (sign_in(server, mail, PASSWORD), mail, reader)
            for one, division in product(Measure, (None, *Division)):
                offered = division is None or division in divisions_of(one)
                if offered and (reader == WHOLE or division is Division.UNIT):
                    _page(register, floor, who, (one, division), min(pairs, PAIRS), tell)
    finally:
        for started in (floor, server):
            started.stop()


def _page(
    register: Register, floor: Server, who: tuple[Server, str, str], asked: tuple[Measure, Division | None],
    pairs: int, tell: Callable[[Line], None],
) -> None:  # fmt: skip
    (signed, mail, reader), (one, division) = who, asked
    path = f"/trender?{urlencode({'matt': one.value, 'per': division or ''})}"
    ours, base, ratio = pair(Page(signed, path), Page(floor, "/list"), pairs)
    number = statements_of(register, mail, path)
    what = f"{one.value}, {division or 'undivided'}, {reader}"
    tell(Line(register.engine, what, "", MEDIUM, number, ratio, "x floor", BAR, f"{ours:.2f} ms, floor {base:.2f}"))
