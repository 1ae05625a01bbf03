"""Which acts of an administrator need another administrator, where the installation asks for two?

Access is given by need (10 § lagen (2001:454) om behandling av personuppgifter inom socialtjänsten): with two, nobody
opens identities alone. Whoever makes administrators, or takes over the sign-in of one who holds such a role, could.
"""

from enum import StrEnum

from tracker.rules.permissions import Permission, Role, roles_allowed

ROLES_FOR_TWO = (
    roles_allowed(Permission.READ_IDENTITIES)
    | roles_allowed(Permission.IMPORT_IDENTITIES)
    | roles_allowed(Permission.MANAGE_USERS)
)


class RequestKind(StrEnum):
    """What one administrator asks another to approve."""

    ROLE = "role"
    LINK = "link"
    ONE_IS_ENOUGH = "one"


def needs_two(role: Role) -> bool:
    """Whether the role opens identities, or lets its bearer give roles that do."""
    return role in ROLES_FOR_TWO
