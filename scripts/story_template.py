"""Writes the program's own Word template of the kvalitetsberättelse. `python -m scripts.story_template`."""

from scripts.template_parts import begun, cover, each, end, finished, lead, quiet, spacer, table, when
from tracker.reports.rendering.story import TEMPLATE


def template() -> bytes:
    """The whole file, the same bytes each time."""
    document = begun("Kvalitetsberättelse")
    cover(document)
    quiet(document.add_paragraph(), "{{ anmarkning }}")
    document.add_paragraph("{%p for del in delar %}")
    document.add_heading("{{ del.rubrik }}", 1)
    each(document, "stycke", "del.stycken", "{{ stycke }}")
    document.add_paragraph("{%p for mening in del.meningar %}")
    lead(document, "{{ mening }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p for tabell in del.tabeller %}")
    when(document, "tabell.rubrik")
    document.add_heading("{{ tabell.rubrik }}", 2)
    end(document)
    table(document, (130, 44), ("{{ tabell.huvud }}", "Antal"), ("rad", "tabell.rader"), ("rad.uppgift", "rad.tal"))
    spacer(document)
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endfor %}")
    return finished(document)


if __name__ == "__main__":
    TEMPLATE.write_bytes(template())
