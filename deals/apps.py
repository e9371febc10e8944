"""The deals app."""

from django.apps import AppConfig


class DealsConfig(AppConfig):
    """Its name and place in the import order."""

    name = "deals"
