"""The deal form as one page: rows name each other by ref before any of them is saved.

Sources, parties and financing lines may be new in the very submit in which a milestone or citation
names them, so every set of rows registers with the `DealPage` of its request, refs are given out
before anything is checked, and `save` writes what is named before what names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest

from config.lib.generics import AnyFormSet, AnyInlineFormSet, AnyModelForm
from deals.dossier.writing import sync_joined
from deals.models import Deal, Dispute, FinancingEvent, FinancingLine, Milestone, Party, Source
from deals.models.financing import FinancingProvider

REF_FORM = re.compile(r"[a-z][a-z0-9-]{0,11}")
type Row = forms.ModelForm[Any]


class DealPage:
    """All sets of rows of one request, by model, and what the database refused of them."""

    def __init__(self) -> None:
        self.rows: dict[type[models.Model], RowSet] = {}
        self.refusals: list[str] = []
        self.used_refs: set[str] = set()

    @classmethod
    def of(cls, request: HttpRequest) -> DealPage:
        """The page of ``request``, made when first asked for."""
        page: DealPage = vars(request).setdefault("deal_page", cls())
        return page

    @classmethod
    def start_again(cls, request: HttpRequest, *refusals: str) -> DealPage:
        """A new page for the same request, which says why the last attempt was refused."""
        page = vars(request)["deal_page"] = cls()
        page.refusals.extend(refusals)
        return page

    def refs(self, *kinds: type[models.Model]) -> dict[str, Row]:
        """Rows of these kinds that stay, by ref."""
        found: dict[str, Row] = {}
        for kind in kinds:
            if kind in self.rows:
                found.update(self.rows[kind].refs())
        return found

    def record(self, kind: type[models.Model], ref: str) -> Any:
        """The saved record behind ``ref``, or None for an empty ref."""
        return self.refs(kind)[ref].instance if ref else None

    def save(self) -> None:
        """Writes all rows: what is named first, removals last and in the opposite order."""
        order = [Source, FinancingLine, Party, Dispute, Milestone, FinancingEvent]
        sets = sorted(
            self.rows.values(),
            key=lambda rows: order.index(rows.model) if rows.model in order else len(order),
        )
        for rows in sets:
            rows.save_rows()
        for rows in reversed(sets):
            rows.delete_rows()


class RefField(forms.CharField):
    """A ref that names another row of the page, chosen from a list or typed."""

    def __init__(self, *, names: str, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(
            widget=forms.TextInput(
                attrs={"size": 5, "list": f"{names}-refs", "class": "ref-input"}
            ),
            max_length=12,
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).lower()


class OwnRefField(forms.CharField):
    """The ref of a row itself: free for a new row, given out when left empty, then fixed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=12,
            label="Ref",
            help_text="Name of this row for others on this page; given when left empty.",
            widget=forms.TextInput(attrs={"size": 4, "class": "own-ref"}),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if value and not REF_FORM.fullmatch(value):
            raise forms.ValidationError(
                f"“{value}” is no ref: write a small letter and a number, or leave it empty."
            )
        return value


class RowForm[M: models.Model](AnyModelForm[M]):
    """One row. ``links`` maps a ref field to the field of the model that it fills."""

    links: ClassVar[dict[str, str]] = {}
    page: DealPage

    def __init__(self, *args: Any, page: DealPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        for name, target in self.links.items():
            record = getattr(self.instance, target) if self.instance.pk else None
            self.initial[name] = record.ref if record else ""
        for field in self.fields.values():
            # Cells of a table have no label of their own. A related choice wraps its widget.
            widget: Any = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", str(field.label))
        if "ref" in self.fields and self.instance.pk and self.instance_ref:
            self.fields["ref"].disabled = True

    @property
    def instance_ref(self) -> str:
        """The ref that the saved row has."""
        return str(getattr(self.instance, "ref", ""))

    @property
    def shown_ref(self) -> str:
        """The ref as the page shows it now, saved or not."""
        return str(self["ref"].value() or "") if "ref" in self.fields else ""

    @property
    def is_filled(self) -> bool:
        """A row that stands in the database or that someone began to fill in."""
        return self.instance.pk is not None or self.has_changed()


class RowSet:
    """What all sets of rows share. Mixed into Django's formsets."""

    letter: ClassVar[str] = ""
    distinct: ClassVar[Sequence[tuple[str, ...]]] = ()
    page: DealPage
    model: Any
    data: Any
    is_bound: bool

    def __init__(self, *args: Any, page: DealPage | None = None, **kwargs: Any) -> None:
        self.page = page or DealPage()
        self.new_objects: list[Any] = []
        self.changed_objects: list[tuple[Any, list[str]]] = []
        self.deleted_objects: list[Any] = []
        super().__init__(*args, **kwargs)
        self.page.rows[self.model] = self

    def add_fields(self, form: Any, index: int | None) -> None:
        """Django's own fields, with a name for the box that removes a row."""
        super().add_fields(form, index)  # type: ignore[misc]
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = "Remove this row"

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Every row knows the page."""
        kwargs: dict[str, Any] = super().get_form_kwargs(index)  # type: ignore[misc]
        return kwargs | {"page": self.page}

    def is_removed(self, form: Row) -> bool:
        """Its box for removal is ticked."""
        # Read from what was sent, since other rows ask before this one is checked.
        box = form.fields.get(DELETION_FIELD_NAME)
        return box is not None and bool(
            self.is_bound
            and box.widget.value_from_datadict(self.data, {}, form.add_prefix(DELETION_FIELD_NAME))
        )

    def all_rows(self) -> Iterator[Any]:
        """Rows that say something, removed or not."""
        return (form for form in self.forms if form.is_filled)  # type: ignore[attr-defined]

    def kept_rows(self) -> list[Any]:
        """Rows that say something and stay."""
        return [form for form in self.all_rows() if not self.is_removed(form)]

    def refs(self) -> dict[str, Row]:
        """Rows that stay, by ref; new ones get theirs now."""
        self.give_refs()
        return {form.shown_ref: form for form in self.kept_rows() if form.shown_ref}

    def next_numbers(self) -> Iterator[str]:
        """Refs that neither a row nor the published edition uses, from the lowest after them."""
        taken = {form.shown_ref for form in self.all_rows()} | self.page.used_refs
        numbers = [int(ref[1:]) for ref in taken if re.fullmatch(self.letter + r"[0-9]{1,6}", ref)]
        number = max(numbers, default=0)
        while True:
            number += 1
            yield f"{self.letter}{number}"

    def give_refs(self) -> None:
        """Gives a ref to each filled row that has none."""
        if not (self.is_bound and self.letter):
            return
        free = self.next_numbers()
        for form in self.all_rows():
            if not form.shown_ref:
                self.data[form.add_prefix("ref")] = next(free)
                form.__dict__.pop("changed_data", None)

    def full_clean(self) -> None:
        """Refs first, so that every check sees them."""
        self.give_refs()
        super().full_clean()  # type: ignore[misc]

    def clean(self) -> None:
        """No ref and no distinct value twice; every ref that is named stands on the page."""
        rows = [form for form in self.kept_rows() if hasattr(form, "cleaned_data")]
        distinct = [("ref",), *self.distinct] if self.letter else self.distinct
        for fields in distinct:
            seen: set[tuple[Any, ...]] = set()
            for form in rows:
                value = tuple(form.cleaned_data.get(name) for name in fields)
                if value in seen and any(value):
                    shown = ", ".join(str(part) for part in value if part)
                    form.add_error(
                        fields[0],
                        f"“{shown}” stands in two rows: change or remove one of them.",
                    )
                seen.add(value)
        for form in rows:
            self.check_links(form)
        super().clean()  # type: ignore[misc]

    def check_links(self, form: Any) -> None:
        """Every ref in ``form`` names a row that stays."""
        for name, target in form.links.items():
            kind = self.model._meta.get_field(target).related_model
            self.check_ref(form, name, kind)

    def check_ref(self, form: Any, name: str, *kinds: type[models.Model]) -> None:
        """The ref in field ``name`` names a row of ``kinds`` that stays."""
        ref = form.cleaned_data.get(name)
        if not ref:
            return
        known = self.page.refs(*kinds)
        if ref not in known:
            things = " or ".join(str(kind._meta.verbose_name) for kind in kinds)
            listed = ", ".join(known) or "none yet"
            form.add_error(
                name,
                f"“{ref}” is the ref of no {things} that stays on this page. There are: {listed}.",
            )

    def save_rows(self) -> None:
        """Saves new and changed rows; removals wait for `delete_rows`."""
        last = max(
            (form.instance.order for form in self.all_rows() if form.instance.pk), default=-1
        )
        for form in self.kept_rows():
            row, is_new = form.instance, form.instance.pk is None
            if is_new:
                last += 1
                row.order = last
            elif not form.has_changed():
                continue
            self.fill(form)
            row.save()
            if is_new:
                self.new_objects.append(row)
            else:
                self.changed_objects.append((row, form.changed_data))

    def fill(self, form: Any) -> None:
        """Ties a row to the deal and to the rows it names."""
        form.instance.deal = self.instance  # type: ignore[attr-defined]
        for name, target in form.links.items():
            kind = self.model._meta.get_field(target).related_model
            setattr(form.instance, target, self.page.record(kind, form.cleaned_data[name]))

    def delete_rows(self) -> None:
        """Removes the rows whose box is ticked."""
        for form in self.all_rows():
            if self.is_removed(form) and form.instance.pk is not None:
                self.deleted_objects.append(form.instance)
                form.instance.delete()


class DealRows(RowSet, AnyInlineFormSet[Any, Deal, Any]):
    """Rows that belong to the deal itself."""


class PartyRows(DealRows):
    letter = "p"
    distinct = (("company", "role"),)


class CountryRows(DealRows):
    distinct = (("country", "bloc"),)


class SourceRows(DealRows):
    letter = "s"
    distinct = (("url",),)


class MilestoneRows(DealRows):
    letter = "m"


class DisputeRows(DealRows):
    letter = "d"


class ProjectRows(DealRows):
    distinct = (("project",),)


class LinkRows(DealRows):
    distinct = (("target", "type"),)


class CitationRows(DealRows):
    """Citations go with their source when that is removed."""

    letter = "c"

    def is_removed(self, form: Any) -> bool:
        return super().is_removed(form) or self.goes_with_source(form)

    def goes_with_source(self, form: Any) -> bool:
        """A saved citation that still names a source which is being removed."""
        if form.instance.pk is None or "source_ref" in form.changed_data:
            return False
        return form.instance.source.ref not in self.page.refs(Source)

    def check_links(self, form: Any) -> None:
        super().check_links(form)
        self.check_ref(form, "item", Party, FinancingLine, Milestone, Dispute)


class LineRows(DealRows):
    """Financing lines: tied within each other once all of them are saved."""

    letter = "f"

    def check_links(self, form: Any) -> None:
        super().check_links(form)
        above = {
            other.shown_ref: other.cleaned_data.get("within_ref")
            for other in self.kept_rows()
            if hasattr(other, "cleaned_data")
        }
        seen, step = {form.shown_ref}, form.cleaned_data.get("within_ref")
        while step:
            if step in seen:
                form.add_error(
                    "within_ref",
                    f"{form.shown_ref} would lie within itself: clear or change this ref.",
                )
                return
            seen.add(step)
            step = above.get(step)

    def fill(self, form: Any) -> None:
        form.instance.deal = self.instance
        if "within_ref" in form.changed_data:
            form.instance.within = None

    def save_rows(self) -> None:
        super().save_rows()
        for form in self.kept_rows():
            if "within_ref" in form.changed_data and form.cleaned_data["within_ref"]:
                line = form.instance
                line.within = self.page.record(FinancingLine, form.cleaned_data["within_ref"])
                line.save(update_fields=["within"])
        sync_joined(
            FinancingProvider,
            ("financingline_id", "company_id"),
            {
                form.instance.pk: [company.pk for company in form.cleaned_data["providers"]]
                for form in self.kept_rows()
                if form.has_changed()
            },
        )

    def delete_rows(self) -> None:
        # A removed line may lie within another removed one.
        FinancingLine.objects.filter(
            pk__in=[f.instance.pk for f in self.all_rows() if self.is_removed(f) and f.instance.pk]
        ).exclude(within=None).update(within=None)
        super().delete_rows()


class EventRows(RowSet, AnyFormSet[FinancingEvent, Any]):
    """Steps of all financing lines of the deal: each names its line by ref."""

    def __init__(
        self,
        *args: Any,
        instance: Deal | None = None,
        save_as_new: bool = False,
        queryset: models.QuerySet[FinancingEvent] | None = None,
        **kwargs: Any,
    ) -> None:
        self.instance = instance or Deal()
        rows = FinancingEvent.objects.all() if queryset is None else queryset
        rows = rows.filter(line__deal=self.instance) if self.instance.pk else rows.none()
        super().__init__(*args, queryset=rows, **kwargs)

    @classmethod
    def get_default_prefix(cls) -> str:
        return "financing_events"

    def is_removed(self, form: Any) -> bool:
        return super().is_removed(form) or self.goes_with_line(form)

    def goes_with_line(self, form: Any) -> bool:
        """A saved event whose line is being removed."""
        if form.instance.pk is None or "line_ref" in form.changed_data:
            return False
        return form.instance.line.ref not in self.page.refs(FinancingLine)

    def fill(self, form: Any) -> None:
        event = form.instance
        event.line = self.page.record(FinancingLine, form.cleaned_data["line_ref"])
        event.source = self.page.record(Source, form.cleaned_data["source_ref"])
        taken = set(event.line.events.exclude(pk=event.pk).values_list("ref", flat=True))
        if not event.ref or event.ref in taken:
            numbers = [int(ref[1:]) for ref in taken if re.fullmatch(r"e[0-9]{1,6}", ref)]
            event.ref = f"e{max(numbers, default=0) + 1}"

    def delete_rows(self) -> None:
        for form in self.all_rows():
            if self.is_removed(form) and form.instance.pk is not None:
                self.deleted_objects.append(form.instance)
                form.instance.delete()
