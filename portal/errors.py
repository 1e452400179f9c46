"""The one ancestor of every refusal the domain can give."""


class DomainError(Exception):
    """A refusal with a stable code; the text is for people, the code for programs."""

    code = "DOMAIN"
    status = 409  # how the API answers it

    def __init__(self, message: str = "", **params: object) -> None:
        super().__init__(message or self.code)
        self.params = params

    def members(self) -> dict[str, object]:
        """What a problem document holds besides the usual members, for programs."""
        return {}
