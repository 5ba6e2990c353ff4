"""The refusal of a whole file, as against a fault in one of its cells (`findings`)."""

from assist.domain.errors import Invalid


class WorkbookProblem(Invalid):
    """The file cannot be read as the ledger it should be; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="file")
