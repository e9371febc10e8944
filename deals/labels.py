"""The words of all code lists, for templates: ``labels.status.mou_signed`` is “MoU signed”."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest

from config.lib.codes import Vocabulary
from countries.models import VOCABULARIES as COUNTRY_VOCABULARIES
from deals.codes import VOCABULARIES as DEAL_VOCABULARIES
from minerals.models import VOCABULARIES as MINERAL_VOCABULARIES

type Labels = dict[str, dict[str, str]]


def vocabularies() -> dict[str, Vocabulary]:
    """Every code list of the site by its public name: those of deals first."""
    return {**DEAL_VOCABULARIES, **MINERAL_VOCABULARIES, **COUNTRY_VOCABULARIES}


@cache
def labels() -> Labels:
    """Vocabulary → code → label."""
    return {
        name: {row["code"]: row["label"] for row in vocabulary.as_rows()}
        for name, vocabulary in vocabularies().items()
    }


def label_context(request: HttpRequest) -> dict[str, Labels]:
    """Context processor: the tags of the design system find the words of codes here."""
    return {"labels": labels()}


def in_sentence(label: str) -> str:
    """A label within a sentence: “agreement signed”, but “MoU signed” as it is."""
    first, _, rest = label.partition(" ")
    if first[1:] == first[1:].lower():
        first = first.lower()
    return f"{first} {rest}".rstrip()
