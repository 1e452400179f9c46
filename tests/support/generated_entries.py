"""Entries made at random from the starter's own rows, the same for the same seed: anything a filer might say."""

import re
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.declarations.tariff.makers import document, item
from tests.support.second_calculator import AMOUNT, BASES, PER, PERCENT, SUGAR, Entry, Line, rows_of, terms_of

FIRST, LAST = date(2026, 2, 1), date(2026, 12, 31)
TURNS = ("2026-02-06", "2026-02-23", "2026-04-05", "2026-04-22", "2026-04-30", "2026-07-21", "2026-07-23", "2026-07-28",
         "2026-09-30", "2026-11-09")  # fmt: skip
USUAL = ("CN", "CN", "CN", "MX", "CA", "DE", "FR", "JP", "KR", "CH", "TW", "GB", "VN", "IN", "BR", "TH")
OTHERS = (
    "HK",
    "RU",
    "CU",
    "BY",
    "LS",
    "KH",
    "IL",
    "JO",
    "AU",
    "SG",
    "CR",
    "HN",
    "LI",
    "XO",
    "NO",
    "GU",
    "ZA",
    "UA",
    "JM",
    "CL",
)
CLAIMS = {"MX": "S", "CA": "S", "XO": "S", "KR": "KR", "JP": "JP", "IL": "IL", "JO": "JO", "AU": "AU", "SG": "SG",
          "CR": "P", "HN": "P", "LS": "D", "ZA": "D", "KH": "A+", "JM": "R", "CL": "CL", "GU": "Y", "IN": "A"}  # fmt: skip
PROVISIONS = ("9801001012", "9802004040", "9802005060", "9802006000", "9802008069", "9817009600")
SMALLER = {"KG": ("G", 1000), "DOZ": ("NO", 12), "GR": ("NO", 144)}


class Entries:
    """A source of entries; `leaves` are the numbers with their rates, `measures` rows of the starter."""

    def __init__(self, calculator, seed):
        self._random = Random(seed)
        self._leaves = calculator.leaves
        self._numbers = sorted(one for one in calculator.leaves if one[:2] < "98")
        self._stated = [one for one in calculator.measures if one.claimed_only]
        self._listed = [one for one in calculator.measures if one.scope and one.effect != "gap"]
        self._programs = sorted({one["code"] for one in rows_of("programs.csv")})
        self._countries = sorted({one for row in calculator.measures for one in row.origins})

    def lines(self, wanted):
        """Entries of one to twenty lines, with `wanted` lines in sum."""
        while wanted > 0:
            entry = self.entry(min(wanted, self._random.randint(1, 20)))
            wanted -= len(entry.lines)
            yield entry

    def entry(self, length):
        pick = self._random
        day = FIRST + timedelta(days=pick.randint(0, (LAST - FIRST).days))
        if pick.random() < 0.3:
            day = date.fromisoformat(pick.choice(TURNS)) + timedelta(days=pick.randint(0, 1))
        kind, mode = pick.choice(["01", "01", "01", "03", "11"]), pick.choice(["10", "11", "30", "40", "40"])
        small = kind == "11" or pick.random() < 0.1
        return Entry(kind, mode, day, [self._line(day, small) for _ in range(length)])

    def _line(self, day, small):
        pick = self._random
        number, origin = self._number(), self._origin()
        line = Line(number, origin, self._value(small), self._claim(origin))
        line.declared = self._declared(number, origin, day)
        if pick.random() < 0.03:
            line.provision = pick.choice(PROVISIONS)
            line.dutiable = str(pick.randint(1, max(1, int(Decimal(line.value)))))
        return self.measured(line) if pick.random() > 0.01 else line

    def _number(self):
        pick = self._random
        if pick.random() < 0.35:
            prefix = pick.choice(pick.choice(self._listed).scope)
            among = [one for one in self._numbers if one.startswith(prefix)]
            if among:
                return pick.choice(among)
        return pick.choice(self._numbers)

    def _origin(self):
        draw = self._random.random()
        return self._random.choice(USUAL if draw < 0.75 else OTHERS if draw < 0.92 else self._countries)

    def _claim(self, origin):
        draw = self._random.random()
        if draw < 0.5 and origin in CLAIMS:
            return CLAIMS[origin]
        return self._random.choice(self._programs) if draw > 0.93 else None

    def _value(self, small):
        pick = self._random
        whole = pick.randint(1, 2400) if small else int(10 ** pick.uniform(1, 6.5))
        return f"{whole}.{pick.randint(0, 99):02d}" if pick.random() < 0.5 else str(whole)

    def _declared(self, number, origin, day):
        """Headings whose condition is the filer's to state: one or two that fit, or now and then any."""
        draw = self._random.random()
        if draw > 0.15:
            return ()
        fitting = sorted({one.heading for one in self._stated if one.falls_on(number, origin, day)})
        if not fitting or draw < 0.02:
            return (self._random.choice(self._stated).heading,)
        return tuple(self._random.sample(fitting, min(len(fitting), self._random.choice((1, 1, 2)))))

    def measured(self, line):
        """The line with quantities and parts that its rates are charged on, whichever column it will be."""
        row = self._leaves[line.number]
        for text in (row["general"], row["column2"], *re.findall(r"[\d.]+¢/[a-z. ]+", row["special"])):
            if SUGAR.fullmatch(text):
                line.quantities["KG"], line.measures["degrees"] = self._quantity(), str(self._random.randint(60, 101))
            for term in terms_of(text.strip()):
                self._answer(term, line)
        return line

    def _answer(self, term, line):
        percent, amount = PERCENT.fullmatch(term), AMOUNT.fullmatch(term)
        part = percent[4] if percent else BASES.get(amount[5]) if amount else None
        if part:
            line.measures.setdefault(part, self._quantity())
        elif amount and PER[amount[3] or amount[4].replace(" ", "")] not in line.quantities:
            unit, figure = PER[amount[3] or amount[4].replace(" ", "")], self._quantity()
            if unit in SMALLER and self._random.random() < 0.1 and not line.quantities:
                unit, factor = SMALLER[unit][0], SMALLER[unit][1]
                figure = str(Decimal(figure) * factor)
            line.quantities[unit] = figure

    def _quantity(self):
        return f"{self._random.randint(0, 9000)}.{self._random.randint(0, 99):02d}"


def document_of(entry):
    """The entry as the declaration that a filer would send."""
    return document(
        *(item_of(one) for one in entry.lines), kind=entry.kind, mode=entry.mode, entry=entry.day.isoformat()
    )


def item_of(line):
    """One line as an item, its numbers in wire order."""
    numbers = [*([line.provision] if line.provision else []), *line.declared, line.number]
    return item(
        *numbers,
        value=line.value,
        origin=line.origin,
        claim=line.claim,
        quantities=[(value, unit) for unit, value in line.quantities.items()],
        values=[*(["0"] * (len(numbers) - 1)), line.dutiable] if line.dutiable else None,
        measures=line.measures,
    )
