"""The audit trail: database triggers write down who changed what, whichever way it came in."""

from collections.abc import Callable

import pghistory
from django.db import models


def audited[M: models.Model](model: type[M]) -> type[M]:
    """Keeps every insert, update and deletion of ``model`` in a table ``<Model>Audit``.

    The rows are append-only and name the user through the request's context.
    """
    track: Callable[[type[M]], type[M]] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        obj_field=pghistory.ObjForeignKey(related_name="audit_rows"),
        model_name=f"{model.__name__}Audit",
        append_only=True,
    )
    return track(model)


def audited_pairs[M: models.Model](model: type[M]) -> type[M]:
    """The same for a many-to-many table: pairs that were added and removed."""
    track: Callable[[type[M]], type[M]] = pghistory.track(
        pghistory.InsertEvent("add"),
        pghistory.DeleteEvent("remove"),
        obj_field=None,
        model_name=f"{model.__name__}Audit",
        append_only=True,
    )
    return track(model)
