"""Answers of an authority as bytes, built by hand so that tests decide every detail."""

from datetime import timedelta
from xml.sax.saxutils import escape

from tests.makers import NOW


def answer(function, *, lrn="", mrn="", second=0, id_, status="", notes=(), errors=(), total="", spaced=False):
    stamp = (NOW + timedelta(seconds=second)).strftime("%Y%m%d%H%M%SZ")
    parts = [f"<FunctionCode>{function}</FunctionCode><FunctionalReferenceID>{id_}</FunctionalReferenceID>"]
    parts.append(f'<IssueDateTime><DateTimeString formatCode="304">{stamp}</DateTimeString></IssueDateTime>')
    for code, text in notes:
        parts.append(
            f"<AdditionalInformation><StatementCode>{code}</StatementCode>"
            f"<StatementDescription>{text}</StatementDescription></AdditionalInformation>"
        )
    for code, words, *pointer in errors:
        steps = "".join(
            f"<Pointer><SequenceNumeric>{number}</SequenceNumeric><DocumentSectionCode>{section}</DocumentSectionCode>"
            f"{f'<TagID>{tag}</TagID>' if tag else ''}</Pointer>"
            for number, section, tag in pointer
        )
        parts.append(
            f"<Error><Description>{escape(words)}</Description><ValidationCode>{code}</ValidationCode>{steps}</Error>"
        )
    if status:
        parts.append(f"<Status><NameCode>{status}</NameCode></Status>")
    duty = ""
    if total:
        money = "".join(f'<{name} currencyID="USD">{total}</{name}>' for name in ("TaxAssessedAmount", "PaymentAmount"))
        duty = (
            "<GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>0</SequenceNumeric><Commodity><DutyTaxFee>"
            f"<TypeCode>TOT</TypeCode><Payment>{money}</Payment></DutyTaxFee></Commodity>"
            "</GovernmentAgencyGoodsItem></GoodsShipment>"
        )
    names = (f"<FunctionalReferenceID>{lrn}</FunctionalReferenceID>" if lrn else "") + (
        f"<ID>{mrn}</ID>" if mrn else ""
    )
    parts.append(f"<Declaration>{names}{duty}</Declaration>")
    inner = ("\n  " if spaced else "").join(parts)
    return f"<Response>{inner}</Response>"


def envelope(*responses):
    head = "<WCODataModelVersionCode>3.6</WCODataModelVersionCode><WCOTypeName>RES</WCOTypeName>"
    return f"<MetaData>{head}{''.join(responses)}</MetaData>".encode()
