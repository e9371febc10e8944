"""The list of what is never public names real columns, and all of the deal's own."""

from __future__ import annotations

import pytest
from django.apps import apps

from deals.dossier import Record
from deals.models import Deal
from deals.privacy import NEVER_PUBLIC


@pytest.mark.parametrize("name", sorted(NEVER_PUBLIC))
def test_each_name_is_a_column(name: str) -> None:
    app, model, column = name.split(".")
    assert apps.get_model(app, model)._meta.get_field(column)


def test_what_a_record_does_not_hold_is_never_public() -> None:
    """A new field of a deal is in its record, or on the list."""
    columns = {column.name for column in Deal._meta.concrete_fields} - {"id"}
    told = set(Record.model_fields) | {f"value_{p}" for p in ("low", "high", "currency")}
    told |= {"value_basis", "value_note"}
    listed = {name.removeprefix("deals.deal.") for name in NEVER_PUBLIC}
    assert columns - told == columns & listed
