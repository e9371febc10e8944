"""The minerals app."""

from django.apps import AppConfig


class MineralsConfig(AppConfig):
    """Its name and place in the import order."""

    name = "minerals"
