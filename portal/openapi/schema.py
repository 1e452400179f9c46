"""One operation as OpenAPI says it, and the whole."""

import inspect
import re
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from portal.accounts.api import SCOPES
from portal.api import PATCH, PROBLEM, REPLAYED, Op, Query
from portal.openapi.components import Components
from portal.openapi.words import (
    COMMON_QUERIES,
    CORRELATION,
    DESCRIPTION,
    HEADERS,
    IF_MATCH,
    LANGUAGE,
    PATHS,
    SUCCESS,
    TAGS,
    key_parameter,
    title_of,
)

Json = dict[str, Any]
PREFIX = "/api/v1/"
QUOTA = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
OAUTH = "clientCredentials"


class ApiSchema(AutoSchema):
    """Reads `ops` of an address; nothing is guessed from code."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Json | None:
        """The operation; None where the address does not describe this method."""
        op: Op | None = getattr(self.view, "ops", {}).get(method.lower())
        if op is None:
            return None
        known: Known = registry.known
        handler = getattr(type(self.view), method.lower())
        found: Json = {
            "operationId": op.id, "summary": op.summary, "description": inspect.getdoc(handler) or op.summary,
            "tags": [tag_of(path)], "parameters": [*_in_path(path, path_regex), *_parameters(op)],
        }  # fmt: skip
        if op.takes is not None:
            found["requestBody"] = known.body(op)
        found["responses"] = known.responses(op)
        found["security"] = [{OAUTH: op.scope.split()}] if op.scope else []
        return found


class Known:
    """Components and examples of one description."""

    def __init__(self, ops: list[Op], on: date) -> None:
        self.problem = import_string(settings.API_PROBLEM)
        types = [one for op in ops for one in (op.takes, *op.gives.values()) if one not in (None, bytes)]
        self.components = Components([self.problem, *types])
        self.examples: Json = import_string(settings.API_EXAMPLES)(on)
        self.refusals: dict[int, Json] = {}

    def body(self, op: Op) -> Json:
        """What the operation takes, in each kind that it takes, with examples."""
        given = self.examples.get(op.example, {})
        content = {}
        for kind in op.accepts:
            if kind.endswith("json") and op.takes is not str:
                patch = PATCH in op.accepts
                schema = self.components.patch_of(op.takes) if patch else self.components.schema_of(op.takes)
            else:
                schema = {"type": "string"}
            content[kind] = {"schema": schema} | ({"examples": given[kind]} if kind in given else {})
        return {"required": True, "content": content}

    def responses(self, op: Op) -> Json:
        """What is answered when it is done, and each refusal that can be."""
        kinds = op.media if isinstance(op.media, tuple) else (op.media,)
        headers = {"X-Correlation-ID", "Content-Language", *(QUOTA if op.scope else ())}
        headers |= ({REPLAYED} if op.key else set()) | ({"ETag"} if op.etag else set())
        headers |= {"Location"} if op.location else set()
        found: Json = {}
        for number, kind in op.gives.items():
            found[str(number)] = {"description": SUCCESS.get(number, "Done."), "headers": _headers(headers)}
            if kind is not None:
                found[str(number)]["content"] = {media: {"schema": self.components.schema_of(kind)} for media in kinds}
        usual = {401, 403, 406, 429, 503} if op.scope else {406}
        usual |= {400, 409, 422} if op.key else set()  # a key that is unfit, at work elsewhere, or of another request
        for number in sorted(usual.union(op.problems)):
            found[str(number)] = {"$ref": f"#/components/responses/Problem{number}"}
            self.refusals[number] = self.refusal(number)
        return found

    def refusal(self, number: int) -> Json:
        """A status of refusal."""
        headers = {"X-Correlation-ID", "Content-Language"}
        headers |= {"Retry-After"} if number in (409, 429, 503) else set()
        headers |= {"WWW-Authenticate"} if number == 401 else set(QUOTA) if number not in (406, 503) else set()
        content = {PROBLEM: {"schema": self.components.schema_of(self.problem)}}
        return {"description": title_of(number), "headers": _headers(headers), "content": content}


class ApiGenerator(SchemaGenerator):
    """The whole description; its examples are of a day."""

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def parse(self, input_request: Any, public: bool) -> Json:
        """Types are gathered first, so that each has one name."""
        self._initialise_endpoints()
        ops = [op for _, _, _, callback in self.endpoints for op in getattr(callback.cls, "ops", {}).values()]
        self.registry.known = self.known = Known(ops, self.on)
        return super().parse(input_request, public)

    def get_schema(self, request: Any = None, public: bool = False) -> Json:
        """OpenAPI 3.1, with everything that operations refer to."""
        result: Json = super().get_schema(request, public)
        result["info"]["description"] = DESCRIPTION
        result["servers"] = [{"url": "/"}]
        used = {tag for path in result["paths"].values() for one in path.values() for tag in one["tags"]}
        result["tags"] = [
            {"name": name} | ({"description": TAGS[name]} if name in TAGS else {}) for name in sorted(used)
        ]
        flow = {"tokenUrl": "/oauth/token/", "scopes": dict(SCOPES)}
        result["components"] = {
            "schemas": dict(sorted(self.known.components.schemas.items())),
            "responses": {f"Problem{number}": one for number, one in sorted(self.known.refusals.items())},
            "headers": HEADERS,
            "securitySchemes": {
                OAUTH: {
                    "type": "oauth2", "flows": {"clientCredentials": flow},
                    "description": "Client credentials of a program of your organization, valid for an hour.",
                }
            },
        }  # fmt: skip
        return result


def tag_of(path: str) -> str:
    """The first part of the address."""
    return path.removeprefix(PREFIX).partition("/")[0]


def _headers(names: set[str]) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(names)}


def _in_path(path: str, path_regex: str) -> list[Json]:
    found = []
    for name in re.findall(r"\{(\w+)\}", path):
        given = re.search(rf"\(\?P<{name}>(.+?)\)(?=[/$]|$)", path_regex)
        schema: Json = {"type": "string"} | ({"pattern": f"^{given[1]}$"} if given else {"minLength": 1})
        words = PATHS.get(name, f"The {name}.")
        found.append({"name": name, "in": "path", "required": True, "description": words, "schema": schema})
    return found


def _parameters(op: Op) -> list[Json]:
    found = []
    for one in op.query:
        query = one if isinstance(one, Query) else COMMON_QUERIES.get(one, Query(one, f"The {one}."))
        found.append(
            {"name": query.name, "in": "query", "required": query.required, "description": query.words,
             "schema": query.schema}
            | ({"example": query.example} if query.example else {})
        )  # fmt: skip
    if op.key:
        found.append(key_parameter(required=op.key == "required"))
    if op.if_match:
        found.append(IF_MATCH)
    return [*found, LANGUAGE, CORRELATION]
