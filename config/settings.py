"""Every setting of Lodebook, read from the environment.

| variable | default | meaning |
|---|---|---|
| `DEBUG` | off | development: error pages, templates reloaded, no HTTPS. `./dev run` sets it |
| `SECRET_KEY` | none | signs sessions and forms; required while `DEBUG` is off |
| `ALLOWED_HOSTS` | none; loopback with `DEBUG` | host names served, separated by commas |
| `CSRF_TRUSTED_ORIGINS` | none | further origins whose forms are taken (`https://example.org`) |
| `DATABASE_URL` | none: embedded PostgreSQL | a PostgreSQL server, 15 or newer, as libpq reads it |
| `HTTPS` | on unless `DEBUG` | redirect to https, secure cookies, HSTS |
| `HSTS_SECONDS` | 31536000 | for how long browsers insist on https |
| `BEHIND_PROXY` | off | believe `X-Forwarded-Proto`; only where a proxy always sets it |
| `METRICS_TOKEN` | none: loopback only | what a monitor must show to read `/metrics` |
| `STATIC_ROOT` | `staticfiles/` | where `collectstatic` puts what browsers load |
| `STATIC_COMPRESS` | on | `collectstatic` also writes gzip and Brotli; off where a proxy does so |
| `STATEMENT_TIMEOUT_MS` | 5000 | how long one query of a public page may take; 0: for ever |
| `BITMAPS_FROM_DEALS` | 2000 | from so many deals on they are counted in memory; 0: never |
| `LOG_LEVEL` | `INFO` | `DEBUG`, `INFO`, `WARNING` or `ERROR` |

A wrong or missing one is reported by a system check (`config/checks.py`) that says what to do.
"""

from __future__ import annotations

from pathlib import Path

import environ
from django.utils.csp import CSP

from config.lib.database_url import database_settings

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

# -- What this process is -------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# Known to everyone, so it stands for nothing: only a developer's own machine runs on it.
SECRET_KEY = env.str(
    "SECRET_KEY", default="known-to-everyone-for-development-only" if DEBUG else ""
)
LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOOPBACK_HOSTS if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "config",  # first, so that its templates win over the admin's
    "countries",
    "minerals",
    "deals",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "pghistory",
]
if DEBUG and (BASE_DIR / "tests" / "benchmarks").is_dir():
    INSTALLED_APPS.append("tests.benchmarks")

MIDDLEWARE = [
    "config.lib.metrics.MetricsMiddleware",  # counts what all others answer
    # These two next, so that redirects and refused hosts carry their headers as well.
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.lib.middleware.PublicGZipMiddleware",  # static files bring their own compressed forms
    "config.lib.middleware.PublicPagesMiddleware",  # before the session's: it takes cookies away
    "config.lib.middleware.StaffSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.lib.middleware.StaffAuthenticationMiddleware",
    "config.lib.middleware.StaffMessageMiddleware",
    "config.lib.middleware.StaffHistoryMiddleware",
    "config.lib.timeouts.StatementTimeoutMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "deals.labels.label_context",
            ],
        },
    },
]

# -- Database -------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default="")
DATABASES = {"default": database_settings(DATABASE_URL, checkout=BASE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATEMENT_TIMEOUT_MS = env.int("STATEMENT_TIMEOUT_MS", default=5000)
BITMAPS_FROM_DEALS = env.int("BITMAPS_FROM_DEALS", default=2000)
STATEMENT_TIMEOUT_EXEMPT_PATHS = ("/admin/",)

# -- Language and time ----------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# -- Files that browsers load ---------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATIC_COMPRESS = env.bool("STATIC_COMPRESS", default=True)
STATIC_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"
if not DEBUG:  # names with a hash in them, which browsers may keep for ever
    STATIC_STORAGE = (
        "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_COMPRESS
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    )
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "webp", "woff", "woff2"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is uploaded
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}

# -- Staff ----------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["config.auth.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
# Only here does it matter who asks; elsewhere cookies are neither read nor set.
SESSION_PATHS = ("/admin/",)
PROBLEM_PATHS = ("/api/",)
"""Where errors are problem details; elsewhere they are pages."""
DEMO_USERNAME = "demo"
DEMO_PASSWORD_FILE = BASE_DIR / ".lodebook" / "demo-password"

# -- Security -------------------------------------------------------------------------------

HTTPS = env.bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # asked over plain http from within
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],  # Swagger and the admin's style sheets carry small pictures
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SILENCED_SYSTEM_CHECKS = [
    # HSTS for subdomains and browsers' preload lists: one site does not decide for its siblings.
    "security.W005",
    "security.W021",
]

# -- API ------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    # Closed unless a view opens itself; a test lists the public ones.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.lib.problems.problem_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,  # there is one format, so `format` is a parameter unknown
    "COERCE_DECIMAL_TO_STRING": False,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Lodebook API",
    "DESCRIPTION": "Critical-minerals deals: who holds what, whose money it is, and how firm.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [],  # code lists stand where they are used, with no names of their own
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# -- Log ------------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        # A level that logging does not know would stop Django before the check can say so.
        "level": LOG_LEVEL if LOG_LEVEL in {"DEBUG", "INFO", "WARNING", "ERROR"} else "INFO",
    },
    "loggers": {
        # Django's own handlers mail administrators and print in DEBUG only; ours prints always.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": ["console"], "propagate": False},
    },
}
