"""What people read for each state and fact: one table, so that pages, mails and commands say the same."""

from typing import NamedTuple

YOURS = "yours"
CUSTOMS = "customs"
DONE = "done"
# What a desk works through, the most pressing first.
REJECTED, DOCUMENTS, DUE, TO_SIGN, TO_SEND, DRAFTS = "rejected", "documents", "due", "sign", "send", "drafts"
QUEUES = (REJECTED, DOCUMENTS, DUE, TO_SIGN, TO_SEND, DRAFTS)


class State(NamedTuple):
    """The state of a declaration as people read it: a word, a sentence, whose turn it is, what comes next."""

    word: str
    sentence: str
    turn: str
    next: str
    tone: str  # neutral, info, success, warning, error: never the only sign


FILING_WORDS: dict[str, State] = {
    "DRAFT": State(
        "Draft", "You are still filling in this declaration.", YOURS, "Finish the open steps, then check it.", "neutral"
    ),
    "READY": State(
        "Ready to sign", "The declaration is complete and waits for a signature.", YOURS, "Read it and sign it.", "info"
    ),
    "SIGNED": State("Signed", "The declaration is signed and has not been sent.", YOURS, "Send it to customs.", "info"),
    "WITHDRAWN": State(
        "Withdrawn", "This declaration was withdrawn.", DONE, "Nothing more happens with it.", "neutral"
    ),
    "ABANDONED": State(
        "Expired draft", "Nobody worked on this draft for 90 days.", DONE, "Copy it to go on.", "neutral"
    ),
}
LEGAL_WORDS: dict[str, State] = {
    "NONE": State("Sent to customs", "The declaration is on its way to customs.", CUSTOMS, "Customs answers, usually within minutes.", "info"),
    "RECEIVED": State("Received by customs", "Customs has the declaration and has not yet accepted it.", CUSTOMS, "Customs accepts or rejects it.", "info"),
    "ACCEPTED": State("Accepted", "Customs has accepted the declaration. The goods are not released yet.", CUSTOMS, "Customs releases the goods, or examines them.", "info"),
    "REJECTED": State("Rejected", "Customs rejected the declaration.", YOURS, "Correct what customs found and send it again. The entry number stays the same.", "error"),
    "RELEASED": State("Goods released", "The goods are released, conditionally: customs may still ask for them back.", YOURS, "Pay the deposit in time. The summary is then accepted.", "success"),
    "CLEARED": State("Summary accepted", "Customs accepted the entry summary. Duty becomes final only at liquidation.", DONE, "Keep the records for five years.", "success"),
    "CANCELLED": State("Cancelled", "Customs cancelled this declaration.", DONE, "Nothing more happens with it.", "neutral"),
}  # fmt: skip
MESSAGE_WORDS: dict[str, State] = {
    "UNKNOWN": State("Sent, outcome unknown", "The connection broke while we sent the declaration. We are asking customs whether it arrived. Do not send it again.", CUSTOMS, "We ask by your reference, and send again only if customs does not have it.", "warning"),
    "REFUSED": State("Refused at the door", "The authority refused the message. Nothing was filed.", YOURS, "See the reason below; the operator can help.", "error"),
    "DEAD": State("Not delivered", "We could not deliver the declaration to customs.", CUSTOMS, "An operator is looking at it.", "error"),
}  # fmt: skip
FACT_WORDS: dict[str, str] = {
    "ACCEPTED": "Accepted by customs", "RECEIVED": "Received by customs", "REJECTED": "Rejected by customs",
    "EXAM": "Examination ordered", "DOCUMENTS": "Documents asked for", "CORRECTED": "Corrected by customs",
    "RELEASED": "Goods released, conditionally", "CLEARED": "Entry summary accepted", "CANCELLED": "Cancelled by customs",
    "DECISION": "Decision on your request", "DUTY": "Duty statement", "FUNDS": "Payment did not go through",
    "PAYMENT_ASKED": "Payment asked for", "RECORDED": "Recorded by customs", "HOLD": "Held by an agency",
    "QUERY": "Question from customs", "HOLD_LIFTED": "Hold lifted", "RELEASE_REVOKED": "Release suspended",
    "DUPLICATE": "Customs confirms it has this declaration already", "UNLISTED": "Answer that a person must read",
}  # fmt: skip
ACT_WORDS: dict[str, str] = {
    "declaration.create": "Draft started", "declaration.edit": "Edited", "declaration.prepare": "Checked and frozen",
    "declaration.reopen": "Opened for changes; what was prepared is void", "declaration.sign": "Signed",
    "declaration.submit": "Filed", "declaration.return": "Taken back to correct", "declaration.withdraw": "Withdrawn",
    "declaration.expire": "Draft expired", "request.cancel": "Cancellation asked for",
    "request.amend": "Amendment asked for", "declaration.amend": "The amended declaration is in force",
    "declaration.change_refused": "A change by the service provider was refused",
    "declaration.take_over": "Taken over by the importer, who files itself from here on",
    "entry_number.void": "Entry number voided",
}  # fmt: skip
REQUEST_WORDS = {"COR": "Amendment", "INV": "Cancellation", "GPR": "Goods presented"}
STATUS_WORDS = {"67": "provisional", "115": "intermediate", "4": "final", "39": "granted", "41": "refused"}
