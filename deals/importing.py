"""Import: documents to drafts, checked whole before anything is written.

All problems of all documents are found at once; with one problem nothing is written. What is
written is one transaction.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from django.db import transaction

from config.lib.documents import MAX_BYTES, DocumentError, load_json, load_yaml, read_ndjson
from deals.codes import LinkType
from deals.dossier import (
    Catalogue,
    Record,
    RecordError,
    as_document,
    forget_links,
    incomplete,
    read,
    working_documents,
    write,
)
from deals.locking import hold_lock
from deals.models import Deal, DealLink, DealRedirect, Edition
from deals.publishing import publish_many

if TYPE_CHECKING:
    from django.contrib.auth.models import User

WRITE_BATCH = 500
SUFFIXES = (".yaml", ".yml", ".json", ".ndjson")
STDIN = "-"


@dataclass(frozen=True)
class Document:
    """One document and where it stands: a path, with the line number in NDJSON."""

    place: str
    content: object


@dataclass(frozen=True)
class ImportProblem:
    """What is wrong in which document."""

    place: str
    path: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.place}: {self.path}" if self.path else self.place
        return f"{where}: {self.reason}"


class ImportRefused(Exception):
    """Nothing was written; ``problems`` says why, document by document."""

    def __init__(self, problems: Sequence[ImportProblem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = list(problems)


@dataclass
class Report:
    """What an import does, or in a dry run would do, by deal key."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)


def read_paths(paths: Iterable[str]) -> Iterator[Document | ImportProblem]:
    """The documents in files, folders (by name, with sub-folders) and ``-`` for standard input."""
    for path in paths:
        if path == STDIN:
            yield from _read_ndjson(sys.stdin.buffer, "standard input")
            continue
        start = Path(path)
        if not start.exists():
            yield ImportProblem(path, "", "there is no such file or folder")
            continue
        files = [start]
        if start.is_dir():
            files = sorted(
                f for f in start.rglob("*") if f.suffix.lower() in SUFFIXES and f.is_file()
            )
            if not files:
                yield ImportProblem(path, "", f"the folder has no {', '.join(SUFFIXES)} file")
        for file in files:
            yield from _read_file(file)


def _read_file(file: Path) -> Iterator[Document | ImportProblem]:
    suffix = file.suffix.lower()
    try:
        if suffix == ".ndjson":
            with file.open("rb") as stream:
                yield from _read_ndjson(stream, str(file))
            return
        load = load_json if suffix == ".json" else load_yaml
        # One byte more than may be: the loader then says that it is too large.
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        document = Document(str(file), load(content))
    except (DocumentError, OSError) as error:
        yield ImportProblem(str(file), "", str(error))
    else:
        yield document


def _read_ndjson(stream: object, name: str) -> Iterator[Document | ImportProblem]:
    for number, content in read_ndjson(stream):  # type: ignore[arg-type]
        place = f"{name}, line {number}"
        if isinstance(content, DocumentError):
            yield ImportProblem(place, "", content.reason)
        else:
            yield Document(place, content)


def import_documents(
    documents: Iterable[Document | ImportProblem],
    *,
    publish: bool = False,
    by: User | None = None,
    replace_drafts: bool = False,
    dry_run: bool = False,
    published_at: datetime.datetime | None = None,
    progress: Callable[[int], object] | None = None,
) -> Report:
    """Writes documents as drafts and, with ``publish``, publishes them.

    A record equal to the current edition's changes nothing. A deal with unpublished edits is a
    conflict unless ``replace_drafts``. Raises ImportRefused with every problem of every document.
    ``progress`` is called with the number of deals done.
    """
    found, problems = _checked(documents)
    with transaction.atomic():
        if publish:
            hold_lock()  # before any row: whoever publishes takes the lock and then rows
        report, todo = _sorted_out(found, problems, replace_drafts=replace_drafts)
        if problems:
            raise ImportRefused(problems)
        if dry_run:
            return report
        catalogue = Catalogue.load()
        deals: list[Deal] = []
        _make_stubs(todo, catalogue)
        # Before any is added: what was a part may become the whole, in batches of their own.
        forget_links(todo)
        for batch in batched(todo, WRITE_BATCH, strict=False):
            deals += write(batch, catalogue)
            if progress is not None and not publish:
                progress(len(batch))
        if publish:
            publish_many(deals, by=by, published_at=published_at, progress=progress)
            report.published = [deal.key for deal in deals]
    return report


def _make_stubs(records: Sequence[Record], catalogue: Catalogue) -> None:
    """Rows for new deals that an earlier batch links to, so that the order does not matter."""
    batch_of = {record.key: place // WRITE_BATCH for place, record in enumerate(records)}
    awaited = {
        link.deal
        for record in records
        for link in record.links
        if batch_of.get(link.deal, 0) > batch_of[record.key]
    }
    new = [
        record
        for record in records
        if record.key in awaited and record.key not in catalogue.ids["deal"]
    ]
    stubs = Deal.objects.bulk_create(
        Deal(
            key=record.key,
            title=record.title,
            summary=record.summary,
            kind=record.kind,
            status=record.status,
            confidence=record.confidence,
        )
        for record in new
    )
    catalogue.ids["deal"].update({deal.key: deal.pk for deal in stubs})


def _checked(
    documents: Iterable[Document | ImportProblem],
) -> tuple[dict[str, tuple[str, Record]], list[ImportProblem]]:
    """Sound records by key with their place, and every problem."""
    problems: list[ImportProblem] = []
    taken: list[Document] = []
    for document in documents:
        if isinstance(document, ImportProblem):
            problems.append(document)
        else:
            taken.append(document)
    catalogue = Catalogue.load()
    catalogue.admit("deal", filter(None, (_key(document.content) for document in taken)))
    found: dict[str, tuple[str, Record]] = {}
    for document in taken:
        try:
            record = read(document.content, catalogue)
        except RecordError as error:
            problems += [ImportProblem(document.place, p.path, p.reason) for p in error.problems]
            continue
        problems += [ImportProblem(document.place, p.path, p.reason) for p in incomplete(record)]
        if record.key in found:
            problems.append(
                ImportProblem(
                    document.place,
                    "key",
                    f"“{record.key}” stands in {found[record.key][0]} too",
                )
            )
        found.setdefault(record.key, (document.place, record))
    problems += _renamed(found)
    problems += _circles(found)
    return found, problems


def _key(content: object) -> str | None:
    if isinstance(content, dict):
        inner = content.get("record", content)
        if isinstance(inner, dict) and isinstance(inner.get("key"), str):
            return str(inner["key"])
    return None


def _renamed(found: dict[str, tuple[str, Record]]) -> list[ImportProblem]:
    return [
        ImportProblem(
            found[redirect.key][0],
            "key",
            f"“{redirect.key}” was renamed: use “{redirect.deal.key}”",
        )
        for redirect in DealRedirect.objects.filter(key__in=found).select_related("deal")
    ]


def _circles(found: dict[str, tuple[str, Record]]) -> list[ImportProblem]:
    """Deals that would be part of themselves, in the import and the database together."""
    above: dict[str, set[str]] = {}
    stored = DealLink.objects.filter(type=LinkType.PART_OF).exclude(deal__key__in=found)
    for key, target in stored.values_list("deal__key", "target__key"):
        above.setdefault(key, set()).add(target)
    for key, (_, record) in found.items():
        above[key] = {link.deal for link in record.links if link.type == LinkType.PART_OF}
    problems = []
    for key, (place, _) in found.items():
        seen: set[str] = set()
        edge = above.get(key, set())
        while edge:
            seen |= edge
            edge = {higher for deal in edge for higher in above.get(deal, set())} - seen
        if key in seen:
            problems.append(
                ImportProblem(place, "links", f"“{key}” would be part of itself, in a circle")
            )
    return problems


def _sorted_out(
    found: dict[str, tuple[str, Record]],
    problems: list[ImportProblem],
    *,
    replace_drafts: bool,
) -> tuple[Report, list[Record]]:
    """What is new, changed or the same; conflicts are added to ``problems``."""
    report = Report()
    todo = []
    deals = {deal.key: deal for deal in Deal.objects.filter(key__in=found)}
    working = dict(
        zip(deals, map(_canonical, working_documents(list(deals.values()))), strict=True)
    )
    published = dict(
        Edition.objects.current().filter(key__in=found).values_list("key", "document__record_text")
    )
    for key, (place, record) in found.items():
        wanted = _canonical(as_document(record))
        if key not in deals:
            report.new.append(key)
        elif wanted == published.get(key):
            report.unchanged.append(key)
            continue
        elif working[key] in (published.get(key), wanted) or replace_drafts:
            report.changed.append(key)
        else:
            problems.append(
                ImportProblem(
                    place,
                    "",
                    f"the deal “{key}” has unpublished edits: publish or undo them, or replace "
                    "them with --replace-drafts",
                )
            )
            continue
        todo.append(record)
    return report, todo


def _canonical(document: object) -> str:
    return orjson.dumps(document).decode()
