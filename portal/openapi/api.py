"""The description for programs; public."""

from datetime import date
from functools import lru_cache
from typing import Any

import msgspec
import yaml
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from portal.api import JSON, PUBLIC, Op, Operation, Query
from portal.openapi.schema import ApiGenerator
from portal.timezones import party_date

YAML = "application/yaml"
FORMAT = Query(
    "format", "`yaml` or `json`, instead of a header `Accept`.", {"type": "string", "enum": ["json", "yaml"]}
)


class TodaysGenerator(ApiGenerator):
    """With examples of today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, on=party_date(timezone.now()), **kwargs)


class Description(Operation):
    """The description of the API."""

    authentication_classes: list[Any] = []
    renderer_classes = [
        JSONRenderer, OpenApiYamlRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiJsonRenderer2,
    ]  # fmt: skip
    ops = {
        "get": Op("get_schema", "This description, as JSON or YAML", PUBLIC, {200: dict[str, Any]}, query=(FORMAT,),
                  media=(JSON, YAML, OpenApiJsonRenderer.media_type, OpenApiYamlRenderer.media_type)),
    }  # fmt: skip

    def get(self, request: Request) -> HttpResponse:
        """Public; its examples are dated today."""
        renderer: Any = request.accepted_renderer
        kind = {"yaml": YAML, "json": JSON}.get(request.query_params.get("format", ""), renderer.media_type)
        answer = HttpResponse(_described(party_date(timezone.now()), "yaml" in kind or kind.endswith("openapi")))
        answer["Content-Type"] = kind
        answer["Cache-Control"] = "public, max-age=300"
        return answer


@lru_cache(maxsize=4)
def _described(on: date, as_yaml: bool) -> bytes:
    """Made once a day in each process: the examples are of that day."""
    whole = msgspec.to_builtins(ApiGenerator(on=on).get_schema(public=True))
    if as_yaml:
        return yaml.dump(whole, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120).encode()
    return msgspec.json.encode(whole)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # whichever there is
    def ignore_aliases(self, data: Any) -> bool:
        """Everything is written where it is used."""
        return True
