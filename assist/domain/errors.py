"""What can be refused, each with one kind Chinese sentence. The web turns them into pages, the commands into exits."""


class Refused(Exception):
    """Something that cannot be done; `str(error)` is the sentence for the person who asked."""

    status_code = 400

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Invalid(Refused):
    """Input that does not fit. `field` names the form field it belongs to, when there is one."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class Forbidden(Refused):
    """Seen, but not this person's to do."""

    status_code = 403

    def __init__(self, sentence: str = "您没有办理这项操作的权限。") -> None:
        super().__init__(sentence)


class NotFound(Refused):
    """Absent, or not for this person's eyes: the two must look the same."""

    status_code = 404

    def __init__(self, sentence: str = "没有找到您要的内容，可能已变动，或不在您的查看范围内。") -> None:
        super().__init__(sentence)


class Conflict(Refused):
    """Right in itself, but not in the present state."""

    status_code = 409


class StaleTicket(Conflict):
    """Somebody else moved the ticket since this page was read. Nothing was changed."""

    def __init__(self, sentence: str, *, who: str, what: str, at_text: str) -> None:
        super().__init__(sentence)
        self.who = who
        self.what = what
        self.at_text = at_text


class AlreadyDone(Exception):
    """The same form arrived twice; `location` is where the first one led. Not an error for the person."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class TooMany(Refused):
    """Asked more often than is allowed."""

    status_code = 429
