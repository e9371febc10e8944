"""From a document to a checked record, with every problem found at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from config.lib.imprecise import ImpreciseDate
from deals.codes import CountryRole, DisputeStatus
from deals.dossier.catalogue import Catalogue
from deals.dossier.schema import DOSSIER_VERSION, Record, as_document, upgrade
from deals.models.deal import RESERVED_KEYS


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where in the document: ``financing[0].amount``."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


class RecordError(ValueError):
    """A document is no valid record; ``problems`` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def read(document: object, catalogue: Catalogue | None) -> Record:
    """The record in ``document``, which is a record or an envelope around one.

    What Lodebook computed in the envelope is ignored; only what contradicts the record is a
    problem. Without a catalogue, slugs are taken as they are: for records that Lodebook stored
    itself. Raises RecordError with every problem found.
    """
    if isinstance(document, dict) and isinstance(document.get("record"), dict):
        document = _opened(document)
    if not isinstance(document, dict):
        raise RecordError([Problem("", "a record is a mapping of keys such as key, title, kind")])
    try:
        record = Record.model_validate(document, context=catalogue)
    except ValidationError as error:
        # A number of the wrong type is wrong twice, as an integer and as a fraction.
        found = dict.fromkeys(_problem(details) for details in error.errors())
        raise RecordError(list(found)) from error
    problems = list(_contradictions(record))
    if problems:
        raise RecordError(problems)
    return record


def _opened(envelope: dict[str, Any]) -> dict[str, Any]:
    """The record in an envelope, in today's shape."""
    record: dict[str, Any] = envelope["record"]
    contradictions = [
        Problem(name, f"the envelope says {_shown(envelope[name])}, the record {_shown(said)}")
        for name in ("key", "title")
        if name in envelope and envelope[name] != (said := record.get(name))
    ]
    if contradictions:
        raise RecordError(contradictions)
    version = envelope.get("dossier_version", DOSSIER_VERSION)
    try:
        return upgrade(record, version=version)
    except ValueError as error:
        raise RecordError([Problem("dossier_version", str(error))]) from error


_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is no key of a record: check its spelling",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "int_type": "must be a number",
    "float_type": "must be a number",
    "list_type": "must be a list",
    "model_type": "must be a mapping",
    "dict_type": "must be a mapping",
    "too_short": "needs at least one entry",
}


def _problem(details: Any) -> Problem:
    """A pydantic error in our own words, with the path and the offending value."""
    path = ""
    for step in details["loc"]:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step not in ("int", "float") and not str(step).startswith("function-"):
            path += f".{step}" if path else str(step)
    kind, value = details["type"], details["input"]
    if kind == "value_error":
        return Problem(path, str(details["ctx"]["error"]))
    if kind == "string_pattern_mismatch":
        return Problem(path, f"{_shown(value)} has not the form {details['ctx']['pattern']}")
    if kind in ("string_too_long", "too_long"):
        return Problem(path, f"is longer than {details['ctx']['max_length']} characters")
    words = _WORDS.get(kind, details["msg"])
    if kind in ("missing", "extra_forbidden", "too_short"):
        return Problem(path, words)
    return Problem(path, f"{_shown(value)} is wrong: it {words}")


def _shown(value: object) -> str:
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _contradictions(record: Record) -> Iterator[Problem]:
    """What the fields say against each other."""
    if record.kind in record.also_kinds:
        yield Problem("also_kinds", f"“{record.kind}” is the main kind already")
    if record.key in RESERVED_KEYS:
        yield Problem("key", f"“{record.key}” is the address of another page: say more in it")
    for name in ("also_kinds", "minerals", "supply_chain_stages"):
        yield from _twice(name, getattr(record, name))
    yield from _twice("countries", [place.code for place in record.countries])
    yield from _twice("parties", [f"{p.company} as {p.role}" for p in record.parties])
    yield from _twice("sources", [source.url for source in record.sources])
    yield from _twice("projects", [item.project for item in record.projects])
    yield from _twice("links", [f"{link.type} {link.deal}" for link in record.links])
    for name in ("parties", "financing", "milestones", "sources", "citations", "disputes"):
        yield from _twice(f"{name}.ref", [item.ref for item in getattr(record, name)])
    for i, place in enumerate(record.countries):
        if (place.country is None) == (place.bloc is None):
            yield Problem(f"countries[{i}]", "name either a country or a bloc")
    yield from _dates(record)
    yield from _money(record)
    yield from _references(record)
    for i, link in enumerate(record.links):
        if link.deal == record.key:
            yield Problem(f"links[{i}].deal", "a deal cannot link to itself")
    for i, dispute in enumerate(record.disputes):
        if (dispute.status == DisputeStatus.RESOLVED) != (dispute.resolution is not None):
            yield Problem(
                f"disputes[{i}].resolution",
                "a resolved dispute needs a resolution; an open one has none",
            )


def _twice(path: str, values: Iterable[str]) -> Iterator[Problem]:
    for value, count in Counter(values).items():
        if count > 1:
            yield Problem(path, f"“{value}” stands {count} times")


def _dates(record: Record) -> Iterator[Problem]:
    if record.signed_on and record.closed_on:
        signed, closed = (
            ImpreciseDate.parse(record.signed_on),
            ImpreciseDate.parse(record.closed_on),
        )
        if signed.certainly_after(closed):
            yield Problem("closed_on", f"{closed} is before the signing on {signed}")


def _money(record: Record) -> Iterator[Problem]:
    if record.value and record.value.low > record.value.high:
        yield Problem("value", f"low {record.value.low} is above high {record.value.high}")
    above = {line.ref: line.within for line in record.financing}
    for i, line in enumerate(record.financing):
        path = f"financing[{i}]"
        yield from _twice(f"{path}.events.ref", [event.ref for event in line.events])
        yield from _twice(f"{path}.providers", line.providers)
        if (line.amount is None) != (line.currency is None):
            yield Problem(path, "an amount needs a currency, and a currency an amount")
        seen, step = {line.ref}, line.within
        while step is not None:
            if step not in above:
                yield Problem(f"{path}.within", f"“{step}” is the ref of no financing line")
                break
            if step in seen:
                yield Problem(f"{path}.within", "the lines lie within each other in a circle")
                break
            seen.add(step)
            step = above[step]


def _references(record: Record) -> Iterator[Problem]:
    """Refs that point to nothing."""
    sources = {source.ref for source in record.sources}
    items = {
        item.ref
        for name in ("parties", "financing", "milestones", "disputes")
        for item in getattr(record, name)
    }
    named = [
        *((f"milestones[{i}].source", m.source) for i, m in enumerate(record.milestones)),
        *((f"citations[{i}].source", c.source) for i, c in enumerate(record.citations)),
        *(
            (f"financing[{i}].events[{j}].source", event.source)
            for i, line in enumerate(record.financing)
            for j, event in enumerate(line.events)
        ),
    ]
    for path, ref in named:
        if ref is not None and ref not in sources:
            yield Problem(path, f"“{ref}” is the ref of no source")
    for i, citation in enumerate(record.citations):
        if citation.item is not None and citation.item not in items:
            yield Problem(f"citations[{i}].item", f"“{citation.item}” is the ref of no item")


def incomplete(record: Record | Mapping[str, Any]) -> list[Problem]:
    """Why a record, or a document built from the working tables, is not whole enough to publish."""
    document = record if isinstance(record, Mapping) else as_document(record)
    problems = []
    if not document["sources"]:
        problems.append(Problem("sources", "a published deal needs at least one source"))
    if not any(place["role"] == CountryRole.HOST for place in document["countries"]):
        problems.append(Problem("countries", "a published deal needs a host country or bloc"))
    return problems
