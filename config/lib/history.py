"""The audit trail as a person reads it: who changed what and when, from the rows of `audited`."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models

UNTOLD = frozenset({"id", "ref", "updated_at", "created_at", "sort_name", "order"})
"""Fields that say nothing to a reader of the history."""

VERBS = {"insert": "added", "add": "added", "delete": "removed", "remove": "removed"}


@dataclass
class FieldChange:
    """One field of one row: its label, and what stood there before and after."""

    label: str
    before: object
    after: object


@dataclass
class RowChange:
    """What happened to one row: added, changed or removed."""

    what: str
    verb: str
    fields: list[FieldChange] = field(default_factory=list)


@dataclass
class Entry:
    """What one person changed at one moment."""

    at: datetime.datetime
    who: str
    changes: list[RowChange] = field(default_factory=list)


@dataclass
class _Row:
    audit: Any
    before: Any
    model: type[models.Model]


def audit_rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """Every row that the triggers kept of ``model``."""
    rows: models.QuerySet[Any] = model.pgh_event_model.objects.all()  # type: ignore[attr-defined]
    return rows


def entries(querysets: Iterable[models.QuerySet[Any]], about: models.Model) -> list[Entry]:
    """All changes in ``querysets`` of audit rows, newest first, gathered by person and moment.

    ``about`` is the record whose history it is: rows do not say again that they belong to it.
    """
    rows = [row for queryset in querysets for row in _with_predecessors(queryset)]
    rows.sort(key=lambda row: (row.audit.pgh_created_at, row.audit.pgh_id))
    users = _users(rows)
    names = _names(rows)
    found: dict[object, Entry] = {}
    for row in rows:
        change = _change(row, names, about)
        if change is None:
            continue
        # The triggers' clock stands still within a transaction, so one save is one moment.
        moment = row.audit.pgh_created_at.replace(microsecond=0)
        who = users.get(_user_pk(row.audit), "a command or an import")
        found.setdefault((moment, who), Entry(moment, who)).changes.append(change)
    return sorted(found.values(), key=lambda entry: entry.at, reverse=True)


def _with_predecessors(queryset: models.QuerySet[Any]) -> list[_Row]:
    model = queryset.model.pgh_tracked_model
    key = model._meta.pk.attname
    last: dict[object, Any] = {}
    rows = []
    for audit in queryset.select_related("pgh_context").order_by("pgh_id"):
        pk = getattr(audit, key)
        rows.append(_Row(audit, last.get(pk), model))
        last[pk] = audit
    return rows


def _user_pk(audit: Any) -> int | None:
    context = audit.pgh_context
    return context.metadata.get("user") if context else None


def _users(rows: list[_Row]) -> dict[int | None, str]:
    pks = {pk for row in rows if (pk := _user_pk(row.audit)) is not None}
    return {user.pk: str(user) for user in get_user_model()._default_manager.filter(pk__in=pks)}


def _told(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [f for f in model._meta.concrete_fields if f.name not in UNTOLD]


def _names(rows: list[_Row]) -> dict[tuple[type[models.Model], object], str]:
    """Names of the records that the rows point to, in one query a table."""
    wanted: dict[type[models.Model], set[object]] = defaultdict(set)
    for row in rows:
        for column in _told(row.model):
            if isinstance(column, models.ForeignKey):
                for audit in (row.audit, row.before):
                    pk = getattr(audit, column.attname, None)
                    if pk is not None:
                        wanted[column.remote_field.model].add(pk)
    return {
        (model, record.pk): str(record)
        for model, pks in wanted.items()
        for record in model._default_manager.filter(pk__in=pks)
    }


def _change(
    row: _Row, names: dict[tuple[type[models.Model], object], str], about: models.Model
) -> RowChange | None:
    verb = VERBS.get(row.audit.pgh_label, "changed")
    fields = []
    for column in _told(row.model):
        if (
            isinstance(column, models.ForeignKey)
            and isinstance(about, column.remote_field.model)
            and getattr(row.audit, column.attname) == about.pk
        ):
            continue
        before = _shown(row.before, column, names) if verb == "changed" else ""
        after = _shown(row.audit, column, names)
        if verb == "changed" and row.before is None:
            continue
        if before != after:
            label = str(column.verbose_name).capitalize()
            fields.append(FieldChange(label, before, after))
    if not fields:
        return None
    ref = getattr(row.audit, "ref", "")
    what = f"{row.model._meta.verbose_name} {ref}".strip()
    return RowChange(what.capitalize(), verb, fields)


def _shown(
    audit: Any,
    column: models.Field[Any, Any],
    names: dict[tuple[type[models.Model], object], str],
) -> str:
    value = getattr(audit, column.attname, None)
    if value in (None, "", []):
        return ""
    if isinstance(column, models.ForeignKey):
        return names.get((column.remote_field.model, value), f"no. {value}, gone")
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
