"""The environment of the tests, and that of the processes that they start."""

import os

# All that the settings read but DATABASE_URL, which may name another server for the suite.
VARIABLES = {
    *("ALLOWED_HOSTS", "BEHIND_PROXY", "BITMAPS_FROM_DEALS", "CSRF_TRUSTED_ORIGINS", "DEBUG"),
    *("HSTS_SECONDS", "HTTPS", "LOG_LEVEL", "METRICS_TOKEN", "SECRET_KEY"),
    *("STATEMENT_TIMEOUT_MS", "STATIC_COMPRESS", "STATIC_ROOT"),
}


def without_settings() -> dict[str, str]:
    """This process's environment without anything that Lodebook or Django reads."""
    read = VARIABLES | {"DATABASE_URL"}
    return {
        name: value
        for name, value in os.environ.items()
        if name not in read and not name.startswith("DJANGO_")
    }
