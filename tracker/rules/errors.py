"""What is said when a rule refuses something."""


class RuleViolation(Exception):
    """A rule refused what was asked.

    `message` is Swedish and tells a person what to do next; `field` names the form field or file column it
    belongs beside (None: the whole form or row); `code` is stable and for programs.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
