"""Who may see who reported?

A reporter must not suffer for it: lex Sarah (socialtjänstlagen 2025:400, 27 kap.) and the duty to report deviations
rest on that nobody is afraid to. The name is therefore for those who need it to handle the report: the one who receives
it, the one who investigates it, and the reporter. It is never for the one whom the report concerns, also when that is
the manager who receives reports, and never for who reviews the log: no search answers *who told*
(efterforskningsförbudet, tryckfrihetsförordningen 3 kap. 5 §). An anonymous report has no reporter to show.
No anonymity is promised for all time: a report that has been received is an allmän handling, tested for secrecy when
somebody asks for it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reporting:
    """Who has to do with one report, as user ids. `reporter` is None when it was made anonymously."""

    reporter: int | None
    receivers: frozenset[int] = frozenset()
    investigators: frozenset[int] = frozenset()
    concerned: frozenset[int] = frozenset()


def may_see_reporter(reader: int, report: Reporting, *, in_log: bool = False) -> bool:
    """Whether the reader may see who made the report; `in_log`: on a page or in a file of the log.

    Manager 7 receives report A, made by 3 about 9: 7 and 3 may see it, 9 may not. Report B is made by 3 about 7: 7 may
    not, although 7 receives it. Nobody sees it in the log, and nobody sees who made an anonymous report.
    """
    if in_log or report.reporter is None:
        return False
    if reader == report.reporter:
        return True  # also who reports their own mistake: it tells them nothing
    if reader in report.concerned:
        return False
    return reader in report.receivers | report.investigators
