"""The WSGI application, for gunicorn and its like.

Servers do not run Django's system checks, so the ones on the settings run here: a production
site with a missing setting does not start, and says why.
"""

import gc
import os

from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

GARBAGE_LOOKED_FOR_EVERY = 20_000
"""New objects, less those that are gone."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

_problems = [message for message in run_checks(tags=["settings"]) if message.is_serious()]
if _problems:
    raise ImproperlyConfigured("\n".join(str(problem) for problem in _problems))

# What is loaded by now stays for ever: looked through again and again it would make a request of
# every few hundred wait.
gc.collect()
gc.freeze()
# A page makes some thousand objects that are in use until it is sent: to look through those, as
# Python would several times a page, finds nothing and takes a tenth of its time.
gc.set_threshold(GARBAGE_LOOKED_FOR_EVERY)
