"""`config.settings` under an environment that is the same for everyone who runs the tests.

Only `DATABASE_URL` is taken from outside, to run the suite against another server.
"""

import os

from tests.environment import VARIABLES

for _name in VARIABLES:
    os.environ.pop(_name, None)
# pytest-django turns DEBUG off again once the settings are read, as production has it.
os.environ["DEBUG"] = "1"
# Playwright keeps an event loop in the main thread, which makes Django refuse the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from config.settings import *  # noqa: E402, F403

WHITENOISE_AUTOREFRESH = True  # static files are not collected for tests
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
