"""The process that does the work: little memory, little time, no settings; it can write no file.

It reads a line of JSON and then files from standard input, and answers the same way.
"""

import json
import re
import resource
import sys
from datetime import date
from typing import Any, BinaryIO

MEMORY_BYTES = 2_000_000_000
PROCESSOR_SECONDS = 20
MOST_UNKNOWN_SIGNS, UNKNOWN_SIGN = 50, "\ufffd"  # what stands where the fonts have no sign, as for 漢 or 😀
_NOT_IN_FONTS = re.compile(r'the text `?"(.+?)"`? could not be displayed')


def work(given: BinaryIO, answer: BinaryIO) -> None:
    """Does what is asked."""
    asked: dict[str, Any] = json.loads(given.readline())
    files = [given.read(size) for size in asked["sizes"]]
    said, made = _typeset(asked, files) if asked["work"] == "typst" else _fill(asked, files)
    answer.write(json.dumps({**said, "sizes": [len(file) for file in made]}).encode() + b"\n" + b"".join(made))
    answer.flush()


def _typeset(asked: dict[str, Any], files: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Sets one source once for each set of inputs, with the fonts that typst brings and none of the machine's."""
    import typst

    made = []
    for given in asked["inputs"]:
        inputs = given
        for _ in range(MOST_UNKNOWN_SIGNS):
            try:
                if asked["form"] == "png":
                    made.append(typst.compile(files[0], format="png", ppi=asked["ppi"], ignore_system_fonts=True,
                                              sys_inputs=inputs))  # fmt: skip
                else:
                    made.append(typst.compile(files[0], pdf_standards=["ua-1"], ignore_system_fonts=True,
                                              sys_inputs=inputs))  # fmt: skip
                break
            except typst.TypstError as error:
                unknown = set("".join(_NOT_IN_FONTS.findall(str(error)))) - {UNKNOWN_SIGN}
                if not unknown:
                    raise
                replaced = dict.fromkeys(map(ord, unknown), UNKNOWN_SIGN)
                inputs = {name: text.translate(replaced) for name, text in inputs.items()}
    return {}, made


def _fill(asked: dict[str, Any], files: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Fills in a template; what is wrong with it goes back as its faults."""
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    from tracker.printing.document import check, fill, finish  # within the limits, as everything from here on
    from tracker.printing.faults import WordError

    template, *pictures = files
    try:
        if asked["check"]:
            check(template, asked["values"])
        made = fill(template, asked["values"], dict(zip(asked["pictures"], pictures, strict=True)))
        named = finish(made, asked["title"], asked["author"], date.fromisoformat(asked["made_on"]))
    except WordError as error:
        return {"faults": [(fault.message, fault.place) for fault in error.faults]}, []
    return {"faults": []}, [named]


def limit() -> None:
    """What this process may use at most; it can write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    limit()
    work(sys.stdin.buffer, sys.stdout.buffer)
