"""The project itself as an app: its templates, static files, commands and checks."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Registers the system checks."""

    name = "config"
    verbose_name = "Lodebook"

    def ready(self) -> None:
        """Register the checks, which happens on import."""
        from config import checks  # noqa: F401
