"""One POST filings through the WSGI application, beside a bare DRF insert; each with an importer of its own.

Token, quota, idempotency key, decoding, mandate, duty, rules, number, signature, message, trail and feed are in it;
the server in front of it (gunicorn) is not. The bare insert has no middleware and no authentication.
"""

import io
import itertools
from typing import Any

from django.conf import settings

from portal.wsgi import application
from tests.bench import bare, filings
from tests.bench.meter import counted, median, spent_on, spread
from tests.bench.report import Row
from tests.support.programs import Program

GROUP = "POST filings through the whole stack, beside a bare DRF insert (CPU ms = process + database backend)"
SIZES = (10, 999)
_keys = itertools.count(1)


def rows(*, rounds: int) -> list[Row]:
    settings.API_QUOTA_BY_TIER = '{"standard": 6000000}'
    made, statements = [], {}
    _call(*_asked(10))  # first use of everything
    for lines in SIZES:
        whole, plain = [], []
        for _ in range(rounds * (3 if lines < 100 else 1)):
            asked, insert = _asked(lines), bare.body(lines)
            whole.append(spent_on(lambda asked=asked: _call(*asked))[0])
            plain.append(spent_on(lambda insert=insert: bare.insert(insert))[0])
        asked = _asked(lines)
        statements[lines] = counted(lambda asked=asked: _call(*asked))
        costs = [one.cpu for one in whole]
        detail = f"rounds {spread(costs)}; of it database {median([one.backend for one in whole]):.2f}"
        made.append(Row(GROUP, f"POST filings, {lines} lines", median(costs), "ms CPU", detail))
        ratio = median(costs) / median([one.cpu for one in plain])
        made.append(
            Row(
                GROUP,
                f"{'R1' if lines < 999 else 'R2'} POST filings / bare DRF insert, {lines} lines",
                ratio,
                "x",
                bar=2.0,
            )
        )
    grown = statements[999].statements / statements[10].statements
    made.append(Row(GROUP, "R2c statements of POST filings, 999 / 10 lines", grown, "x", bar=1.2))
    made.append(Row(GROUP, "R3 transactions of POST filings", statements[10].transactions, "", bar=2))
    return made


def _asked(lines: int) -> tuple[Program, bytes]:
    program = Program()
    return program, filings.payload(program, lines)


def _call(program: Program, data: bytes) -> None:
    environment: dict[str, Any] = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/api/v1/filings", "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(data)), "HTTP_AUTHORIZATION": f"Bearer {program.token}", "HTTP_HOST": "testserver",
        "HTTP_IDEMPOTENCY_KEY": f"bench-{next(_keys)}", "SERVER_NAME": "testserver", "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(data), "wsgi.url_scheme": "http", "wsgi.errors": io.StringIO(),
    }  # fmt: skip
    told: list[str] = []
    body = b"".join(application(environment, lambda status, headers, error=None: told.append(status)))
    if not told[0].startswith("202"):
        raise RuntimeError(f"{told[0]}: {body[:500]!r}")
