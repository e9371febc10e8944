"""`config.settings` under an environment that is the same for everyone who runs the tests.

Only `DATABASE_URL` is taken from outside, to run the suite against another server.
"""

import os

KEPT = {"DATABASE_URL"}
NAMED = {
    *("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "HTTPS", "HSTS_SECONDS"),
    *("BEHIND_PROXY", "STATIC_ROOT", "STATEMENT_TIMEOUT_MS", "LOG_LEVEL"),
}
for _name in NAMED - KEPT:
    os.environ.pop(_name, None)
# pytest-django turns DEBUG off again once the settings are read, as production has it.
os.environ["DEBUG"] = "1"

from config.settings import *  # noqa: E402, F403
