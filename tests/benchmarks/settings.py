"""Production's settings, with the address of the empty view beside all others."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
