"""The countries app."""

from django.apps import AppConfig


class CountriesConfig(AppConfig):
    """Its name and place in the import order."""

    name = "countries"
