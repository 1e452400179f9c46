"""Comparing what the calculator of the product and the second one say of the same entry."""


def numbers_of(item):
    return [(one.hts_number, one.role) for one in item.tariffs]


def amounts_of(item):
    return [(one.code, one.amount) for one in item.lines if one.kind != "fee"]


def fee_of(item, code):
    return next((one.amount for one in item.lines if one.kind == "fee" and one.code == code), None)


UNKNOWN = "not known here: "


def unlisted_of(item, notes):
    """The notes that the classification repeats, and how many such remarks it holds."""
    reason = item.tariffs[-1].reason or ""
    return sorted(one for one in notes if UNKNOWN + one.rstrip(".") in reason), reason.count(UNKNOWN)


def differences(entry, found, answer):
    """Where the two calculators part, in words; none where they agree."""
    failed = {int(one.pointer.split("/")[2]) for one in found.unassessed}
    for place, (line, second) in enumerate(zip(entry.lines, answer.lines, strict=True)):
        item = found.item(place + 1)
        if (second is None) != (place in failed):
            yield f"{entry.day} {line}: {second} against {[one.reason for one in found.unassessed]}"
        if second is None or place in failed:
            continue
        pairs = {
            "numbers": (numbers_of(item), second.stack),
            "amounts": (amounts_of(item), second.amounts),
            "unlisted": (unlisted_of(item, second.unlisted), (sorted(second.unlisted), len(second.unlisted))),
            "processing fee": (fee_of(item, "499"), second.processing),
            "harbor fee": (fee_of(item, "501"), second.harbor),
        }
        for what, (ours, theirs) in pairs.items():
            if ours != theirs:
                yield f"{entry.day} {line}: {what} {ours} against {theirs}"
    sums = ({one.code: one.amount for one in found.fees}, found.totals.duty, found.totals.total)
    if sums != (answer.fees, answer.duty, answer.total):
        yield f"{entry.day} {entry.kind} {entry.mode}: {sums} against {answer.fees, answer.duty, answer.total}"
