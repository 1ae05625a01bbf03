"""What may a reader find? Each register by the scope that its own list and pages use, and nothing beside them."""

from dataclasses import dataclass

from tracker.accounts.reader import Reader
from tracker.cases.access import READS, case_scope
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH
from tracker.records.models import RecordKind
from tracker.records.scope import Scope, scope_of
from tracker.rules.permissions import Permission

OPENED_BY = {
    RecordKind.DECISION: Permission.READ_DECISIONS,
    RecordKind.RISK: Permission.READ_CONTROL,
    RecordKind.CONTROL: Permission.READ_CONTROL,
    RecordKind.ACTIVITY: Permission.READ_CONTROL,
    RecordKind.GUARANTEE: Permission.READ_GUARANTEES,
    RecordKind.PROVIDER_REPORT: Permission.READ_LEX_SARAH,
}


@dataclass(frozen=True, slots=True)
class Findable:
    """The registers that a reader may find in, each with its scope; `own_id`: whose own actions are found anywhere but
    where the scope of actions leaves them out, as they are closed to the reader.
    """

    scopes: tuple[tuple[RecordKind, Scope], ...]
    own_id: int | None

    @property
    def everything(self) -> bool:
        """Whether every register is read over all units."""
        return len(self.scopes) == len(RecordKind) and all(scope.reach.everything for _, scope in self.scopes)

    def __bool__(self) -> bool:
        return bool(self.scopes) or self.own_id is not None


def findable(reader: Reader) -> Findable:
    """What this reader may find."""
    scopes = [(kind, scope_of(reader, of)) for kind, of in OPENED_BY.items() if reader.allows(of)]
    scopes += [
        (register.kind, case_scope(register, reader))
        for register in (DEVIATIONS, LEX_SARAH, COMPLAINTS)
        if any(map(reader.allows, READS[register.kind]))
    ]
    carries_out = reader.allows(Permission.CARRY_OUT_ACTIONS)
    if carries_out or reader.allows(Permission.READ_ACTIONS):
        scopes.append((RecordKind.ACTION, scope_of(reader, Permission.READ_ACTIONS)))
    return Findable(tuple(scopes), reader.user_id if carries_out else None)


def may_search(reader: Reader) -> bool:
    """Whether there is anything that the reader could find."""
    may = {*OPENED_BY.values(), Permission.READ_ACTIONS, Permission.CARRY_OUT_ACTIONS}
    return any(map(reader.allows, may | {one for some in READS.values() for one in some}))
