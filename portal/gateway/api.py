"""The door for pushed answers: the signature is over the raw bytes; they are stored, then acknowledged."""

import hashlib
import hmac
import time

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.gateway.inbound import receive

log = structlog.get_logger(__name__)
WINDOW_SECONDS = 300
MAX_BYTES = 5_000_000


@csrf_exempt
@require_POST
def inbound(request: HttpRequest, name: str) -> HttpResponse:
    """202 once the bytes are stored; 401 for a wrong signature or an old one; 413 for too much."""
    options = settings.CHANNELS.get(name)
    if not options or not options.get("push_key"):
        raise Http404
    length = request.headers.get("Content-Length", "0")
    if not (length.isascii() and length.isdigit()) or int(length) > MAX_BYTES:
        return HttpResponse(status=413)
    if not _is_genuine(request, options["push_key"]):
        log.warning("pushed answer refused", channel=name, reason="signature or time")
        return HttpResponse(status=401)
    external_id = request.headers.get("X-Notification-ID", "")[:80]
    conversation_id = request.headers.get("X-Conversation-ID", "")[:64]
    receive(
        channel=name, external_id=external_id, raw=request.body, conversation_id=conversation_id, now=timezone.now()
    )
    return HttpResponse(status=202)


def _is_genuine(request: HttpRequest, key: str) -> bool:
    stamp, nonce = request.headers.get("X-Timestamp", ""), request.headers.get("X-Nonce", "")
    external_id = request.headers.get("X-Notification-ID", "")
    given = request.headers.get("X-Signature", "")
    if not (external_id and nonce and stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    if abs(time.time() - int(stamp)) > WINDOW_SECONDS:
        return False
    message = f"{external_id}.{stamp}.{nonce}.".encode() + request.body
    wanted = "v1=" + hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), given.encode())
