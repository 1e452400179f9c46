"""A clerk at a real portal, over HTTP and by forms alone, who goes on while the portal comes and goes.

An answer that was lost says nothing: the clerk looks at the page again and does what it offers. Some buttons are
pressed twice at once.
"""

import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import httpx

from tests.declarations.filer.browsing import form_at, page_of, values_of, words_of
from tests.declarations.filer.typed import LINE, TYPED

REFERENCE = re.compile(r"/declarations/([A-Z][0-9A-HJKMNP-TV-Z]{12})/")
COLUMNS = {
    "description": LINE["description"], "hts_number": LINE["tariffs_0_hts_number"], "origin_country": "CN",
    "export_country": "CN", "foreign_port": LINE["foreign_port_of_lading"], "quantity_1": "1200", "unit_1": "NO",
    "quantity_2": "4600", "unit_2": "KG", "gross_kg": "4600", "invoice": "D1", "invoice_line": "1",
    "price": "45000.00", "currency": "USD", "freight": "450", "insurance": "50",
    "maker_mid": "CNSHEBAT123SHE", "maker_name": LINE["manufacturer_name"], "maker_street": LINE["manufacturer_address_street"],
    "maker_city": LINE["manufacturer_address_city"], "maker_state": LINE["manufacturer_address_subdivision"],
    "maker_postcode": LINE["manufacturer_address_postcode"], "maker_country": "CN", "related": "no",
}  # fmt: skip


class Lost(Exception):
    """The portal was away, or its answer did not come back."""


class Page:
    """An answer, as the readers of forms want it."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status_code, self.content = answer.status_code, answer.content
        self.headers, self.url = answer.headers, answer.headers.get("Location", "")
        self.request = {"PATH_INFO": answer.request.url.path}

    def __getitem__(self, header: str) -> str:
        return self.headers[header]


class Asked(NamedTuple):
    """A request that was answered, and the id under which it can be followed."""

    method: str
    path: str
    correlation_id: str


class Filed(NamedTuple):
    """What a receipt says."""

    reference: str
    lrn: str
    entry_number: str


class Clerk:
    """One person with one browser. `twice` is how often a button is pressed twice at once."""

    def __init__(
        self, base: str, *, email: str, password: str, seed: int = 0, twice: float = 0.0, patience: float = 300
    ):
        self.http = httpx.Client(base_url=base, timeout=20)
        self.email, self.password = email, password
        self.chance, self.twice, self.patience = random.Random(seed), twice, patience
        self.lost = self.doubled = 0
        self.asked: list[Asked] = []
        self.tokens: set[str] = set()  # of sessions and of forms

    # ---- a browser -----------------------------------------------------------------------------
    def get(self, address: str) -> Page:
        return self._ask("GET", address)

    def post(self, address: str, form: dict[str, str], *, double: bool = False) -> Page:
        if not double or self.chance.random() >= self.twice:
            return self._ask("POST", address, form)
        self.doubled += 1
        with ThreadPoolExecutor(2) as hands:
            clicks = [hands.submit(self._ask, "POST", address, form) for _ in range(2)]
        return [one.result() for one in clicks][-1]

    def _ask(self, method: str, address: str, form: dict[str, str] | None = None) -> Page:
        try:
            answer = self.http.request(method, address, data=form)
        except httpx.TransportError as error:
            raise Lost(str(error)) from error
        assert answer.status_code < 500 or answer.status_code == 503, (method, address, answer.text[:500])
        if answer.status_code == 503:
            raise Lost("503")
        self.asked.append(Asked(method, answer.request.url.path, answer.headers["X-Correlation-ID"]))
        self.tokens.update(value for value in self.http.cookies.values() if value)
        return Page(answer)

    def send(self, shown: Page, action: str, *, double: bool = True, **typed: str) -> Page:
        form = form_at(shown, action)
        assert set(typed) <= {one.name for one in form.inputs} | {"act"}, (action, typed)
        values = values_of(form)
        self.tokens.add(values["csrfmiddlewaretoken"])
        return self.post(action, {**values, **typed}, double=double)

    def until(self, act):
        """What `act` gives, once it gives anything; a lost answer is only another reason to look again."""
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            try:
                found = act()
            except Lost:
                self.lost += 1
                time.sleep(0.3)
                continue
            if found:
                return found
        raise AssertionError(f"{act} gave nothing in {self.patience} s")

    # ---- work ----------------------------------------------------------------------------------
    def sign_in(self) -> None:
        self.until(self._signed_in)

    def _signed_in(self) -> bool:
        if self.get("/declarations/").status_code == 200:
            return True
        self.send(
            self.get("/accounts/login/"), "/accounts/login/", double=False, login=self.email, password=self.password
        )
        return False

    def file(self, own: str) -> Filed:
        """A declaration from an empty draft to its receipt."""
        reference = self.until(self._new_draft)
        for slug, answers in _answers(own):
            self.until(lambda slug=slug, answers=answers: self._step(reference, slug, answers))
        self.until(lambda: self._lines(reference))
        return self.until(lambda: self._next(reference))

    def _new_draft(self) -> str:
        answer = self.send(self.get("/"), "/declarations/new/", double=False)
        return REFERENCE.search(answer.url).group(1)

    def _step(self, reference: str, slug: str, answers: dict[str, str]) -> bool:
        address = f"/declarations/{reference}/step/{slug}/"
        answer = self.send(self.get(address), address, **answers)
        assert answer.status_code in (302, 409), (slug, words_of(answer))
        return answer.status_code == 302

    def _lines(self, reference: str) -> bool:
        address = f"/declarations/{reference}/lines/upload/"
        columns = COLUMNS | {"export_date": _day(-21)}
        rows = "\n".join(("\t".join(columns), "\t".join(columns.values())))
        shown = self.get(address)
        anew = {"how": "replace"} if page_of(shown).xpath("//input[@name='how']") else {}
        answer = self.send(shown, address, rows=rows, **anew)
        assert answer.status_code in (302, 409), words_of(answer)
        return answer.status_code == 302

    def _next(self, reference: str) -> Filed | None:
        """Do what comes next: check and freeze, sign, send. The receipt at the end."""
        start = f"/declarations/{reference}/"
        shown = self.get(start + "receipt/")
        if shown.status_code == 200:
            return receipt_of(reference, shown)
        shown = self.get(start + "sign/")
        if shown.status_code != 200:
            checked = self.get(start + "check/")
            if checked.status_code == 200:
                answer = self.send(checked, start + "check/")
                assert answer.status_code == 302, words_of(answer)
            return None
        waiting = {one.action for one in page_of(shown).forms}
        if start + "submission/" in waiting:
            self.send(shown, start + "submission/")
        elif start + "sign/" in waiting:
            self.send(shown, start + "sign/", password=self.password)
        return None


def receipt_of(reference: str, shown: Page) -> Filed:
    """The numbers on a receipt; one that does not match what is stored fails."""
    assert "what is stored is what was filed" in words_of(shown), words_of(shown)
    rows = {one[0].text_content().strip(): one[1].text_content().strip() for one in page_of(shown).xpath("//dl/div")}

    def told(word: str) -> str:
        (found,) = [
            said for name, said in rows.items() if name.startswith(word)
        ]  # a term has its explanation behind it
        return found

    return Filed(reference, told("Your reference"), told("Entry number").replace("-", ""))


def _day(after: int) -> str:
    return (datetime.now(ZoneInfo("America/New_York")).date() + timedelta(days=after)).isoformat()


def _answers(own: str):
    """The pages that have something to type, for a shipment that arrives today."""
    own_words = {
        "file": {"functional_reference_id": own},
        "arrival": {
            "dates_estimated_arrival": _day(0), "dates_import": _day(0), "dates_estimated_entry": _day(0),
        },
        "bills": {"transport_bills_0_master_number": f"MAEU{own}"},
        "papers": {"documents_0_date": _day(-25)},
    }  # fmt: skip
    return [(slug, typed | own_words.get(slug, {})) for slug, typed in TYPED.items() if typed]
