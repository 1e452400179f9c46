"""What every operation of the API shares: who asks, its scope and quota, once for a key, errors as problems."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO, ClassVar, NamedTuple, TypeVar

import msgspec
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.views import APIView, set_rollback

from portal.accounts.actors import Actor
from portal.accounts.api import ASK_WITH_TOKEN
from portal.accounts.models import Organization
from portal.errors import DomainError
from portal.idempotency import services as idempotency
from portal.idempotency.services import Answer, Asked
from portal.languages import ENGLISH, language_of, say
from portal.limits import Quota, TooManyRequests, count_request

JSON, PROBLEM = "application/json", "application/problem+json"
PATCH = "application/merge-patch+json"
PUBLIC = ""  # in the place of a scope: no token is needed
KEY = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST_KEY = 80
UNDETERMINED = "und"  # the language of what was kept (BCP 47)
PIECE = 262_144
T = TypeVar("T")


class Query(NamedTuple):
    """A parameter of an address, after the question mark."""

    name: str
    words: str
    schema: dict[str, Any] = {"type": "string"}
    required: bool = False
    example: Any = None


class Op(NamedTuple):
    """What the description of the API says of one method of one address, and the scope that it takes."""

    id: str
    summary: str
    scope: str  # several with a blank between: all are needed
    gives: dict[int, Any]
    takes: Any = None
    problems: tuple[int, ...] = ()
    query: tuple[str | Query, ...] = ()  # a name for those that all lists share
    key: str = ""  # "required" or "optional": an Idempotency-Key
    if_match: bool = False
    media: str | tuple[str, ...] = JSON  # of the answer
    example: str = ""  # the name of its examples
    accepts: tuple[str, ...] = (JSON,)  # kinds of body
    etag: bool = False  # the answer carries the mark of a draft
    location: bool = False  # the answer says under which address what was made stands


class KeyRequired(DomainError):
    """This request files something and must carry a key, so that it can be sent again without filing twice."""

    code = "IDEMPOTENCY_KEY_REQUIRED"
    status = 400


class KeyUnfit(DomainError):
    """A key that cannot be kept."""

    code = "IDEMPOTENCY_KEY_UNFIT"
    status = 400


class NotAJson(DomainError):
    """The body is of another kind than this request takes."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    status = 415


class BodyTooLarge(DomainError):
    """The body has more bytes than are taken at once."""

    code = "BODY_TOO_LARGE"
    status = 413


class BodyCut(DomainError):
    """The connection ended before the body did."""

    code = "BODY_INCOMPLETE"
    status = 400


class Operation(APIView):
    """One address; `ops` describes its methods. Answers are bytes of JSON, made by typed values."""

    ops: ClassVar[dict[str, Op]] = {}
    quota: Quota | None = None

    def perform_authentication(self, request: Request) -> None:
        """Who asks; what is counted for a program's own page is told to the middleware that counts."""
        super().perform_authentication(request)
        if isinstance(request.user, Actor) and request.user.client is not None:
            op = self.ops.get((request.method or "").lower())
            request._request.asked_by = (request.user.client.pk, op.id if op else "")  # type: ignore[attr-defined]  # read by TrafficMiddleware

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks, whether they may, and the quota of their minute."""
        super().initial(request, *args, **kwargs)
        if isinstance(request.user, Actor) and request.user.organization is not None:
            self.quota = count_request(request.user.organization, now=timezone.now())

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # as DRF calls it
        """204: the methods in `Allow`, the kinds of body that are taken in `Accept-Post` and `Accept-Patch`."""
        answer = HttpResponse(status=204)
        for method in ("post", "patch"):
            if (op := self.ops.get(method)) is not None and op.takes is not None:
                answer[f"Accept-{method.title()}"] = ", ".join(op.accepts)
        return answer

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """The quota and what no cache may keep."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.quota is not None:
            for name, value in self.quota.headers().items():
                answer[name] = value
        answer.setdefault("Cache-Control", "no-store")
        patch_vary_headers(answer, ("Authorization",))
        return answer


def actor_of(request: Request) -> Actor:
    """Who asks. Raises NotAuthenticated where no token was sent."""
    if not isinstance(request.user, Actor):
        raise exceptions.NotAuthenticated(ASK_WITH_TOKEN)
    return request.user


def organization_of(request: Request) -> Organization:
    """The organization of the program that asks."""
    organization = actor_of(request).organization
    if organization is None:
        raise exceptions.NotAuthenticated(ASK_WITH_TOKEN)
    return organization


def respond(value: Any, number: int = 200, **headers: str) -> HttpResponse:
    """An answer in JSON."""
    answer = HttpResponse(msgspec.json.encode(value), status=number, content_type=JSON)
    for name, text in headers.items():
        answer[name.replace("_", "-")] = text
    return answer


def body_of(request: Request, *kinds: str) -> bytes:
    """The bytes of the request. Raises NotAJson where it says it is of another kind than these (JSON by default)."""
    kind_of(request, kinds or (JSON,))
    return bytes_of(request)


def bytes_of(request: Request) -> bytes:
    """The bytes of the request, of whatever kind it says they are. Raises BodyTooLarge."""
    try:
        return bytes(request._request.body)
    except RequestDataTooBig:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raise BodyTooLarge(f"A body has at most {limit} bytes.") from None


def stream_body(request: Request, out: BinaryIO, *, most: int) -> str:
    """The bytes of the request are in `out`, read piece by piece; gives their SHA-256. Raises BodyTooLarge, BodyCut."""
    told = request._request.META.get("CONTENT_LENGTH") or "0"
    promised = int(told) if told.isdigit() else 0
    digest, size = hashlib.sha256(), 0
    if promised > most:
        raise BodyTooLarge(f"At most {most:,} bytes are taken at once; these are {promised:,}.")
    while piece := request._request.read(PIECE):
        size += len(piece)
        if size > most:
            raise BodyTooLarge(f"At most {most:,} bytes are taken at once.")
        digest.update(piece)
        out.write(piece)
    if size < promised:
        raise BodyCut(f"Only {size:,} of {promised:,} bytes have arrived.")
    return digest.hexdigest()


def kind_of(request: Request, kinds: Iterable[str]) -> str:
    """The kind that the body says it is of. Raises NotAJson where it is none of these."""
    kind = (request.content_type or "").partition(";")[0].strip().lower()
    if kind not in kinds:
        raise NotAJson(f"Send {' or '.join(kinds)}; this says it is {kind or 'nothing'}.")
    return kind


def once(
    request: Request, before: Callable[[], T], work: Callable[[T], Answer], *, required: bool = False,
    said: bytes | None = None,
) -> HttpResponse:  # fmt: skip
    """What `before` finds is worked on in one transaction, once for the key of the request.

    `said` is what the request says, where its body was not read at once.

    Sent again, the kept answer is given again and nothing is looked at. `before` runs ahead of the
    transaction and writes nothing. Raises KeyRequired, KeyUnfit, KeyReused, KeyInFlight and what both raise.
    """
    asked = _asked(request, required, said)
    if asked is None:
        found = before()
        with transaction.atomic():
            return _http(work(found))
    if (given := idempotency.kept_answer(asked)) is not None:
        return _http(given, replayed=True)
    try:
        found = before()
    except DomainError:  # perhaps on account of what the same request wrote, which was answered meanwhile
        if (given := idempotency.kept_answer(asked)) is not None:
            return _http(given, replayed=True)
        raise
    with transaction.atomic():
        if (given := idempotency.claim(asked)) is not None:
            return _http(given, replayed=True)
        answer = work(found)
        idempotency.keep_answer(asked, answer, now=timezone.now())
    return _http(answer)


def key_of(request: Request, *, required: bool = False) -> str:
    """The key of the request, empty where it has none and needs none. Raises KeyRequired, KeyUnfit."""
    key = request.headers.get(KEY)
    if not key and required:
        raise KeyRequired(f"Send a header {KEY} of your own making, at most {LONGEST_KEY} characters.")
    if key is None:
        return ""
    if not key:
        raise KeyUnfit(f"This {KEY} is empty. Send one of your own making, or leave the header out.")
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise KeyUnfit(f"An {KEY} has at most {LONGEST_KEY} printable characters of ASCII.")
    return key


def _asked(request: Request, required: bool, said: bytes | None) -> Asked | None:
    key = key_of(request, required=required)
    if not key:
        return None
    said = bytes_of(request) if said is None else said
    print_ = idempotency.fingerprint_of(request.method or "", request.path, said)
    return Asked(organization_of(request), key, print_)


def _http(answer: Answer, *, replayed: bool = False) -> HttpResponse:
    given = HttpResponse(answer.body, status=answer.status, content_type=JSON)
    if replayed:
        given[REPLAYED] = "true"
    return given


def asked_language(request: Request) -> str:
    """The language in which the request wants its messages."""
    return language_of(request.META.get("HTTP_ACCEPT_LANGUAGE"))


def spoken(answer: HttpResponse, language: str) -> HttpResponse:
    """The answer says in which language its messages are; a kept one, in the language of the first time, does not."""
    answer["Content-Language"] = UNDETERMINED if REPLAYED in answer else language
    patch_vary_headers(answer, ("Accept-Language",))
    return answer


def said_in(error: DomainError, language: str) -> str:
    """What a refusal says to people, in a language."""
    return say(str(error), language, error.params, error.template)


def problem(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The problem document for an exception; None lets the framework make a 500 of what we do not know."""
    set_rollback()
    request = context.get("request")
    correlation_id = getattr(getattr(request, "_request", request), "correlation_id", "")
    if isinstance(error, Http404):
        error = exceptions.NotFound("There is nothing here under this address for you.")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    more: dict[str, object] = {}
    language = ENGLISH if request is None else asked_language(request)
    if isinstance(error, DomainError):
        number: int = error.status
        code, more = error.code, error.members_in(language)
        title, detail = error.title or TITLES.get(number, "Refused"), said_in(error, language)
    elif isinstance(error, exceptions.APIException):
        code = str(error.default_code).upper()
        title, number, detail = str(error.default_detail), error.status_code, say(str(error.detail), language)
        if "{" in title:  # the framework's words with a place that it fills in `detail` alone
            title = TITLES.get(number, "Refused")
    else:
        return None
    answer = problem_answer(number, say(title, language), detail, code, correlation_id, **more)
    spoken(answer, language)
    answer.problem_code = code  # type: ignore[attr-defined]  # read by TrafficMiddleware
    challenge = getattr(error, "auth_header", None)
    if challenge:
        answer["WWW-Authenticate"] = challenge
    if isinstance(error, TooManyRequests):
        answer["Retry-After"] = str(error.quota.reset)
        for name, value in error.quota.headers().items():
            answer[name] = value
    elif isinstance(error, idempotency.KeyInFlight):
        answer["Retry-After"] = "1"
    return answer


def problem_answer(
    number: int, title: str, detail: str, code: str, correlation_id: str, **more: object
) -> HttpResponse:
    """A problem document (RFC 9457)."""
    body = {
        "type": "about:blank", "title": title, "status": number, "detail": detail, "code": code,
        "correlation_id": correlation_id, **more,
    }  # fmt: skip
    return HttpResponse(msgspec.json.encode(body), status=number, content_type=PROBLEM)


TITLES = {
    status.HTTP_400_BAD_REQUEST: "Not understood",
    status.HTTP_403_FORBIDDEN: "Not allowed",
    status.HTTP_404_NOT_FOUND: "Not found",
    status.HTTP_405_METHOD_NOT_ALLOWED: "Method not allowed",
    status.HTTP_409_CONFLICT: "Not possible now",
    status.HTTP_412_PRECONDITION_FAILED: "Changed meanwhile",
    status.HTTP_413_REQUEST_ENTITY_TOO_LARGE: "Too large",
    status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: "Wrong kind of body",
    status.HTTP_422_UNPROCESSABLE_ENTITY: "Cannot be filed as it stands",
    status.HTTP_428_PRECONDITION_REQUIRED: "A precondition is missing",
    status.HTTP_429_TOO_MANY_REQUESTS: "Too many requests",
}
