"""The deals app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DealsConfig(AppConfig):
    """Its name and place in the import order."""

    name = "deals"

    def ready(self) -> None:
        """Staff's groups follow the models."""
        from deals.staff import ensure_groups

        post_migrate.connect(ensure_groups, sender=self)
