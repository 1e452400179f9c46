"""The public page of equal access: open to everybody, figures as published, nothing small in it."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.test import Client
from lxml import etree, html

from declarations.parity.selectors import COLUMNS
from declarations.parity.services import publish_month
from declarations.public.plots import Frame, Line, lines
from portal.accounts.actors import SYSTEM
from portal.parameters.models import Parameter
from tests.declarations.parity.filed import file_many, organization
from tests.makers import make_actor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def published(starter):
    own, broker = organization(), organization("broker")
    for month, wait in ((8, 40), (9, 50), (10, 60)):
        at = datetime(2026, month, 14, 15, 0, tzinfo=UTC)
        file_many(at, filer=own, accepted=40, rejected=10, examined=12, seconds=wait)
        file_many(at, filer=own, accepted=3, port="2809", seconds=wait)
        file_many(at, filer=own, accepted=20, rejected=7, examined=6, port="4601", seconds=wait)
        file_many(at, filer=broker, accepted=35, rejected=6, examined=5, seconds=70)
        publish_month(month=date(2026, month, 1), actor=SYSTEM, now=NOW)


def page(address="/parity/"):
    answer = Client().get(address)
    assert answer.status_code == 200
    return html.fromstring(answer.content)


def words(node):
    return " ".join(node.text_content().split())


def tables(root):
    """Rows of each table by its caption."""
    return {
        words(one.find("caption")): [[words(cell) for cell in row] for row in one.iter("tr")][1:]
        for one in root.iter("table")
    }


def test_everybody_reads_the_latest_month_by_filer_and_port(published):
    root = page()
    assert words(root.find(".//main//h2")) == "October 2026"
    found = tables(root)
    (own, broker) = found["All ports together, by who filed"]
    assert own[:6] == ["Self-filers", "80", "63", "17", "21.2 %", "18"]
    assert broker[:6] == ["Customs brokers", "41", "35", "6", "14.6 %", "5"]
    assert own[6] == "78 seconds"
    long_beach = next(rows for name, rows in found.items() if name.startswith("2704"))
    assert [row[:2] for row in long_beach] == [["Self-filers", "50"], ["Customs brokers", "41"]]
    laredo = next(rows for name, rows in found.items() if name.startswith("2809"))
    assert laredo[0][1:4] == ["<5", "<5", "<5"]
    newark = next(rows for name, rows in found.items() if name.startswith("4601"))
    assert newark[0][1] == "not shown"


def test_another_month_is_chosen_and_what_is_not_out_is_not_there(published):
    root = page("/parity/?month=2026-08")
    assert words(root.find(".//main//h2")) == "August 2026"
    assert [one.get("value") for one in root.iter("option") if one.get("selected") is not None] == ["2026-08"]
    for month in ("2026-11", "2026-13", "x", "2026-10-01", "٢٠٢٦-10"):
        assert Client().get("/parity/", {"month": month}).status_code == 404
        assert Client().get("/parity/figures.csv", {"month": month}).status_code == 404


def test_the_table_file_has_what_the_page_has(published):
    answer = Client().get("/parity/figures.csv?month=2026-10")
    assert answer["Content-Disposition"] == 'attachment; filename="parity-2026-10.csv"'
    rows = list(csv.reader(StringIO(answer.content.decode())))
    assert tuple(rows[0]) == COLUMNS
    assert ["2026-10", "self", "all", "all", "80", "63", "17", "18", "21.2", "78", "101"] in rows
    assert ["2026-10", "self", "2809", "all", "<5", "<5", "<5", "<5", "hidden", "hidden", "hidden"] in rows
    assert ["2026-10", "self", "4601", "all", *["hidden"] * 7] in rows
    assert len(rows) == 1 + 6
    assert Client().get("/parity/figures.csv").content == answer.content, "the latest month where none is named"


def test_three_plots_have_their_figures_in_a_table(published):
    root = page()
    plots = list(root.iter("svg"))
    assert len(plots) == 3
    for one in plots:
        assert one.get("role") == "img"
        assert one.find("title").text
        assert "Self-filers" in words(one)
    assert {"August 2026", "September 2026", "October 2026"} <= set(tables(root))


def test_the_ratio_and_its_bar(published):
    text = words(page())
    assert "The time of self-filers is 0.88 times that of brokers." not in text
    assert "The time of self-filers is 0.87 times that of brokers." in text  # 78 : 90
    assert "Not equal" in text
    assert "from 0.9 to 1.1" in text
    Parameter.objects.filter(name="parity_ratio_min_n").update(value="42")
    assert "Too few to judge" in words(page())
    Parameter.objects.filter(name__startswith="parity_ratio").delete()
    assert "times that of brokers" not in words(page()), "without a parameter nothing is judged"


def test_before_the_first_month_it_says_when_it_comes(starter):
    with time_machine.travel(datetime(2026, 11, 5, 12, 0, tzinfo=UTC), tick=False):
        text = words(page())
    assert "The figures of last month come by 16 Nov 2026." in text
    assert Client().get("/parity/figures.csv").content.decode().strip() == ",".join(COLUMNS)


def test_a_trader_finds_the_way_to_complain(published):
    client = Client()
    client.force_login(make_actor().user, backend="django.contrib.auth.backends.ModelBackend")
    assert "/parity/complaints/" in client.get("/parity/").content.decode()
    assert "Sign in to complain" in words(page())
    assert client.post("/parity/").status_code == 405


def test_lines_break_where_a_month_has_no_figure_and_names_do_not_overlap():
    months = [date(2026, month, 1) for month in (1, 2, 3, 4)]
    frame = Frame("p", "T & t", "d", months[0], months[-1], (), lambda on: on.isoformat(), "Minutes")
    values = [Decimal(2), None, Decimal(4), Decimal(4)]
    rows = [
        Line("One", list(zip(months, values, strict=True)), "round"),
        Line("Two", [(months[-1], Decimal(4))], "square"),
    ]
    root = etree.fromstring(lines(frame, [*rows, Line("None", [(months[0], None)], "pointed")]).encode())
    drawn = [one.get("d") for one in root.iter(f"{SVG}path") if "portal-plot__line" in one.get("class")]
    assert [one.count("M") for one in drawn] == [2, 1]
    names = {one.text: int(one.get("y")) for one in root.iter(f"{SVG}text") if "portal-plot__value" in one.get("class")}
    assert names["Two"] - names["One"] >= 15
    assert "None" not in names
