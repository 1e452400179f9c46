"""What is different between the tariffs of two days. Pure."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from declarations.tariff.view import Measure, TariffLine, TariffView, normal_number

MEMBERS = (
    ("general", "general rate"),
    ("special", "special rate"),
    ("column2", "column 2 rate"),
    ("units", "units"),
    ("description", "description"),
)


class Difference(Struct, frozen=True):
    """One thing that differs for a number: what, and its text before and after (empty where there was none)."""

    number: str
    what: str
    before: str
    after: str
    origins: tuple[str, ...] = ()


def differences(
    before: TariffView, after: TariffView, numbers: Iterable[str] | None = None, origins: Iterable[str] = ()
) -> Iterator[Difference]:
    """Lines and measures that differ, for some numbers or for all; measures for goods of `origins` alone.

    A number that stands in one tariff only is `added` or `removed`, with the numbers that replaced it.
    """
    wanted = {normal_number(one) for one in numbers} if numbers is not None else None
    known = sorted(wanted if wanted is not None else {*before.lines, *after.lines})
    places = tuple(origins)
    for number in known:
        yield from _of_line(number, before.line(number), after.line(number), after)
        if after.line(number) is not None and places:
            yield from _of_measures(number, before, after, places)


def _of_line(number: str, was: TariffLine | None, now: TariffLine | None, after: TariffView) -> Iterator[Difference]:
    if was is None and now is None:
        return
    if was is None or now is None:
        line = was or now
        text = line.description if line else ""
        if was is None:
            yield Difference(number, "added", "", text)
        else:
            yield Difference(number, "removed", text, ", ".join(after.successors(number)))
        return
    for member, what in MEMBERS:
        old, new = _text(getattr(was, member)), _text(getattr(now, member))
        if old != new:
            yield Difference(number, what, old, new)
    if was.declarable != now.declarable:
        words = ("divided further", "declarable")
        yield Difference(number, "use", words[was.declarable], words[now.declarable])


def _of_measures(number: str, before: TariffView, after: TariffView, origins: tuple[str, ...]) -> Iterator[Difference]:
    """Chapter 99 headings that hit the number on one day only, or with another rate; origins alike are one row."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for origin in origins:
        old, new = _rates(before, number, origin), _rates(after, number, origin)
        for heading in {*old, *new}:
            if old.get(heading) != new.get(heading):
                found.setdefault((heading, old.get(heading, ""), new.get(heading, "")), []).append(origin)
    for (heading, old_rate, new_rate), places in sorted(found.items()):
        yield Difference(number, heading, old_rate, new_rate, tuple(places))


def _rates(view: TariffView, number: str, origin: str) -> dict[str, str]:
    return {one.heading: _rate(one) for one in view.measures_of(number, origin=origin, on=view.on)}


def _rate(one: Measure) -> str:
    if one.rate is None:
        return one.effect.replace("_", " ")
    return f"{(one.rate * 100).normalize():f} %" + ("" if one.effect == "add" else f" ({one.effect.replace('_', ' ')})")


def _text(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value)
