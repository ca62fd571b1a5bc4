"""Every setting, from the environment, grouped by service. Nothing else reads the environment.

Environments differ only by their variables; README.md lists them with their defaults.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django_stubs_ext
from celery.schedules import crontab
from kombu.entity import Exchange, Queue

from supastate.settings.readers import (
    read_bool,
    read_database,
    read_int,
    read_list,
    read_path,
    read_secret,
    read_text,
    read_time_zone,
)

django_stubs_ext.monkeypatch()  # lets Django's generic classes be subscripted, as their types are

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# --- Process ---------------------------------------------------------------------------------------
ENVIRONMENT = read_text("SUPASTATE_ENVIRONMENT", "production", choices=("production", "local", "test"))
PRODUCTION = ENVIRONMENT == "production"
DEBUG = read_bool("SUPASTATE_DEBUG")
SECRET_KEY = read_secret("SUPASTATE_SECRET_KEY", production=PRODUCTION)
ALLOWED_HOSTS = read_list("SUPASTATE_ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,testserver")
CSRF_TRUSTED_ORIGINS = read_list("SUPASTATE_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "supastate.studio",  # first: it replaces one of Unfold's templates
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "supastate.api",
    "supastate.workspaces",
    "supastate.queueing",
    "ingest",
    "graph",
    "processing",
    "supastate.search",
]

MIDDLEWARE = [
    "supastate.api.middleware.add_request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "supastate.studio.middleware.StudioScopeMiddleware",
]

ROOT_URLCONF = "supastate.urls"
WSGI_APPLICATION = "supastate.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "workspaces.User"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
APPEND_SLASH = False

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = read_path("SUPASTATE_STATIC_ROOT", BASE_DIR / "var" / "static")
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"}}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION
LOGIN_URL = "/studio/login/"
LOGIN_REDIRECT_URL = "/studio/"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- TLS (terminated by the proxy) -----------------------------------------------------------------
BEHIND_TLS = read_bool("SUPASTATE_BEHIND_TLS", default=PRODUCTION)
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^api/health/"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Postgres --------------------------------------------------------------------------------------
# `default` is the application role, held by row-level security; `owner` migrates; `dispatch` reads the
# scheduling columns of every workspace's queue rows and LISTENs.
DATABASES = {
    "default": read_database("DATABASE_URL"),
    "owner": read_database("DATABASE_OWNER_URL", conn_max_age=0),
    "dispatch": read_database("DATABASE_DISPATCH_URL"),
}

# --- Redis (broker, throttling, provider limits) ---------------------------------------------------
REDIS_URL = read_text("REDIS_URL")
REDIS_KEY_PREFIX = read_text("REDIS_KEY_PREFIX", "supastate:")

# --- Graph -----------------------------------------------------------------------------------------
GRAPH_URL = read_text("GRAPH_URL")
GRAPH_QUERY_SECONDS = read_int("GRAPH_QUERY_SECONDS", 5, least=1, most=10)
GRAPH_KEPT_MB = read_int("GRAPH_KEPT_MB", 100, least=0, most=100_000)
GRAPH_QUERY_ROWS = read_int("GRAPH_QUERY_ROWS", 1_000, least=1, most=10_000)
GRAPH_QUERY_BYTES = read_int("GRAPH_QUERY_BYTES", 4 * 1024 * 1024, least=1024, most=16 * 1024 * 1024)
GRAPH_QUERY_CONCURRENCY = read_int("GRAPH_QUERY_CONCURRENCY", 2, least=1)

# --- Providers of models ---------------------------------------------------------------------------
EMBEDDING_PROVIDER = read_text("EMBEDDING_PROVIDER", "local", choices=("local", "openai"))
EMBEDDING_MODEL_DIR = read_path("EMBEDDING_MODEL_DIR", Path.home() / ".cache" / "supastate" / "all-MiniLM-L6-v2")
EMBEDDING_MODEL = read_text("EMBEDDING_MODEL", "text-embedding-3-small")
EMBEDDING_DIMENSIONS = read_int("EMBEDDING_DIMENSIONS", 1536, least=8, most=4000)
OPENAI_BASE_URL = read_text("OPENAI_BASE_URL", "https://api.openai.com/v1")
SEARCH_RERANK = read_text("SEARCH_RERANK", "off", choices=("off", "openai"))
SUMMARY_METHOD = read_text("SUMMARY_METHOD", "extractive", choices=("extractive", "openai"))
_PAID = "openai" in {EMBEDDING_PROVIDER, SEARCH_RERANK, SUMMARY_METHOD}
OPENAI_API_KEY = read_text("OPENAI_API_KEY", None if _PAID else "none")
EMBEDDING_CENTS_PER_MILLION_TOKENS = read_int("EMBEDDING_CENTS_PER_MILLION_TOKENS", 2)
VECTOR_INDEX_MEMORY_MB = read_int("VECTOR_INDEX_MEMORY_MB", 1_024, least=64)
PROVIDER_REQUESTS_PER_MINUTE = read_int("PROVIDER_REQUESTS_PER_MINUTE", 3_000, least=1)
PROVIDER_TOKENS_PER_MINUTE = read_int("PROVIDER_TOKENS_PER_MINUTE", 1_000_000, least=1)
EMBEDDING_CLAIM_SIZE = read_int("EMBEDDING_CLAIM_SIZE", 128, least=1, most=2_000)
PROVIDER_WORKSPACE_PERCENT = read_int("PROVIDER_WORKSPACE_PERCENT", 95, least=1, most=100)
PROVIDER_TIMEOUT_SECONDS = read_int("PROVIDER_TIMEOUT_SECONDS", 30, least=1, most=120)
PROVIDER_PAUSE_SECONDS = read_int("PROVIDER_PAUSE_SECONDS", 30, least=1, most=3_600)

# --- Queue -----------------------------------------------------------------------------------------
QUEUE_CLAIM_SIZE = read_int("QUEUE_CLAIM_SIZE", 64, least=1, most=2_000)
QUEUE_LEASE_SECONDS = read_int("QUEUE_LEASE_SECONDS", 330, least=5)
QUEUE_MAX_ATTEMPTS = read_int("QUEUE_MAX_ATTEMPTS", 5, least=1, most=100)
QUEUE_OUTAGE_HOURS = read_int("QUEUE_OUTAGE_HOURS", 72, least=1)
QUEUE_BACKOFF_CAP_SECONDS = read_int("QUEUE_BACKOFF_CAP_SECONDS", 600, least=1)
QUEUE_STALL_SECONDS = read_int("QUEUE_STALL_SECONDS", 300, least=1)
DISPATCH_POLL_SECONDS = read_int("DISPATCH_POLL_SECONDS", 1, least=1, most=60)
DISPATCH_HINTS_WAITING = read_int("DISPATCH_HINTS_WAITING", 4, least=1)
METRICS_TOKEN = read_text("METRICS_TOKEN", "")

# --- Live (server-sent events) ---------------------------------------------------------------------
LIVE_URL = read_text("LIVE_URL", "")
LIVE_STREAMS_PER_KEY = read_int("LIVE_STREAMS_PER_KEY", 20, least=1)
LIVE_STREAM_SECONDS = read_int("LIVE_STREAM_SECONDS", 600, least=1)
LIVE_HEARTBEAT_SECONDS = read_int("LIVE_HEARTBEAT_SECONDS", 15, least=1)
LIVE_POLL_SECONDS = read_int("LIVE_POLL_SECONDS", 2, least=1)

# --- Ingest limits ---------------------------------------------------------------------------------
MAX_BODY_BYTES = read_int("MAX_BODY_BYTES", 32 * 1024 * 1024, least=1024)
MAX_BODY_RATIO = read_int("MAX_BODY_RATIO", 100, least=2)
MAX_ITEMS = read_int("MAX_ITEMS", 10_000, least=1)
MAX_ITEM_BYTES = read_int("MAX_ITEM_BYTES", 1024 * 1024, least=1024)
MAX_SOURCE_BYTES = read_int("MAX_SOURCE_BYTES", 2 * 1024 * 1024, least=1024)
MAX_JSON_DEPTH = read_int("MAX_JSON_DEPTH", 64, least=4, most=500)
MAX_METADATA_BYTES = read_int("MAX_METADATA_BYTES", 64 * 1024, least=128)
WORKSPACE_REQUESTS_PER_MINUTE = read_int("WORKSPACE_REQUESTS_PER_MINUTE", 6_000, least=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES

# --- Search ----------------------------------------------------------------------------------------
SEARCH_EXACT_VECTORS = read_int("SEARCH_EXACT_VECTORS", 10_000, least=0)
SEARCH_RERANK_MODEL = read_text("SEARCH_RERANK_MODEL", "gpt-5.4-mini")
SEARCH_RERANK_CANDIDATES = read_int("SEARCH_RERANK_CANDIDATES", 20, least=2, most=100)
SEARCH_RERANK_SECONDS = read_int("SEARCH_RERANK_SECONDS", 3, least=1, most=30)

# --- Patterns --------------------------------------------------------------------------------------
PATTERN_DEBOUNCE_SECONDS = read_int("PATTERN_DEBOUNCE_SECONDS", 2, least=0)
PATTERN_TIME_ZONE = read_time_zone("PATTERN_TIME_ZONE", "UTC")

# --- Summaries -------------------------------------------------------------------------------------
SUMMARY_MODEL = read_text("SUMMARY_MODEL", "gpt-5.4-mini")
SUMMARY_MONTHLY_TOKENS = read_int("SUMMARY_MONTHLY_TOKENS", 2_000_000)  # of a workspace
SUMMARY_QUIET_MINUTES = read_int("SUMMARY_QUIET_MINUTES", 10, least=1)

# --- Memory dynamics -------------------------------------------------------------------------------
ACCESS_LOG_SECONDS = read_int("ACCESS_LOG_SECONDS", 2, least=0)  # 0: written by nobody
ACCESS_LOG_DAYS = read_int("ACCESS_LOG_DAYS", 90, least=1)

# --- Celery ----------------------------------------------------------------------------------------
TASK_QUEUES = (
    *("interactive", "memory_ingestion", "code_ingestion", "graph_sync", "pattern_detection"),
    "summary_generation",
)
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": REDIS_KEY_PREFIX,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "health_check_interval": 25,
}
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name)  # type: ignore[no-untyped-call]
    for name in TASK_QUEUES
]
CELERY_TASK_DEFAULT_QUEUE = "memory_ingestion"
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SEND_SENT_EVENT = True
CELERY_WORKER_SEND_TASK_EVENTS = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = read_int("WORKER_MAX_MEMORY_KB", 1_500_000, least=200_000)
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "consolidate-memories-hourly": {
        "task": "processing.consolidate_memories",
        "schedule": crontab(minute="15"),
        "options": {"queue": "summary_generation"},
    },
    "detect-patterns-nightly": {
        "task": "processing.schedule_pattern_detection",
        "schedule": crontab(hour="2", minute="30"),
        "options": {"queue": "pattern_detection"},
    },
    "summarise-quiet-sessions": {
        "task": "processing.schedule_summaries",
        "schedule": crontab(minute="*/5"),
        "options": {"queue": "summary_generation"},
    },
    "find-outdated-nightly": {
        "task": "processing.sweep_outdated",
        "schedule": crontab(hour="3", minute="0"),
        "options": {"queue": "code_ingestion"},
    },
    "find-unembedded-nightly": {
        "task": "processing.sweep_unembedded",
        "schedule": crontab(hour="3", minute="30"),
        "options": {"queue": "memory_ingestion"},
    },
}

# --- REST ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["supastate.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["supastate.api.authentication.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["supastate.api.throttling.WorkspaceThrottle"],
    "DEFAULT_PARSER_CLASSES": ["supastate.api.bodies.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["drf_orjson_renderer.renderers.ORJSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "supastate.api.exceptions.render_exception",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Supastate",
    "DESCRIPTION": "Shared, durable memory and an understanding of the code for AI coding assistants.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "QueueStatusEnum": "supastate.queueing.models.Status.values",
        "MemoryTypeEnum": "ingest.memory_types.MemoryType.values",
        "RoleEnum": "processing.models.Role.values",
        "PatternTypeEnum": "processing.models.PatternType",
        "PatternStateEnum": "processing.models.PatternState",
        "ContradictionKindEnum": "processing.models.ContradictionKind.values",
        "ContradictionStateEnum": "processing.models.ContradictionState.values",
        "ForgettingKindEnum": "processing.models.ForgettingKind.values",
        "SummaryKindEnum": "processing.models.SummaryKind.values",
    },
}

# --- Studio ----------------------------------------------------------------------------------------
FLOWER_URL = read_text("FLOWER_URL", "")
FORMAT_MODULE_PATH = ["supastate.studio.formats"]
UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Supastate Studio",
    "SITE_HEADER": "Supastate",
    "SITE_SUBHEADER": "supastate.studio.appearance.name_workspace",
    "SITE_SYMBOL": "stacks",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "supastate.studio.appearance.find_icon"}],
    "SITE_DROPDOWN": [{"title": "Workspaces", "link": ""}],  # the template lists the person's workspaces
    "ENVIRONMENT": "supastate.studio.appearance.name_environment",
    "STYLES": ["supastate.studio.appearance.find_style"],
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": "supastate.studio.appearance.choose_colours"},
    "SIDEBAR": {"show_search": True, "navigation": "supastate.studio.navigation.build_navigation"},
}

# --- Logs ------------------------------------------------------------------------------------------
LOG_LEVEL = read_text("SUPASTATE_LOG_LEVEL", "INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "supastate.api.logs.make_formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "celery.app.trace": {"level": "WARNING"},  # a claim's own lines say more
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
