"""Removing for good what must not be kept: a whole deal, or one kind of text in it.

Withdrawing hides a deal; expunging blanks its documents, its index, the working tables, the audit
rows and the admin's log, past editions too. Number, dates and the word “removed” stay, and the key,
under which the page says so: rename the deal first if the key itself is the trouble. Only the
owner of the tables may do it, and back-ups made before still hold what was removed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import pgtrigger
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import Value

from config.lib.history import audit_rows
from deals import publishing
from deals.codes import Cause, Kind, Status
from deals.indexing import canonical, reindex
from deals.locking import hold_lock
from deals.models import (
    Citation,
    Deal,
    DealCountry,
    DealLink,
    DealProject,
    Dispute,
    Edition,
    EditionDocument,
    EditionLine,
    EditionRow,
    EditionSource,
    EditionState,
    FinancingEvent,
    FinancingLine,
    Milestone,
    Party,
    ReviewState,
    Source,
)
from deals.models.deal import DealMineral
from deals.models.edition import EXPUNGING
from deals.models.financing import FinancingProvider

if TYPE_CHECKING:
    from django.contrib.auth.models import User

REMOVED = "removed"
NO_ADDRESS = "https://removed.invalid/"

ROWS: dict[str, type[models.Model]] = {
    "": Deal,
    "parties": Party,
    "financing": FinancingLine,
    "financing.events": FinancingEvent,
    "milestones": Milestone,
    "projects": DealProject,
    "sources": Source,
    "citations": Citation,
    "disputes": Dispute,
}
"""Where a record's texts stand in the working tables."""

NAMES = frozenset({"key", "ref", "item", "language", "currency", "value_currency"})
"""Texts that are names of something else in the record, or codes."""

PATHS = {"value_note": "value.note"}
"""Columns that stand elsewhere in the record."""


class ExpungeError(Exception):
    """Nothing was removed; the message says why and what to do."""


@dataclass(frozen=True)
class Text:
    """One kind of text: its path in the record, and its table and column."""

    path: str
    model: type[models.Model]
    column: str


def texts() -> dict[str, Text]:
    """Every kind of text that can be removed alone, by path, such as ``citations.quote``."""
    found = {}
    for place, model in ROWS.items():
        for column in model._meta.concrete_fields:
            field = column.base_field if isinstance(column, ArrayField) else column
            if (
                isinstance(field, models.CharField | models.TextField)
                and not field.choices
                and column.name not in NAMES
            ):
                path = ".".join(filter(None, (place, PATHS.get(column.name, column.name))))
                found[path] = Text(path, model, column.name)
    return found


@transaction.atomic
def expunge(deal: Deal, *, by: User | None, reason: str) -> Edition:
    """Removes the deal's whole content; the edition that says so is returned."""
    with _allowed():
        edition = publishing.remove(deal, by=by, reason=reason)
        editions = Edition.objects.filter(deal=deal).exclude(pk=edition.pk)
        EditionDocument.objects.filter(edition__deal=deal).update(
            record_text="", names_text="", summary_text="", detail_text=""
        )
        editions.update(**_blank_index(), cause=Cause.EXPUNGE, reason="")
        for model in (EditionRow, EditionLine, EditionState, EditionSource):
            model._default_manager.filter(edition__deal=deal).delete()
        _blank_working(deal)
        _blank_audit(deal)
        _blank_log(deal)
    return edition


@transaction.atomic
def expunge_text(deal: Deal, path: str, *, by: User | None, reason: str) -> Edition | None:
    """Puts “removed” in place of one kind of text, wherever the deal has or had one.

    Returns the edition that makes followers fetch the deal again, None if it is not published.
    """
    known = texts()
    if path not in known:
        raise ExpungeError(f"“{path}” is no text of a record. There are: {', '.join(known)}.")
    text = known[path]
    with _allowed():
        hold_lock()
        for document in EditionDocument.objects.filter(
            edition__in=Edition.objects.readable().filter(deal=deal)
        ):
            record = orjson.loads(document.record_text)
            _replace(record, path.split("."))
            document.record_text = canonical(record)
            document.save(update_fields=["record_text"])
        reindex(Edition.objects.filter(deal=deal))
        _blank_column(text, _rows_of(text.model, deal))
        _blank_column(text, _audit_of(text.model, deal))
        if text.model is Deal and text.column == "title":
            Edition.objects.filter(deal=deal, cause__in=Cause.hidden()).update(
                title=REMOVED, sort_title=REMOVED
            )
        _blank_log(deal)
        return publishing.reissue(deal, by=by, reason=reason)


@contextmanager
def _allowed() -> Iterator[None]:
    """Lets the tables' owner through the triggers for the length of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(pg_has_role(current_user, relowner, 'USAGE')) FROM pg_class"
            " WHERE relname IN ('deals_edition', 'deals_editiondocument')"
        )
        if cursor.fetchone() != (True,):
            raise ExpungeError(
                "Only the owner of the tables may expunge: set DATABASE_URL to that role."
            )
        cursor.execute("SELECT set_config(%s, 'on', true)", [EXPUNGING])
    audits = [
        f"{model.pgh_event_model._meta.label}:append_only"  # type: ignore[attr-defined]
        for model in _audited()
    ]
    with pgtrigger.ignore(*audits):
        yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, 'off', true)", [EXPUNGING])


def _audited() -> tuple[type[models.Model], ...]:
    return (*ROWS.values(), DealCountry, DealLink, DealMineral, FinancingProvider)


def _blank_index() -> dict[str, Any]:
    """An edition's index columns, all empty; number, dates and key are no part of them."""
    kept = {
        *("id", "deal", "number", "seq", "cause", "published_at", "period", "published_by"),
        *("reason", "key"),
    }
    return {
        column.name: _empty(column)
        for column in Edition._meta.concrete_fields
        if column.name not in kept
    } | {"title": REMOVED, "sort_title": REMOVED}


def _empty(column: models.Field[Any, Any]) -> Any:
    """What stands in a column that says nothing."""
    if column.null:
        return None
    if isinstance(column, ArrayField):
        return []
    if isinstance(column, models.BooleanField):
        return False
    if isinstance(column, models.CharField | models.TextField):
        return ""
    return 0


def _rows_of(model: type[models.Model], deal: Deal) -> models.QuerySet[Any]:
    manager: models.Manager[Any] = model._default_manager
    if model is Deal:
        return manager.filter(pk=deal.pk)
    return manager.filter(line__deal=deal) if model is FinancingEvent else manager.filter(deal=deal)


def _audit_of(model: type[models.Model], deal: Deal) -> models.QuerySet[Any]:
    rows = audit_rows(model)
    lines = audit_rows(FinancingLine).filter(deal=deal.pk).values("id")
    if model is Deal:
        return rows.filter(id=deal.pk)
    if model is FinancingEvent:
        return rows.filter(line__in=lines)
    if model is FinancingProvider:
        return rows.filter(financingline__in=lines)
    return rows.filter(deal=deal.pk)


def _blank_working(deal: Deal) -> None:
    """The working record without content: what it must have says nothing."""
    FinancingLine.objects.filter(deal=deal).update(within=None)
    for model in (
        *(DealLink, Citation, Milestone, FinancingLine, Party, DealProject, Dispute, Source),
        *(DealCountry, DealMineral),
    ):
        model._default_manager.filter(deal=deal).delete()
    kept = {"id", "key", "created_at", "updated_at"}
    blank = {
        column.name: _empty(column)
        for column in Deal._meta.concrete_fields
        if column.name not in kept
    }
    Deal.objects.filter(pk=deal.pk).update(
        **blank
        | {
            "title": REMOVED,
            "summary": REMOVED,
            "kind": Kind.OTHER,
            "status": Status.ANNOUNCED,
            "review_state": ReviewState.DRAFT,
        }
    )


def _blank_audit(deal: Deal) -> None:
    """Audit rows keep when, by whom and on which row; what they said is gone."""
    identity = {"id", "key", "deal", "line", "financingline", "created_at", "updated_at"}
    for model in _audited():
        rows = _audit_of(model, deal)
        blank = {
            # Foreign keys of audit rows are not checked, so that 0 names nothing.
            column.attname: _empty(column)
            for column in rows.model._meta.concrete_fields
            if column.name not in identity and not column.name.startswith("pgh_")
        }
        if blank:
            rows.update(**blank)


def _blank_log(deal: Deal) -> None:
    """The admin's own log, which repeats titles."""
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Deal), object_id=str(deal.pk)
    ).update(object_repr=REMOVED, change_message="")


def _replace(node: Any, path: list[str]) -> None:
    """Puts “removed” wherever ``path`` leads to a text."""
    if node is None:
        return
    if isinstance(node, list):
        for item in node:
            _replace(item, path)
        return
    name, rest = path[0], path[1:]
    if rest:
        _replace(node.get(name), rest)
    elif isinstance(node.get(name), list):
        node[name] = [REMOVED for _ in node[name]]
    elif node.get(name):
        node[name] = f"{NO_ADDRESS}{node['ref']}" if name == "url" else REMOVED


def _blank_column(text: Text, rows: models.QuerySet[Any]) -> None:
    column = rows.model._meta.get_field(text.column)
    if isinstance(column, ArrayField):
        for row in rows.exclude(**{text.column: []}):
            said = [REMOVED for _ in getattr(row, text.column)]
            rows.filter(pk=row.pk).update(**{text.column: said})
    elif text.column == "url":
        rows.update(url=models.functions.Concat(Value(NO_ADDRESS), "ref"))
    else:
        rows.exclude(**{text.column: ""}).update(**{text.column: REMOVED})
