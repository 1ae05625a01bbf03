"""Under which provision was a decision taken?

SoL 4:1 (2001:453) until 2025-06-30; SoL 11:1 and 12:1 (2025:400) from 2025-07-01; LSS 9 § 1–10 (1993:387).
A file says what the municipality's own register says, whatever the day; who enters a decision here chooses among those
that were in force on its day.
"""

from datetime import date

from tracker.rules.errors import RuleViolation
from tracker.rules.unexecuted import NEW_LAW_FROM

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


SOL_NAMES = {
    "SoL 11:1": "bistånd till livsföringen i övrigt",
    "SoL 12:1": "ekonomiskt bistånd",
    "SoL 4:1": "bistånd, äldre lagen",
}
LSS_NAMES = {
    "LSS 9:1": "rådgivning och annat personligt stöd",
    "LSS 9:2": "personlig assistans",
    "LSS 9:3": "ledsagarservice",
    "LSS 9:4": "kontaktperson",
    "LSS 9:5": "avlösarservice i hemmet",
    "LSS 9:6": "korttidsvistelse utanför det egna hemmet",
    "LSS 9:7": "korttidstillsyn för skolungdom över 12 år",
    "LSS 9:8": "boende för barn och unga i familjehem eller bostad med särskild service",
    "LSS 9:9": "bostad med särskild service för vuxna",
    "LSS 9:10": "daglig verksamhet",
}
NAMES = SOL_NAMES | LSS_NAMES


def possible_on(decided_on: date) -> tuple[str, ...]:
    """The provisions that a decision of this day can have been taken under, in the law's order.

    Example: on 2025-06-30 `SoL 4:1` and `LSS 9:1` … `LSS 9:10`; on 2025-07-01 `SoL 11:1`, `SoL 12:1` and the same LSS.
    """
    sol = ("SoL 11:1", "SoL 12:1") if decided_on >= NEW_LAW_FROM else ("SoL 4:1",)
    return (*sol, *LSS_NAMES)


def check_possible(legal_basis: str, decided_on: date) -> None:
    """Whether a decision of this day can have been taken under the provision; the bare name of a law always can.

    Raises RuleViolation, with those that were in force.
    """
    if legal_basis in NAMES and legal_basis not in possible_on(decided_on):
        sol = " eller ".join(name for name in possible_on(decided_on) if law_of(name) == "SoL")
        raise RuleViolation(
            "not_in_force", f"{legal_basis} gällde inte {decided_on}. Ett beslut den dagen har lagrum {sol}.", "lagrum"
        )
