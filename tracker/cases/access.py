"""Who may read which case, and how much of it?

An avvikelse and a synpunkt are read by those whose role reaches their unit. A lex Sarah-rapport is read by the
ansvarig and the quality lead, by the utredare it has been given to, and seen in short by the unit's managers.
"""

from dataclasses import replace

from tracker.accounts.reader import Reach, Reader
from tracker.cases.registers import CaseRegister
from tracker.records.models import RecordKind
from tracker.records.scope import Scope, scope_of
from tracker.rules.permissions import Permission

NOTHING = Reach()
READS = {
    RecordKind.DEVIATION: (Permission.READ_DEVIATIONS,),
    RecordKind.LEX_SARAH: (Permission.READ_LEX_SARAH, Permission.SEE_LEX_SARAH, Permission.INVESTIGATE_LEX_SARAH),
    RecordKind.COMPLAINT: (Permission.READ_COMPLAINTS,),
}


def case_scope(register: CaseRegister, reader: Reader) -> Scope:
    """What the reader may see of a register, of lex Sarah also in short."""
    permission = register.read
    if register.kind is RecordKind.DEVIATION:
        return _of_deviations(reader)
    if register.kind is not RecordKind.LEX_SARAH:
        return scope_of(reader, permission)
    # Who sees a unit's cases in short sees at least those that are read whole: the table has it so for every role.
    reach = reader.reach(Permission.SEE_LEX_SARAH)
    named = reader.named and any(reader.allows(one) for one in READS[register.kind])
    return Scope(reach, permission, named, reader.closed, reader_id=reader.user_id)


def whole_scope(register: CaseRegister, reader: Reader) -> Scope:
    """What the reader may read the whole of; an utredare only what has been given to them by name."""
    if register.kind is RecordKind.DEVIATION:
        return _of_deviations(reader)
    if register.kind is not RecordKind.LEX_SARAH:
        return scope_of(reader, register.read)
    scope = case_scope(register, reader)
    return replace(scope, reach=reader.reach(register.read), named=scope.named and may_be_given(reader))


def _of_deviations(reader: Reader) -> Scope:
    """What the reader may see of the avvikelser; a MAS who handles some also those of hälso- och sjukvård elsewhere."""
    scope = scope_of(reader, Permission.READ_DEVIATIONS)
    if scope.reach.everything or not reader.allows(Permission.HANDLE_DEVIATIONS):
        return scope
    return replace(scope, hsl=reader.mas)


def may_be_given(reader: Reader) -> bool:
    """Whether a lex Sarah-rapport that is given to the reader by name can be read whole by them."""
    return reader.allows(Permission.INVESTIGATE_LEX_SARAH) or reader.allows(Permission.READ_LEX_SARAH)
