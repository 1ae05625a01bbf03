"""After how long is the effect of an action checked, and after how long does one that is late go to the next manager?

Set once, as the program starts, from the settings.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class Times:
    """Calendar months from the day an action was carried out; days from its last day."""

    check_months: int = 3
    escalation_days: int = 14

    def configure(self, check_months: int, escalation_days: int) -> None:
        """These hold from now on."""
        self.check_months, self.escalation_days = check_months, escalation_days


times = Times()
