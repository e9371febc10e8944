"""Form fields of the admin: lists one entry a line, boxes, ordered choices, plain numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import models

from config.lib.generics import AnyMultipleChoiceField


class LinesField(forms.Field):
    """A list of texts, written one a line; empty lines are left out."""

    widget = forms.Textarea

    def __init__(
        self, *, entry_max_length: int | None = None, rows: int = 4, **kwargs: Any
    ) -> None:
        self.entry_max_length = entry_max_length
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "widget", forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list[str]:
        if not value:
            return []
        lines = value if isinstance(value, list | tuple) else str(value).splitlines()
        return [line.strip() for line in lines if line.strip()]

    def validate(self, value: Any) -> None:
        super().validate(value)
        limit = self.entry_max_length
        errors = [
            f"Line {number} has {len(line)} characters, and an entry has at most {limit}: "
            f"“{line[:60]}…”"
            for number, line in enumerate(value, start=1)
            if limit is not None and len(line) > limit
        ]
        errors += [
            f"“{line}” stands twice: remove one of the two."
            for line in dict.fromkeys(value)
            if value.count(line) > 1
        ]
        if errors:
            raise ValidationError(errors)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class CodesField(forms.TypedMultipleChoiceField):
    """Several codes of one list, ticked; kept in the order of the list."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, codes: type[models.TextChoices], **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        self.codes: list[str] = list(codes.values)
        super().__init__(choices=codes.choices, coerce=str, **kwargs)

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return [code for code in self.codes if code in chosen]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(initial or ()) != set(data or ())


class OrderedSelect(AutocompleteSelectMultiple):
    """An autocompleting select that shows what is chosen in the order in which it was chosen."""

    def optgroups(self, name: str, value: Sequence[str], attrs: Any = None) -> Any:
        groups = super().optgroups(name, value, attrs)
        place = {str(pk): i for i, pk in enumerate(value)}
        for _, options, _ in groups:
            options.sort(key=lambda option: place.get(str(option["value"]), len(place)))
        return groups


class OrderedChoiceField(AnyMultipleChoiceField[Any]):
    """Several records in the order in which they were chosen, as a list."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        place = {str(pk): i for i, pk in enumerate(value or ())}
        return sorted(found, key=lambda record: place[str(record.pk)])

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [_pk(item) for item in initial or ()] != [str(item) for item in data or ()]


class PlainDecimalField(forms.DecimalField):
    """A number shown without the noughts that its column pads it with: 70, not 70.0000."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _pk(item: Any) -> str:
    return str(item.pk if isinstance(item, models.Model) else item)


def kept_in_order(present: Sequence[Any], chosen: Iterable[Any]) -> list[Any]:
    """``chosen`` in the order of ``present`` as far as they stand there, new ones after them.

    Boxes have no order of their own, so that ticking one more does not shuffle the others.
    """
    chosen = list(chosen)
    return [item for item in present if item in chosen] + [
        item for item in chosen if item not in present
    ]
