"""Forms of the deal page: the deal itself and one row of each kind that hangs on it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from config.lib.form_fields import CodesField, LinesField, kept_in_order
from config.lib.generics import AnyModelForm
from deals.admin.page import DealPage, OwnRefField, RefField, RowForm
from deals.codes import Kind, SupplyChainStage
from deals.models import (
    Citation,
    Deal,
    Dispute,
    FinancingEvent,
    FinancingLine,
    Milestone,
    Party,
    Source,
)
from deals.models.deal import DealMineral
from deals.models.financing import FinancingProvider


def help_of(model: type[Any], field: str) -> str:
    """The help text that the model gives a field."""
    return str(model._meta.get_field(field).help_text)


class DealForm(AnyModelForm[Deal]):
    """The deal's own fields. ``page`` is set by the admin."""

    page: DealPage

    also_kinds = CodesField(Kind, label="Also", help_text=help_of(Deal, "also_kinds"))
    supply_chain_stages = CodesField(
        SupplyChainStage,
        label="Supply chain stages",
        help_text=help_of(Deal, "supply_chain_stages"),
    )
    terms = LinesField(label="Terms", rows=6, help_text=help_of(Deal, "terms"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "minerals" in self.fields:
            self.initial["minerals"] = list(
                DealMineral.objects.filter(deal=self.instance)
                .order_by("pk")
                .values_list("mineral_id", flat=True)
            )

    def clean_also_kinds(self) -> list[str]:
        """Boxes have no order: those that stood before keep theirs."""
        return kept_in_order(self.instance.also_kinds, self.cleaned_data["also_kinds"])

    def clean_supply_chain_stages(self) -> list[str]:
        """Boxes have no order: those that stood before keep theirs."""
        return kept_in_order(
            self.instance.supply_chain_stages, self.cleaned_data["supply_chain_stages"]
        )

    def clean_value_currency(self) -> str:
        """Capitals, as ISO 4217 has it."""
        return str(self.cleaned_data["value_currency"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        """One figure is both ends; what the database refused last time is said here."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("value_low") is not None and cleaned.get("value_high") is None:
            cleaned["value_high"] = cleaned["value_low"]
        for refusal in self.page.refusals:
            self.add_error(None, refusal)
        return cleaned


class PartyForm(RowForm[Party]):
    ref = OwnRefField()


class SourceForm(RowForm[Source]):
    ref = OwnRefField()

    def clean_url(self) -> str:
        """Web addresses only: a page that a reader can open."""
        url = str(self.cleaned_data["url"])
        if not url.startswith(("https://", "http://")):
            raise forms.ValidationError(f"“{url}” is no web address: it starts with https://.")
        return url

    def clean_language(self) -> str:
        """A code, not the name of a language."""
        language = str(self.cleaned_data["language"]).strip()
        if language and not (language[:2].isalpha() and language[:3].islower()):
            raise forms.ValidationError(f"“{language}” is no language code: write en, ru or kk.")
        return language


class LineForm(RowForm[FinancingLine]):
    links: ClassVar[dict[str, str]] = {"within_ref": "within"}

    ref = OwnRefField()
    within_ref = RefField(
        names="line", label="Within", help_text="Ref of the line it is part of, such as f1."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "providers" in self.fields:
            self.initial["providers"] = list(
                FinancingProvider.objects.filter(financingline=self.instance)
                .order_by("pk")
                .values_list("company_id", flat=True)
            )

    def clean_currency(self) -> str:
        """Capitals, as ISO 4217 has it."""
        return str(self.cleaned_data["currency"]).strip().upper()


class EventForm(RowForm[FinancingEvent]):
    links: ClassVar[dict[str, str]] = {"line_ref": "line", "source_ref": "source"}

    line_ref = RefField(
        names="line", required=True, label="Line", help_text="Ref of the line, such as f1."
    )
    source_ref = RefField(names="source", label="Source", help_text="Ref of the source: s1.")


class MilestoneForm(RowForm[Milestone]):
    links: ClassVar[dict[str, str]] = {"source_ref": "source"}

    ref = OwnRefField()
    source_ref = RefField(names="source", label="Source", help_text="Ref of the source: s1.")


class CitationForm(RowForm[Citation]):
    links: ClassVar[dict[str, str]] = {"source_ref": "source"}

    ref = OwnRefField()
    source_ref = RefField(
        names="source", required=True, label="Source", help_text="Ref of the source: s1."
    )
    item = RefField(
        names="item", label="About", help_text="Ref of the row it is about, such as f1, if one."
    )


class DisputeForm(RowForm[Dispute]):
    ref = OwnRefField()
