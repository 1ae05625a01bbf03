"""The form of who may see a record, whatever its register."""

from collections.abc import Iterable, Mapping

from wtforms import SelectChoice

from tracker.records.forms import ChangeForm
from tracker.records.grants import GrantRow
from tracker.web.forms import Choice

NOBODY = 0


class AccessForm(ChangeForm):
    """Who may see a record although others may not, or may not although others may."""

    step = Choice("Vad ska göras?")
    person = Choice("Person", coerce=int, description="Skyddar du posten utan att välja någon namnges du själv.")

    def offer(
        self, steps: Mapping[str, str], candidates: Iterable[tuple[int, str, str]], grants: Iterable[GrantRow]
    ) -> None:
        """The choices as they stand: what can be done (value → label), and the people it can be about (number, name and
        e-mail), with those to whom something has been given or closed already.
        """
        self.step.choices = [SelectChoice(value, label) for value, label in steps.items()]
        people = {user_id: f"{name}, {email}" for user_id, name, email in candidates}
        people |= {grant.user_id: grant.name for grant in grants if grant.user_id not in people}
        self.person.choices = [SelectChoice(NOBODY, "Ingen vald"), *(SelectChoice(*item) for item in people.items())]
