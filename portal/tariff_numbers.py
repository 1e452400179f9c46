"""Numbers of the tariff as people read them, wherever they are shown."""


def dotted(number: str | None) -> str:
    """The digits in pairs after the heading: 6109.10.00.14, 9903.88.03, 8507.60. Other text stays as it is."""
    text = number or ""
    if not text.isdigit():
        return text
    return ".".join([text[:4], *(text[place : place + 2] for place in range(4, len(text), 2))])
