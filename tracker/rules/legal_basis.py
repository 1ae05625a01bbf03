"""Under which provision was a decision taken?

SoL 4:1 (2001:453) until 2025-06-30; SoL 11:1 and 12:1 (2025:400) from 2025-07-01; LSS 9 § 1–10 (1993:387).
"""

from tracker.rules.errors import RuleViolation

SOL = ("SoL 11:1", "SoL 12:1", "SoL 4:1", "SoL")
LSS = (*(f"LSS 9:{number}" for number in range(1, 11)), "LSS")
KNOWN = {name.casefold().replace(" ", ""): name for name in (*SOL, *LSS)}


def parse_legal_basis(text: str) -> str:
    """The provision as it is stored, such as `LSS 9:10`. Raises RuleViolation for an unknown one."""
    found = KNOWN.get("".join(text.casefold().split()))
    if found is None:
        raise RuleViolation(
            "legal_basis", "Lagrummet är okänt. Skriv SoL 11:1, SoL 12:1, SoL 4:1, LSS 9:1 … LSS 9:10, SoL eller LSS.",
            "lagrum",
        )  # fmt: skip
    return found


def law_of(legal_basis: str | None) -> str | None:
    """`SoL` or `LSS`, None where the register is silent."""
    return legal_basis.split(" ", 1)[0] if legal_basis else None
