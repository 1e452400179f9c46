"""Production refuses to start on weak settings: `manage.py check --deploy` and every command in service."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security)
def refuse_weak_settings(app_configs: Any, **_: Any) -> list[Error]:
    """Errors for a service (with DATABASE_URL) whose secret key, hosts or channels would not protect anyone."""
    if settings.EMBEDDED:
        return []
    problems = []
    key = settings.SECRET_KEY
    if len(key) < 40 or len(set(key)) < 8:
        problems.append(Error("SECRET_KEY must be at least 40 random characters.", id="portal.E001"))
    if settings.DEBUG:
        problems.append(Error("DEBUG must be off where DATABASE_URL is set.", id="portal.E002"))
    if "*" in settings.ALLOWED_HOSTS:
        problems.append(Error("ALLOWED_HOSTS must name the hosts, not '*'.", id="portal.E003"))
    if not settings.HTTPS and not settings.REHEARSAL:
        problems.append(Error("PORTAL_HTTPS must be on outside of rehearsal.", id="portal.E004"))
    if settings.CELERY_WORKER_IN_PROCESS:
        problems.append(Error("CELERY_BROKER_URL must be set where DATABASE_URL is set.", id="portal.E005"))
    if settings.WEBHOOKS_ALLOW_PRIVATE and not settings.REHEARSAL:
        problems.append(Error("PORTAL_WEBHOOKS_ALLOW_PRIVATE must be off outside of rehearsal.", id="portal.E007"))
    if settings.SANDBOX_CHANNEL not in settings.CHANNELS:
        problems.append(Error("PORTAL_SANDBOX_CHANNEL names no channel.", id="portal.E008"))
    elif settings.SANDBOX_CHANNEL == settings.DEFAULT_CHANNEL and not settings.REHEARSAL:
        problems.append(Error("PORTAL_SANDBOX_CHANNEL must not be where real filings go.", id="portal.E009"))
    for name, channel in settings.CHANNELS.items():
        if not channel.get("client_secret"):
            problems.append(Error(f"Channel {name} has no client secret.", id="portal.E006"))
    return problems
