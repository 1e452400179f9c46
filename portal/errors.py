"""The one ancestor of every refusal the domain can give."""

from portal.languages import say


class DomainError(Exception):
    """A refusal with a stable code; the text is for people, the code for programs."""

    code = "DOMAIN"
    status = 409  # how the API answers it
    title = ""  # of its problem document, where that of the status does not fit

    def __init__(self, message: str = "", *, template: str = "", **params: object) -> None:
        """`template` is what the message was made from with the parameters, where it is to be said in languages."""
        super().__init__(message or self.code)
        self.template = template
        self.params = params

    def members(self) -> dict[str, object]:
        """What a problem document holds besides the usual members, for programs."""
        return {}

    def members_in(self, language: str) -> dict[str, object]:
        """The same, with its words in a language of the API."""
        found = self.members()
        if isinstance(told := found.get("violations"), list):
            found["violations"] = [{**one, "message": say(str(one["message"]), language)} for one in told]
        return found
