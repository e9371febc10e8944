"""Where a deal's working record stands beside what readers see: obstacles and differences."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from deals.dossier import Problem, Record, RecordError, build_documents, incomplete, read
from deals.indexing import stored_record
from deals.models import Deal, Edition

IDENTITY: dict[str, tuple[str, ...]] = {
    "countries": ("country", "bloc"),
    "projects": ("project",),
    "links": ("type", "deal"),
}
"""What tells the items of a list apart that have no ref."""

ITEM_NAMES = {
    "countries": "country",
    "parties": "party",
    "financing": "financing line",
    "events": "step",
    "milestones": "milestone",
    "projects": "project",
    "links": "link",
    "sources": "source",
    "citations": "citation",
    "disputes": "dispute",
}


@dataclass(frozen=True)
class Difference:
    """One thing that two records say differently; None where one of them says nothing."""

    label: str
    before: str | None
    after: str | None


@dataclass
class Standing:
    """The working record beside the last edition.

    ``digest`` names the state that was looked at, so that nothing else is published after it.
    """

    deal: Deal
    document: dict[str, Any]
    last: Edition | None
    problems: list[Problem] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @classmethod
    def of(cls, deal: Deal) -> Standing:
        """How ``deal`` stands now."""
        document = build_documents([deal])[0]
        last = deal.editions.order_by("-number").select_related("document").first()
        standing = cls(deal, document, last, problems_of(document))
        before = published_document(deal.pk)
        if before is not None:
            standing.differences = list(differences(before, document))
        return standing

    @property
    def current(self) -> Edition | None:
        """The edition that readers see now, or None."""
        return self.last if self.last is not None and self.last.is_current else None

    @property
    def digest(self) -> str:
        """A fingerprint of the working record."""
        return hashlib.sha256(orjson.dumps(self.document)).hexdigest()[:16]


def problems_of(document: dict[str, Any]) -> list[Problem]:
    """Every reason why the record cannot be published as it stands."""
    try:
        return incomplete(read(document, None))
    except RecordError as error:
        return error.problems


def published_document(deal_pk: int) -> dict[str, Any] | None:
    """The record of the current edition as plain values, or None."""
    edition = Edition.objects.current().filter(deal=deal_pk).select_related("document").first()
    return None if edition is None else dict(orjson.loads(edition.document.record_text))


def published_record(deal_pk: int) -> Record | None:
    """The record of the current edition, or None."""
    edition = Edition.objects.current().filter(deal=deal_pk).select_related("document").first()
    return None if edition is None else stored_record(edition.document)


def differences(
    before: dict[str, Any], after: dict[str, Any], *, within: str = ""
) -> Iterator[Difference]:
    """What ``after`` says otherwise than ``before``, field by field; items are matched by ref."""
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        label = f"{within}{name.replace('_', ' ')}"
        if isinstance(old or new, list) and name in ITEM_NAMES:
            yield from _item_differences(name, old or [], new or [], within)
        elif isinstance(old, dict) and isinstance(new, dict):
            yield from differences(old, new, within=f"{label}, ")
        else:
            yield Difference(label.capitalize() if not within else label, _said(old), _said(new))


def _item_differences(
    name: str, before: list[dict[str, Any]], after: list[dict[str, Any]], within: str
) -> Iterator[Difference]:
    old, new = ({_identity(name, item): item for item in items} for items in (before, after))
    for key in dict.fromkeys([*old, *new]):
        label = f"{within}{ITEM_NAMES[name]} {key}"
        label = label if within else label.capitalize()
        if key not in new:
            yield Difference(label, _said(old[key]), None)
        elif key not in old:
            yield Difference(label, None, _said(new[key]))
        elif old[key] != new[key]:
            yield from differences(old[key], new[key], within=f"{label}, ")
    kept = [key for key in old if key in new]
    if kept != [key for key in new if key in old]:
        shown = f"order of {name}"
        yield Difference(
            within + shown if within else shown.capitalize(),
            ", ".join(kept),
            ", ".join(key for key in new if key in old),
        )


def _identity(name: str, item: dict[str, Any]) -> str:
    parts = IDENTITY.get(name, ("ref",))
    return " ".join(str(item[part]) for part in parts if item.get(part))


def _said(value: Any) -> str | None:
    """A value in words, as staff read it."""
    if value is None or value == [] or value == "":
        return None
    if isinstance(value, dict):
        said = ((key, _said(item)) for key, item in value.items() if key != "ref")
        return "; ".join(f"{key.replace('_', ' ')}: {text}" for key, text in said if text)
    if isinstance(value, list):
        return "; ".join(text for item in value if (text := _said(item)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,}"
    return str(value)
