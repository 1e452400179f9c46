"""A client of the wire and a maker of messages, both written from docs/wire.md."""

import http.client
import json
import threading
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from lxml import etree
from stdnum import luhn

from portal.rehearsal.authority import Authority
from portal.rehearsal.server import Server
from portal.rehearsal.settings import Secrets, Settings

ADMIN = "admin-word"
CLIENTS = {"trader": "trader-word", "other": "other-word"}
EBCDIC = {**{c: i % 9 + 1 for i, c in enumerate("ABCDEFGHIJKLMNOPQR")}, **{c: i for i, c in enumerate("STUVWXYZ", 2)}}
MISSING = object()


def entry_number(sequence=1, filer="ZZZ"):
    digits = "".join(str(EBCDIC.get(c, c)) for c in f"{filer}{sequence:07d}")
    return f"{filer}{sequence:07d}{luhn.calc_check_digit(digits)}"


def item_xml(sequence, *, value="1000", origin="CN", numbers=("8507600090",), tariff=None, program="", cases=()):
    """One line; `tariff` gives the national rows, otherwise one row a number with the whole value on the last."""
    if tariff is None:
        tariff = [f"{n}|classification|{value if n == numbers[-1] else 0}|" for n in numbers]
    rows = [("tariff", row) for row in tariff]
    rows += [("preference", program)] * bool(program) + [("adcvd", case) for case in cases]
    worth = "" if value is MISSING else f'<CustomsValueAmount currencyID="USD">{value}</CustomsValueAmount>'
    national = "".join(
        f"<AdditionalInformation><StatementCode>{code}</StatementCode><StatementDescription>{text}"
        "</StatementDescription><StatementTypeCode>US</StatementTypeCode></AdditionalInformation>"
        for code, text in rows
    )
    classes = "".join(
        f"<Classification><ID>{n}</ID><IdentificationTypeCode>HS</IdentificationTypeCode></Classification>"
        for n in numbers
    )
    land = f"<Origin><CountryCode>{origin}</CountryCode></Origin>" if origin else ""
    return (
        f"<GovernmentAgencyGoodsItem>{worth}<SequenceNumeric>{sequence}</SequenceNumeric>{national}"
        f"<Commodity><Description>goods</Description>{classes}</Commodity>{land}</GovernmentAgencyGoodsItem>"
    )


def envelope(inner):
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">'
        "<md:WCODataModelVersionCode>3.6</md:WCODataModelVersionCode><md:WCOTypeName>DEC</md:WCOTypeName>"
        "<md:ResponsibleCountryCode>US</md:ResponsibleCountryCode>"
        "<md:ResponsibleAgencyName>Rehearsal</md:ResponsibleAgencyName>"
        "<md:AgencyAssignedCustomizationVersionCode>v1</md:AgencyAssignedCustomizationVersionCode>"
        f"<Declaration>{inner}</Declaration></md:MetaData>"
    ).encode()


def declaration_xml(lrn, number=None, items=None, *, entry_type="01", mode="11", day="2026-11-24", count=None, **more):
    items = [item_xml(1)] if items is None else items
    function, kind = more.get("function", "9"), more.get("kind", entry_type)
    header = [
        ("mode", mode),
        ("entry_type", entry_type),
        ("acts", more.get("acts", "release,summary")),
        ("estimated_entry", day),
    ]
    national = "".join(
        f"<AdditionalInformation><StatementCode>{code}</StatementCode><StatementDescription>{text}"
        "</StatementDescription><StatementTypeCode>US</StatementTypeCode></AdditionalInformation>"
        for code, text in header
    )
    return envelope(
        f"<FunctionCode>{function}</FunctionCode><FunctionalReferenceID>{lrn}</FunctionalReferenceID>"
        f"<ID>{number or entry_number()}</ID><TypeCode>{kind}</TypeCode>"
        f"<GoodsItemQuantity>{len(items) if count is None else count}</GoodsItemQuantity>"
        f"<DeclarationOfficeID>2709</DeclarationOfficeID>{national}"
        f"<GoodsShipment>{''.join(items)}<Importer><ID>12-345678900</ID></Importer></GoodsShipment>"
    )


def request_xml(lrn, number=None, kind="INV"):
    reason = (
        "<AdditionalInformation><StatementDescription>filed by mistake</StatementDescription>"
        "<StatementTypeCode>AES</StatementTypeCode></AdditionalInformation>"
    )
    return envelope(
        f"<FunctionCode>13</FunctionCode><FunctionalReferenceID>{lrn}</FunctionalReferenceID>"
        f"<ID>{number or entry_number()}</ID><TypeCode>{kind}</TypeCode>{reason}"
        "<Amendment><ChangeReasonCode>1</ChangeReasonCode></Amendment>"
    )


@dataclass
class Reply:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Wire:
    """A client of the authority, as docs/wire.md describes one."""

    def __init__(self, url, client="trader", secret=None):
        self.place, self.client = urlsplit(url), client
        self.secret = secret or CLIENTS.get(client)
        self.token = self.sign_in().json.get("access_token", "")

    def call(self, method, path, body=b"", headers=None, token=None):
        connection = http.client.HTTPConnection(self.place.hostname, self.place.port, timeout=10)
        try:
            bearer = self.token if token is None else token
            connection.request(method, path, body, {"Authorization": f"Bearer {bearer}", **(headers or {})})
            response = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def sign_in(self, secret=None):
        self.token = ""
        form = {"grant_type": "client_credentials", "client_id": self.client, "client_secret": secret or self.secret}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.call("POST", "/oauth/token", urlencode(form).encode(), kind)

    def send(self, body, message_id="m1", **headers):
        kind = {"Content-Type": "application/xml; charset=utf-8", "X-Message-ID": message_id, "X-Correlation-ID": "c"}
        return self.call("POST", "/declarations", body, {**kind, **headers})

    def ask(self, lrn):
        return self.call("GET", f"/declarations?{urlencode({'lrn': lrn})}")

    def unpulled(self, limit=100):
        return self.call("GET", f"/notifications/unpulled?limit={limit}").json["notifications"]

    def fetch(self, identity):
        return self.call("GET", f"/notifications/{identity}")

    def pulled(self, identity):
        return self.call("PUT", f"/notifications/{identity}/pulled").status

    def admin(self, path, given=None, token=ADMIN):
        method = "GET" if given is None else "POST"
        body = b"" if given is None else json.dumps(given).encode()
        return self.call(method, f"/admin/{path}", body, {"X-Admin-Token": token})

    def pass_time(self, seconds):
        reply = self.admin("clock", {"advance_seconds": seconds})
        assert reply.status == 200
        return reply.json

    def drain(self):
        """Every waiting answer, fetched and marked, as trees."""
        found = []
        for row in self.unpulled():
            found.append(etree.fromstring(self.fetch(row["id"]).body))
            assert self.pulled(row["id"]) == 204
        return found

    def story(self, seconds=10):
        """What is answered in that time, in the order of delivery: function codes with their status."""
        self.pass_time(seconds)
        return [told(tree) for tree in self.drain()]


def first(tree, path):
    """The text of the first element at this path of local names."""
    step = "".join(f"/*[local-name()='{name}']" for name in path.split("/"))
    found = tree.xpath(f".{step}")
    return (found[0].text or "") if found else ""


def told(tree):
    rows = tree.xpath(".//*[local-name()='Response']")
    text = [first(row, "FunctionCode") + (f"/{s}" if (s := first(row, "Status/NameCode")) else "") for row in rows]
    return "+".join(text)


def errors(tree):
    """Each error of an answer as code and pointer text."""
    found = []
    for error in tree.xpath(".//Error"):
        steps = []
        for pointer in error.findall("Pointer"):
            place, tag = pointer.findtext("SequenceNumeric"), pointer.findtext("TagID")
            steps.append(pointer.findtext("DocumentSectionCode") + (f"[{place}]" if place else ""))
            steps += [tag] if tag else []
        found.append((error.findtext("ValidationCode"), "/".join(steps)))
    return found


def charges(tree):
    """The rows of a duty statement: (line, class) -> amount to be paid."""
    found = {}
    for line in tree.iter("GovernmentAgencyGoodsItem"):
        for row in line.iter("DutyTaxFee"):
            amount = row.find("Payment/PaymentAmount")
            assert amount.get("currencyID") == "USD"
            found[int(line.findtext("SequenceNumeric")), row.findtext("TypeCode")] = Decimal(amount.text)
    return found


@pytest.fixture
def start(tmp_path):
    """Starts authorities on free ports, one unit a second of a clock that is moved by hand; ends them all."""
    running = []

    def start_one(**wanted):
        given = {"data": tmp_path / "authority.sqlite3", "reference_data": Path("/nonexistent"), "slow": 300} | wanted
        authority = Authority(Settings(secrets=Secrets(CLIENTS, ADMIN, "push-word"), **given))
        server = Server(authority)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        authority.start()
        thread.start()
        running.append((authority, server, thread))
        return server

    def stop_all():
        while running:
            authority, server, thread = running.pop()
            server.shutdown()
            thread.join()
            server.server_close()
            authority.stop()

    start_one.stop = stop_all
    yield start_one
    stop_all()


@pytest.fixture
def url(start):
    return start().url


@pytest.fixture
def wire(url):
    return Wire(url)


@pytest.fixture
def make():
    """The makers and readers of this file, by name."""

    class Make:
        Wire = Wire
        number = staticmethod(entry_number)
        item = staticmethod(item_xml)
        declaration = staticmethod(declaration_xml)
        request = staticmethod(request_xml)
        envelope = staticmethod(envelope)
        first = staticmethod(first)
        told = staticmethod(told)
        errors = staticmethod(errors)
        charges = staticmethod(charges)
        missing = MISSING

    return Make


@pytest.fixture
def until():
    """Waits until something is true; fails after a few seconds."""

    def wait(condition, seconds=8):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := condition():
                return found
            time.sleep(0.02)
        raise AssertionError("it did not happen in time")

    return wait
