"""Django's JSON fixtures into empty tables, many rows at a time.

`loaddata` asks the database for every row and every natural key; for a few thousand rows that is
ten seconds. Here keys are looked up once a model and rows are written together. The files are
ordinary fixtures with natural keys: `loaddata` reads them too.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

BATCH = 1000

type NaturalKey = tuple[Any, ...]


class FixtureError(ValueError):
    """A fixture cannot be loaded; the message names file, row and reason."""


def load_into_empty_tables(files: Iterable[Path]) -> int:
    """Writes the rows of ``files`` in their order; returns how many.

    A row may name rows of earlier files, and of its own model by natural key if they stand before
    it. Call it inside a transaction.
    """
    loader = _Loader()
    count = sum(loader.load(file) for file in files)
    # Rows that came with a key of their own have not moved the sequence that hands out the next.
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(loader.written)):
            cursor.execute(statement)
    return count


class _Loader:
    def __init__(self) -> None:
        self._keys: dict[type[models.Model], dict[NaturalKey, Any]] = {}
        self.written: set[type[models.Model]] = set()

    def load(self, file: Path) -> int:
        rows = orjson.loads(file.read_bytes())
        by_model: dict[type[models.Model], list[dict[str, Any]]] = {}
        for row in rows:
            by_model.setdefault(apps.get_model(row["model"]), []).append(row)
        for model, found in by_model.items():
            try:
                self._load_model(model, found)
            except FixtureError as error:
                raise FixtureError(f"{file}: {error}") from error
        return len(rows)

    def _load_model(self, model: type[models.Model], rows: list[dict[str, Any]]) -> None:
        own = next((f for f in model._meta.fields if f.related_model is model), None)
        waiting = rows
        while waiting:
            # Rows that name a row of their own model wait until that one is there.
            ready: list[dict[str, Any]] = []
            later: list[dict[str, Any]] = []
            if own is None:
                ready = waiting
            else:
                known = self._natural_keys(model)
                for row in waiting:
                    above = row["fields"].get(own.name)
                    (ready if above is None or tuple(above) in known else later).append(row)
                if not ready:
                    raise FixtureError(
                        f"{model._meta.label}: {later[0]['fields'][own.name]} names no row"
                    )
            self._write(model, ready)
            waiting = later

    def _write(self, model: type[models.Model], rows: list[dict[str, Any]]) -> None:
        made = [self._instance(model, row) for row in rows]
        saved = model._default_manager.bulk_create(made, batch_size=BATCH)
        self.written.add(model)
        self._keys.pop(model, None)
        for field in model._meta.many_to_many:
            through: type[models.Model] = getattr(model, field.name).through
            joined = [
                through(
                    **{
                        f"{field.m2m_field_name()}_id": instance.pk,
                        f"{field.m2m_reverse_field_name()}_id": self._pk(field.related_model, key),
                    }
                )
                for instance, row in zip(saved, rows, strict=True)
                for key in row["fields"].get(field.name, [])
            ]
            through._default_manager.bulk_create(joined, batch_size=BATCH)

    def _instance(self, model: type[models.Model], row: dict[str, Any]) -> models.Model:
        values: dict[str, Any] = {}
        many = {field.name for field in model._meta.many_to_many}
        for name, value in row["fields"].items():
            if name in many:
                continue
            field = model._meta.get_field(name)
            if field.related_model is not None and isinstance(field, models.ForeignKey):
                values[field.attname] = (
                    None if value is None else self._pk(field.related_model, value)
                )
            elif isinstance(field, models.Field):
                values[name] = field.to_python(value)
        if "pk" in row:
            values[model._meta.pk.name] = row["pk"]
        return model(**values)

    def _pk(self, model: Any, key: Any) -> Any:
        natural = tuple(key) if isinstance(key, list) else (key,)
        try:
            return self._natural_keys(model)[natural]
        except KeyError:
            raise FixtureError(
                f"{model._meta.label} {natural} is named and does not exist"
            ) from None

    def _natural_keys(self, model: type[models.Model]) -> dict[NaturalKey, Any]:
        if model not in self._keys:
            self._keys[model] = {
                row.natural_key(): row.pk  # type: ignore[attr-defined]
                for row in model._default_manager.all()
            }
        return self._keys[model]
