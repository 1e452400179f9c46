"""An assessment as JSON with every member, so that nobody has to know which ones are left out when empty."""

from typing import Any

import msgspec

from declarations.assessment import Assessment, AssessmentLine, FeeTotal, ItemAssessment, StackedTariff, Unassessed


def as_json(assessment: Assessment) -> dict[str, Any]:
    """All members of an assessment, empty lists included; a number's `reason` only where there is one."""
    return {
        "currency": assessment.currency,
        "editions": {"tariff": assessment.editions.tariff, "measures": assessment.editions.measures},
        "items": [_item(one) for one in assessment.items],
        "fees": [_members(one) for one in assessment.fees],
        "totals": _members(assessment.totals),
        "unassessed": [_members(one) for one in assessment.unassessed],
        "notices": [_members(one) for one in assessment.notices],
    }


def _item(item: ItemAssessment) -> dict[str, Any]:
    return {
        "sequence": item.sequence,
        "rate_date": item.rate_date,
        "estimated": item.estimated,
        "entered_value": item.entered_value,
        "tariffs": [_members(one) for one in item.tariffs],
        "lines": [_members(one) for one in item.lines],
    }


def _members(value: StackedTariff | AssessmentLine | FeeTotal | Unassessed | msgspec.Struct) -> dict[str, Any]:
    found = {name: getattr(value, name) for name in value.__struct_fields__}
    return {name: one for name, one in found.items() if one is not None}
