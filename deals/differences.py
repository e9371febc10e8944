"""What changed between two records of a deal, field by field, in plain words.

Nested items are matched by ``ref`` (milestones, sources …) or by what they name (countries,
projects, links), so an item that moved is no change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.lib.imprecise import ImpreciseDate
from config.lib.words import money_in_words, percent_in_words
from deals.labels import labels
from deals.presenting.wording import value_words

FIELD_NAMES = {
    "key": "Key",
    "title": "Title",
    "summary": "Summary",
    "kind": "Kind",
    "also_kinds": "Other kinds",
    "status": "Agreement",
    "stage": "Project on the ground",
    "announced_on": "Announced",
    "signed_on": "Signed",
    "closed_on": "Closed",
    "value": "Headline value",
    "countries": "Countries",
    "minerals": "Minerals",
    "minerals_unspecified": "Minerals not specified",
    "supply_chain_stages": "Supply chain stages",
    "event": "Event",
    "parties": "Party",
    "financing": "Financing",
    "terms": "Terms",
    "milestones": "Milestone",
    "projects": "Project",
    "links": "Linked deal",
    "sources": "Source",
    "citations": "Citation",
    "disputes": "Disagreement",
    "confidence": "How sure",
    "verified_on": "Verified",
    "note": "Caveats",
}
VOCABULARY_OF = {
    "kind": "kind",
    "also_kinds": "kind",
    "status": "status",
    "stage": "stage",
    "supply_chain_stages": "supply_chain_stage",
    "confidence": "confidence",
    "role": "party_role",
    "instrument": "instrument",
    "fact": "fact",
    "type": "link_type",
}
"""Where the words of a code are found; those of nested fields depend on what holds them."""

NESTED_VOCABULARY = {
    ("financing", "status"): "financing_status",
    ("disputes", "status"): "dispute_status",
    ("sources", "kind"): "source_kind",
}
NAMES_OF = {
    "company": "companies",
    "country": "countries",
    "bloc": "blocs",
    "minerals": "minerals",
    "project": "projects",
}
HIDDEN = frozenset({"ref"})


@dataclass(frozen=True)
class Difference:
    """One change. ``before`` is empty for what was added, ``after`` for what was taken out."""

    fact: str
    before: str
    after: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """What changed from ``old`` to ``new``, two detail documents of one deal, in record order."""
    return list(_Comparison(old, new).run())


class _Comparison:
    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self.old, self.new = old["record"], new["record"]
        self.old_names, self.new_names = old["names"], new["names"]

    def run(self) -> Iterator[Difference]:
        by_ref = ("parties", "financing", "milestones", "sources", "citations", "disputes")
        for field, name in FIELD_NAMES.items():
            before, after = self.old.get(field), self.new.get(field)
            if before == after:
                continue
            if field in by_ref:
                yield from self.items(field, name, lambda item: item["ref"])
            elif field == "countries":
                yield from self.items(
                    field, name, lambda item: (item["country"] or item["bloc"], item["role"])
                )
            elif field == "projects":
                yield from self.items(field, name, lambda item: item["project"])
            elif field == "links":
                yield from self.items(field, name, lambda item: (item["type"], item["deal"]))
            elif field == "terms":
                yield from self.terms(name, before or [], after or [])
            else:
                yield Difference(
                    name,
                    self.words(field, before, self.old_names),
                    self.words(field, after, self.new_names),
                )

    def terms(self, name: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
        yield from (Difference(name, term, "") for term in before if term not in after)
        yield from (Difference(name, "", term) for term in after if term not in before)

    def items(
        self, field: str, name: str, identity: Callable[[Mapping[str, Any]], Any]
    ) -> Iterator[Difference]:
        """Items taken out, added, and the fields that differ of those that stayed."""
        before = {identity(item): item for item in self.old.get(field) or []}
        after = {identity(item): item for item in self.new.get(field) or []}
        for key, item in before.items():
            if key not in after:
                yield Difference(name, self.item_words(field, item, self.old_names), "")
        for key, item in after.items():
            if key not in before:
                yield Difference(name, "", self.item_words(field, item, self.new_names))
            elif item != before[key]:
                yield from self.fields(field, name, before[key], item)

    def fields(
        self, field: str, name: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Iterator[Difference]:
        title = self.item_title(field, after, self.new_names)
        for part in {**before, **after}:
            if before.get(part) == after.get(part) or part in HIDDEN:
                continue
            what = f"{name} “{title}”, {part.replace('_', ' ').removesuffix(' on')}"
            if part == "amount":
                # The currency is said with the amount.
                yield Difference(what, _amount_words(before), _amount_words(after))
                continue
            yield Difference(
                what,
                self.words(part, before.get(part), self.old_names, within=field),
                self.words(part, after.get(part), self.new_names, within=field),
            )

    def item_title(self, field: str, item: Mapping[str, Any], names: Mapping[str, Any]) -> str:
        """What an item is known by."""
        if field == "parties":
            return self.words("company", item["company"], names)
        if field == "financing":
            return ", ".join(self.words("company", slug, names) for slug in item["providers"])
        if field == "citations":
            return f"{item['source']} on {self.words('fact', item['fact'], names).lower()}"
        if field == "disputes":
            return self.words("fact", item["fact"], names)
        if field == "sources":
            return f"{item['publisher']}: {item['title']}"
        if field == "countries":
            key = "country" if item["country"] else "bloc"
            return self.words(key, item[key], names)
        if field == "projects":
            return self.words("project", item["project"], names)
        if field == "links":
            return str(item["deal"])
        return str(item.get("note") or item.get("ref"))

    def item_words(self, field: str, item: Mapping[str, Any], names: Mapping[str, Any]) -> str:
        """A whole item in a line."""
        title = self.item_title(field, item, names)
        parts = [title]
        for part in ("role", "type", "stake_percent", "instrument", "happened_on", "stated"):
            if item.get(part) is not None:
                parts.append(self.words(part, item[part], names, within=field))
        if item.get("amount") is not None:
            parts.append(_amount_words(item))
        if field == "financing":
            parts.append(self.words("events", item["events"], names, within=field))
        elif item.get("note") and item["note"] != title:
            parts.append(str(item["note"]))
        return ", ".join(parts)

    def words(self, field: str, value: Any, names: Mapping[str, Any], *, within: str = "") -> str:
        """A value of ``field`` as a reader would write it; unknown is empty."""
        if value is None or value == [] or value == "":
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if field == "value":
            note = f" ({value['note']})" if value["note"] else ""
            return f"{value_words(value)}{note}"
        if field == "event" and names["event"]:
            return str(names["event"]["name"])
        if field == "events":
            return "; ".join(self.event_words(event, names) for event in value)
        if isinstance(value, list):
            return ", ".join(self.words(field, item, names, within=within) for item in value)
        if field.endswith("_on"):
            return ImpreciseDate.parse(value).display()
        if field.endswith("_percent"):
            return percent_in_words(value)
        if field == "providers":
            field = "company"
        if field in NAMES_OF:
            known = names[NAMES_OF[field]].get(value)
            return str(known["name"]) if known else str(value)
        vocabulary = NESTED_VOCABULARY.get((within, field)) or VOCABULARY_OF.get(field, "")
        if within == "countries" and field == "role":
            vocabulary = "country_role"
        return labels().get(vocabulary, {}).get(value, str(value))

    def event_words(self, event: Mapping[str, Any], names: Mapping[str, Any]) -> str:
        words = self.words("status", event["status"], names, within="financing").lower()
        date = self.words("happened_on", event["happened_on"], names)
        return " ".join(filter(None, (words, date, event["note"])))


def _amount_words(item: Mapping[str, Any]) -> str:
    if item.get("amount") is None:
        return ""
    return money_in_words(item["amount"], item["currency"] or "USD")
