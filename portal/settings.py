"""Settings, all from the environment. Without any, the embedded default: SQLite and an in-process worker.

Production refuses weak settings: see `portal/checks.py`.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from kombu import Queue

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR = Path(env("PORTAL_VAR", default=str(BASE_DIR / "var")))
VAR.mkdir(parents=True, exist_ok=True)
REFERENCE_DATA = Path(env("REFERENCE_DATA", default=str(BASE_DIR.parent / "shared")))
DATABASE_URL = env("DATABASE_URL", default="")
EMBEDDED = not DATABASE_URL
PARTY = env("PORTAL_PARTY", default="US")
DEBUG = env.bool("DEBUG", default=False)
REHEARSAL = env.bool("PORTAL_REHEARSAL", default=True)


def _kept_secret(name: str) -> str:
    """A random secret of this installation, written once to `var/`, readable by its owner only."""
    path = VAR / "keys" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(handle, secrets.token_urlsafe(50).encode())
        os.close(handle)
    return path.read_text()


SECRET_KEY = env("SECRET_KEY", default="") or (_kept_secret("secret_key") if EMBEDDED else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("PORTAL_HTTPS", default=False)

ROOMS = ["brokers", "aeo", "declarations", "audits"]
INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "portal.accounts",
    "portal.people",
    "portal.parameters",
    "portal.codes",
    "portal.clocks",
    "portal.trail",
    "portal.records",
    "portal.desk",
    "portal.idempotency",
    "portal.gateway",
    "portal.webhooks",
    "portal.programs",
    "portal.complaints",
    "brokers",
    "aeo",
    "declarations",
    "declarations.tariff",
    "declarations.parity",
    "audits",
    "audits.remedies",
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "oauth2_provider",
    "csp",
]

MIDDLEWARE = [
    "portal.middleware.CorrelationMiddleware",
    "portal.shedding.SheddingMiddleware",
    "portal.programs.middleware.TrafficMiddleware",
    "portal.middleware.UnavailableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.web.frame",
            ],
            "builtins": ["portal.templatetags.portal_ui"],
        },
    }
]

# ---- database ----------------------------------------------------------------------------------
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; PRAGMA foreign_keys=ON; "
    "PRAGMA mmap_size=134217728; PRAGMA cache_size=-20000;"
)
DATABASES: dict[str, dict[str, Any]]
if EMBEDDED:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "portal.sqlite3",
            "TEST": {"NAME": VAR / f"test-{os.getpid()}.sqlite3"},
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
        }
    }
else:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_{os.getpid()}"}
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        {"connect_timeout": 3, "options": "-c statement_timeout=30000 -c lock_timeout=5000"}
    )
# The server keeps the plans of what each filing runs. A pool that hands one connection to many must have it off.
NAMED_STATEMENTS = env.bool("PORTAL_NAMED_STATEMENTS", default=True)
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- people ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.Client"
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "SCOPES_BACKEND_CLASS": "portal.accounts.api.ProgramScopes",
    "OAUTH2_VALIDATOR_CLASS": "portal.accounts.api.ProgramValidator",
}
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# Accounts are made by invitation, so the address is known; sign-up by oneself would need "mandatory".
ACCOUNT_EMAIL_VERIFICATION = env("PORTAL_EMAIL_VERIFICATION", default="none")
ACCOUNT_ADAPTER = "portal.accounts.adapters.AccountAdapter"
MFA_ADAPTER = "portal.accounts.adapters.AuthenticatorAdapter"
# Who has to have an authenticator before they go on: `mandates` for signing them, `officers` for their desk.
SECOND_FACTOR_FOR = env.list("PORTAL_SECOND_FACTOR_FOR", default=["mandates"])
ACCOUNT_PREVENT_ENUMERATION = True
# A forgotten password: so many letters an hour to one person, and so many asked for from one source.
RESETS_PER_PERSON = env.int("PORTAL_RESETS_PER_PERSON", default=5)
RESETS_PER_SOURCE = env.int("PORTAL_RESETS_PER_SOURCE", default=20)
ACCOUNT_RATE_LIMITS = {"reset_password": f"{RESETS_PER_SOURCE}/h/ip,{RESETS_PER_PERSON}/h/key"}
ACCOUNT_SESSION_REMEMBER = None
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "portal.accounts.adapters.axes_username"
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "account/lockout.html"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SERIALIZER = "portal.sessions.SealingSerializer"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# ---- pages -------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["portal.formats"]
USE_TZ = True
DATETIME_FORMAT = "j M Y, H:i"
USE_THOUSAND_SEPARATOR = False
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
USWDS = BASE_DIR / "node_modules" / "@uswds" / "uswds" / "dist"
STATICFILES_DIRS: list[object] = [BASE_DIR / "static"]
if USWDS.exists():
    STATICFILES_DIRS += [("uswds", USWDS)]
WHITENOISE_USE_FINDERS = EMBEDDED or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if HTTPS:
    SECURE_SSL_REDIRECT = env.bool("PORTAL_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

# ---- API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "portal.openapi.schema.ApiSchema",
    "EXCEPTION_HANDLER": "portal.api.problem",
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.accounts.api.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.accounts.api.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # the kind of an answer is asked for with Accept
}
# Requests a minute by volume tier; no other property of an organization counts.
API_QUOTA_BY_TIER = env("PORTAL_API_QUOTAS", default='{"standard": 600, "high": 6000, "highest": 60000}')
# Wrong secrets at the token address, by program and by source address, in a quarter of an hour.
TOKEN_FAILURES = env.int("PORTAL_TOKEN_FAILURES", default=20)
# How many proxies of ours stand before the portal: the source address is read from what they have written.
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES = env.int("PORTAL_PROXIES", default=0)
# Counts of requests are kept in the process for so long; 0 leaves them there until `portal.programs.traffic.flush`.
TRAFFIC_FLUSH_SECONDS = env.float("PORTAL_TRAFFIC_FLUSH_SECONDS", default=5.0)
SPECTACULAR_SETTINGS = {
    "TITLE": "Customs self-filing portal",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DEFAULT_GENERATOR_CLASS": "portal.openapi.api.TodaysGenerator",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "list", "defaultModelsExpandDepth": 0},
}
API_PROBLEM = "declarations.filer.api.shapes.Problem"  # the type of every refusal, in the description
API_EXAMPLES = "audits.demonstration.api_examples.examples"  # of a day: examples that can be sent as they stand

# ---- work in the background --------------------------------------------------------------------
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="memory://")
CELERY_WORKER_IN_PROCESS = CELERY_BROKER_URL.startswith("memory")
# A task that is not done after so long is handed to another process too: every task may run twice.
VISIBILITY_SECONDS = env.int("PORTAL_VISIBILITY_SECONDS", default=900)
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"polling_interval": 0.01} if CELERY_WORKER_IN_PROCESS else {"visibility_timeout": VISIBILITY_SECONDS}
)
if VISIBILITY_SECONDS < 100:  # looked for as often as that asks for
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"unacked_restore_interval": 1, "unacked_restore_throttle": 1}
# Ringing the bell must not hold up a request: half a second at most, then the schedule does it.
BELL_TRANSPORT_OPTIONS = {
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "retry_on_timeout": False,
    "max_retries": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# What waits for an authority stands in a queue of its own, which a worker of its own may serve (`-Q gateway`). One that
# is told nothing serves both, and keeps a process for other work (portal/gateway/places.py).
CELERY_TASK_DEFAULT_QUEUE = "portal"
GATEWAY_QUEUE = "gateway"
CELERY_TASK_QUEUES = [Queue(CELERY_TASK_DEFAULT_QUEUE), Queue(GATEWAY_QUEUE)]
CELERY_TASK_ROUTES = {"portal.gateway.tasks.*": {"queue": GATEWAY_QUEUE}}
CELERY_TASK_PUBLISH_RETRY = False
TICK = env.float("PORTAL_TICK_SECONDS", default=1.0)  # how often the outbox is swept and answers are fetched
CHECKPOINT_SECONDS = env.int("PORTAL_CHECKPOINT_SECONDS", default=3600)  # between two signed checkpoints of the trail
CELERY_BEAT_SCHEDULE = {
    "relay": {"task": "portal.gateway.tasks.relay", "schedule": TICK},
    "poll": {"task": "portal.gateway.tasks.poll_channels", "schedule": TICK},
    "apply": {"task": "declarations.tasks.apply_responses", "schedule": TICK},
    "outcomes": {"task": "declarations.tasks.apply_outcomes", "schedule": 2 * TICK},
    "batches": {"task": "declarations.tasks.work_batches", "schedule": 2 * TICK},
    "webhooks": {"task": "portal.webhooks.tasks.deliver_webhooks", "schedule": 2 * TICK},
    "deadlines": {"task": "declarations.tasks.remind_deadlines", "schedule": 300.0},
    "checkpoint": {"task": "portal.trail.tasks.checkpoint", "schedule": min(300.0, CHECKPOINT_SECONDS / 2)},
    "expire": {"task": "declarations.tasks.expire_drafts", "schedule": 3600.0},
    "forget_traffic": {"task": "portal.programs.tasks.forget_traffic", "schedule": 3600.0},
    "program_endings": {"task": "portal.programs.tasks.tell_of_endings_daily", "schedule": 3600.0},
    "forget_answers": {"task": "portal.idempotency.tasks.forget_answers", "schedule": 3600.0},
    "parity": {"task": "declarations.tasks.publish_parity", "schedule": 600.0},
    "complaints": {"task": "portal.complaints.tasks.count_breaches", "schedule": 300.0},
    "law_changes": {"task": "audits.remedies.tasks.work_law_changes", "schedule": 30.0},
    "mandates": {"task": "brokers.tasks.keep_mandates", "schedule": 3600.0},
    "agents_off": {"task": "brokers.tasks.tell_of_agents_off", "schedule": 300.0},
}

# What the first visitor would have to wait for; made by a thread of each web process soon after its start.
# A process with sixteen threads: what is beyond these is refused at once, with 503 (portal/shedding.py).
REQUESTS_AT_ONCE = env.int("PORTAL_REQUESTS_AT_ONCE", default=3)
REQUESTS_WAITING = env.int("PORTAL_REQUESTS_WAITING", default=8)
REQUESTS_WAIT_SECONDS = env.float("PORTAL_REQUESTS_WAIT_SECONDS", default=1.0)

MAKE_READY = ("portal.clocks.calendars.make_ready", "declarations.tasks.make_ready")
MAKE_READY_AFTER = 1.0  # seconds, so that the start itself is not slowed down

# ---- channels to the authorities ---------------------------------------------------------------
REHEARSAL_URL = env("PORTAL_REHEARSAL_URL", default="http://127.0.0.1:8701")
CHANNELS = {
    "rehearsal": {
        "authority": "US",
        "label": "Rehearsal authority",
        "base_url": REHEARSAL_URL,
        "client_id": env("PORTAL_REHEARSAL_CLIENT_ID", default="portal"),
        "client_secret": env("PORTAL_REHEARSAL_CLIENT_SECRET", default=""),
        "push_key": env("PORTAL_REHEARSAL_PUSH_KEY", default=""),
        "admin_token": env("PORTAL_REHEARSAL_ADMIN_TOKEN", default=""),  # for its clock; none: nobody moves it
        "mode": env("PORTAL_REHEARSAL_MODE", default="pull"),
        "timeout_seconds": env.float("PORTAL_REHEARSAL_TIMEOUT", default=5.0),
        "lease_seconds": env.float("PORTAL_REHEARSAL_LEASE", default=8.0),
        "ask_interval_seconds": env.float("PORTAL_REHEARSAL_ASK_INTERVAL", default=3.0),
    }
}
CHANNELS.update(json.loads(env("PORTAL_CHANNELS", default="{}")))
DEFAULT_CHANNEL = env("PORTAL_DEFAULT_CHANNEL", default="rehearsal")
# Where filings of sandboxes travel, whatever the default is: to an authority where nothing is real.
SANDBOX_CHANNEL = env("PORTAL_SANDBOX_CHANNEL", default="rehearsal")
# Webhooks to this machine and its network, and over plain http: for tests and for trying out on one machine.
WEBHOOKS_ALLOW_PRIVATE = env.bool("PORTAL_WEBHOOKS_ALLOW_PRIVATE", default=False)
KEYS = env("PORTAL_KEYS", default=str(VAR / "keys"))
CHECKPOINT_FILE = Path(env("PORTAL_CHECKPOINTS", default=str(VAR / "checkpoints.jsonl")))
EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("PORTAL_FROM_EMAIL", default="portal@localhost")

# ---- caches, logs ------------------------------------------------------------------------------
CACHE_URL = env("CACHE_URL", default="")


def caches_of(url: str) -> dict[str, dict[str, object]]:
    """What sign-in remembers (`default`), and what counts requests (`counts`): one Redis, or this process."""
    if not url:
        own: dict[str, object] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
        return {"default": own, "counts": own}
    where = {"LOCATION": url, "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}}
    return {
        "default": {"BACKEND": "portal.steady_cache.SteadyCache", **where},
        "counts": {"BACKEND": "django.core.cache.backends.redis.RedisCache", **where},
    }


CACHES = caches_of(CACHE_URL)
LOG_LEVEL = env("PORTAL_LOG_LEVEL", default="INFO")
LOGGING_CONFIG = "portal.logs.configure"
LOGGING = {
    "level": LOG_LEVEL,
    "json": env.bool("PORTAL_LOG_JSON", default=not EMBEDDED),
    "file": env("PORTAL_LOG_FILE", default=""),
}
SILENCED_SYSTEM_CHECKS = ["axes.W003"]
MEDIA_ROOT = Path(env("PORTAL_FILES", default=str(VAR / "files")))
