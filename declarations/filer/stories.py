"""What a sandbox can be made to answer: the first three characters of your own reference choose it."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Story(NamedTuple):
    """Three characters, and what happens then."""

    code: str
    words: Any


ANSWERS = (
    Story("A01", _("Accepted, provisional duty, final duty, cleared; whatever was filed.")),
    Story("A02", _("Accepted and cleared, without any duty statement.")),
    Story("A03", _("Rejected with three errors; the corrected version is accepted.")),
    Story("A04", _("Received ahead of arrival; goes on when you say that the goods are there.")),
    Story("A05", _("The duty statement comes before the acceptance.")),
    Story("A06", _("Everything comes in the wrong order, with times in several zones.")),
    Story("A07", _("Every answer comes twice, in two layouts.")),
    Story("A09", _("Several answers in one message.")),
    Story("A11", _("As A01, in the layout of the live system.")),
    Story("A12", _("Accepted with a warning: the weight looks low.")),
    Story("A13", _("The account has too little money; paid later.")),
    Story("A15", _("Two duty statements before the final one, and a release.")),
    Story("A16", _("Cleared, and two days later put under control.")),
    Story("A17", _("Released, and the release is revoked.")),
    Story("A18", _("Held by another agency, freed, released, cleared.")),
    Story("A19", _("Accepted; a request to cancel or correct is answered with a refusal.")),
    Story("A20", _("Accepted; a request to cancel or correct is rejected.")),
    Story("C01", _("Accepted and no more, so that there is time to amend; what is sound is granted.")),
    Story("C02", _("Accepted and no more; an amendment is answered with a refusal.")),
    Story("C03", _("Accepted and no more; an amendment is rejected.")),
)
LINES = (
    Story("B01", _("The line breaks after customs has taken the message.")),
    Story("B02", _("504 after customs has taken the message.")),
    Story("B03", _("The line breaks before customs has taken the message.")),
    Story("B04", _("500 after customs has taken the message.")),
    Story("B05", _("429 twice and 503 once, each with a time to wait; then taken.")),
    Story("B06", _("Refused at the door with a page of a firewall.")),
    Story("B07", _("The token of the portal ends; a new one, then taken.")),
    Story("B08", _("Taken without a conversation id.")),
    Story("B09", _("Accepted, and a rejection that belongs to an earlier use of the reference.")),
    Story("B11", _("Taken, but later than the portal waits.")),
)
