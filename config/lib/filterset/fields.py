"""Form fields that read a query string strictly. Each error carries the value it is about."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.choices import CallableChoiceIterator, flatten_choices

from config.lib.caching import while_unchanged
from config.lib.imprecise import FIRST_YEAR
from config.lib.problems import shortened, unknown_value

# `(code, label)` pairs, or groups of them, or a function that gives them when asked.
type ChoicesGiven = Iterable[tuple[Any, Any]] | Callable[[], Iterable[tuple[Any, Any]]]
type Expand = Callable[[str], Collection[str] | None]

MAX_VALUES: Final = 50
MAX_LENGTH: Final = 200
_NEAREST_FOR_FIRST: Final = 5  # Looking for the nearest of many names is slow work.
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def refused(message: str, value: str, nearest: str | None = None) -> ValidationError:
    """An error that names the value, and from which a problem detail can be made."""
    params = {"value": value, "nearest": nearest}
    # With params Django formats the message, in which the value may have put percent signs.
    return ValidationError(message.replace("%", "%%"), code="invalid", params=params)


class ManyTextInputs(forms.TextInput):
    """One text input for each value, and an empty one to add another; for long lists of choices."""

    template_name = "django/forms/widgets/multiwidget.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        values: list[str] = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return values

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        first_id = context["widget"]["attrs"].get("id")
        context["widget"]["subwidgets"] = []
        for index, one in enumerate([*(value or []), None]):
            inner = super().get_context(name, one, dict(attrs or {}))["widget"]
            inner["template_name"] = forms.TextInput.template_name
            if first_id and index:
                inner["attrs"]["id"] = f"{first_id}_{index}"
            context["widget"]["subwidgets"].append(inner)
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class ManyValuesField(forms.Field):
    """At most 50 values, each a choice or something that `expand` knows.

    Cleans to ``{value: codes}``: the values as given (in the choices' own letter case) with the
    codes that each stands for, in order. Blank values are left out, as a form sends them.

    `what` completes the sentence “x” is not … (“a mineral”). `expand` gives the codes of a value
    or None if it stands for nothing; without it a value stands for itself and must be a choice.
    Where the values are too many to be choices, `candidates` gives those that a misspelt one may
    have meant; it is asked only then.
    """

    widget: Any = forms.SelectMultiple

    def __init__(
        self,
        *,
        what: str,
        choices: Callable[[], Iterable[tuple[Any, Any]]] | None = None,
        expand: Expand | None = None,
        candidates: Callable[[], Iterable[str]] | None = None,
        **options: Any,
    ) -> None:
        if choices is None:
            options.setdefault("widget", ManyTextInputs)
        super().__init__(**options)
        self.what = what
        self.choices = choices
        self.expand = expand
        self.candidates = candidates
        if choices is not None and isinstance(self.widget, forms.widgets.ChoiceWidget):
            self.widget.choices = CallableChoiceIterator(choices)

    def codes(self) -> Mapping[str, str]:
        """The code of each choice by its letters folded: ``{"kz": "KZ"}``."""
        return {} if self.choices is None else codes_of(self.choices)

    def to_python(self, value: Any) -> list[str]:
        given = [value] if isinstance(value, str) else list(value or ())
        return list(dict.fromkeys(text for one in given if (text := str(one).strip())))

    def clean(self, value: Any) -> dict[str, tuple[str, ...]]:
        values = self.to_python(value)
        self.validate(values)
        if len(values) > MAX_VALUES:
            raise refused(f"At most {MAX_VALUES} values, not {len(values)}.", values[MAX_VALUES])
        codes = self.codes() if values else {}
        found: dict[str, tuple[str, ...]] = {}
        errors: list[ValidationError] = []
        for text in values:
            if len(text) > MAX_LENGTH:
                errors.append(refused(f"A value has at most {MAX_LENGTH} characters.", text))
                continue
            code = codes.get(text.casefold(), text)
            if "\x00" in text:
                expanded = None  # PostgreSQL has no such text, and asking it would fail.
            elif self.expand is not None:
                expanded = self.expand(code)
            else:
                expanded = (code,) if text.casefold() in codes else None
            if expanded is None:
                is_searched = len(errors) < _NEAREST_FOR_FIRST
                errors.append(self._refusal(text, codes.values() if is_searched else None))
            else:
                found[code] = tuple(expanded)
        if errors:
            raise ValidationError(errors)
        return found

    def _refusal(self, text: str, codes: Collection[str] | None) -> ValidationError:
        """That `text` is no value, with the nearest that is; without `codes` none is looked for."""
        if codes is None:
            problem = unknown_value("", text, self.what, ())
            return refused(problem.detail, text)
        known = self.candidates() if self.candidates else codes
        # Someone who writes “Kazakhstan” for KZ knows the name and not the code.
        names = {str(name).casefold(): str(code) for code, name in self._flat_choices()}
        if code := names.get(text.casefold()):
            detail = f"“{shortened(text)}” is not {self.what}. Did you mean “{code}”?"
            return refused(detail, text, code)
        problem = unknown_value("", text, self.what, known)
        return refused(problem.detail, text, problem.nearest)

    def _flat_choices(self) -> list[tuple[Any, Any]]:
        return list(flatten_choices(self.choices())) if self.choices is not None else []


@while_unchanged
def codes_of(choices: Callable[[], Iterable[tuple[Any, Any]]]) -> Mapping[str, str]:
    """The codes of choices by their letters folded."""
    return {str(code).casefold(): str(code) for code, _ in flatten_choices(choices())}


class TrueFalseField(forms.Field):
    """``true`` or ``false``, and nothing else; blank is None."""

    widget = forms.Select(choices=(("", "Any"), ("true", "Yes"), ("false", "No")))

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        if value not in {"true", "false"}:
            raise refused(f"“{shortened(str(value))}” is neither true nor false.", str(value))
        return bool(value == "true")


class OneCodeField(forms.Field):
    """One of the choices; blank is None."""

    widget: Any = forms.Select

    def __init__(
        self, *, what: str, choices: Callable[[], Iterable[tuple[Any, Any]]], **options: Any
    ) -> None:
        super().__init__(**options)
        self.what = what
        self.choices = choices
        if isinstance(self.widget, forms.widgets.ChoiceWidget):
            self.widget.choices = CallableChoiceIterator(
                lambda: [("", "Any"), *((c, label) for c, label in choices() if c != "")]
            )

    def to_python(self, value: Any) -> str | None:
        if value in self.empty_values:
            return None
        codes = [str(code) for code, _ in flatten_choices(self.choices())]
        if value not in codes:
            problem = unknown_value("", str(value), self.what, codes)
            raise refused(problem.detail, str(value), problem.nearest)
        return str(value)


class NumberField(forms.Field):
    """A plain decimal number of at most 15 digits before the point; blank is None."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        text = str(value).strip()
        if not _NUMBER.fullmatch(text):
            raise refused(
                f"“{shortened(text)}” is not a number: write digits only, such as 1000000.", text
            )
        return Decimal(text)


class DayField(forms.Field):
    """One day, ``YYYY-MM-DD``; blank is None."""

    widget = forms.TextInput(
        attrs={"placeholder": "YYYY-MM-DD", "maxlength": "10", "autocomplete": "off"}
    )

    def to_python(self, value: Any) -> datetime.date | None:
        if value in self.empty_values:
            return None
        text = str(value).strip()
        if _DAY.fullmatch(text):
            try:
                day = datetime.date.fromisoformat(text)
            except ValueError as error:
                raise refused(f"“{text}” is no day of the calendar.", text) from error
            if day.year < FIRST_YEAR:
                raise refused(f"“{text}” is before the year {FIRST_YEAR}.", text)
            return day
        raise refused(f"“{shortened(text)}” is not a day: write YYYY-MM-DD.", text)
