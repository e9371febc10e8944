"""Submit, publish, refresh, withdraw, remove: the only code that writes editions.

Publishing takes one advisory lock for the length of the transaction, so that editions have one
order (``seq``) without gaps and their moments never run backwards.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson
from django.db import connection, transaction
from psycopg.types.range import TimestamptzRange

from deals.codes import Cause
from deals.dossier import (
    Problem,
    Record,
    RecordError,
    as_document,
    build_documents,
    incomplete,
    read,
    working_documents,
)
from deals.indexing import (
    BATCH,
    Reference,
    canonical,
    derive,
    links_of,
    reindex,
    save_side_rows,
    stated_value,
    stored_record,
    value_basis,
)
from deals.locking import hold_lock
from deals.models import Deal, Edition, EditionDocument, ReviewState
from deals.models.edition import EditionQuerySet
from deals.names import NameBook, Names
from deals.totals import COUNTING_LINKS, LinkWeb

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MICROSECOND = datetime.timedelta(microseconds=1)


class PublishError(Exception):
    """Deals cannot be published; ``problems`` names every reason, by deal key."""

    def __init__(self, problems: Mapping[str, Sequence[Problem]]) -> None:
        self.problems = dict(problems)
        lines = [f"{key}: {problem}" for key, found in problems.items() for problem in found]
        super().__init__("; ".join(lines))


@dataclass
class _Draft:
    """An edition about to be made."""

    deal: Deal
    record: Record
    names: Names
    last: Edition | None
    cause: Cause
    reason: str = ""
    edition: Edition = field(default_factory=Edition)
    counts: bool = False
    """Its value may stand in a sum."""


def submit(deal: Deal) -> None:
    """Asks a reviewer to look at the working record."""
    deal.review_state = ReviewState.SUBMITTED
    deal.save(update_fields=["review_state", "updated_at"])


def publish(deal: Deal, *, by: User | None, reason: str = "") -> Edition:
    """Makes the working record of ``deal`` its current edition.

    An unchanged record makes no edition: the current one is returned. Raises PublishError with
    every reason at once if the record is not sound, has no source or has no host.
    """
    return publish_many([deal], by=by, reason=reason)[0]


@transaction.atomic
def publish_many(
    deals: Sequence[Deal],
    *,
    by: User | None,
    reason: str = "",
    published_at: datetime.datetime | None = None,
    progress: Callable[[int], object] | None = None,
) -> list[Edition]:
    """Publishes many deals in one transaction, all or none.

    ``published_at`` dates the editions of a first load; otherwise it is the clock. ``progress`` is
    called with the number of deals done.
    """
    hold_lock()
    records, problems = [], {}
    for deal, document in zip(deals, build_documents(deals), strict=True):
        try:
            record = read(document, None)
        except RecordError as error:
            problems[deal.key] = [*error.problems, *incomplete(document)]
            continue
        if missing := incomplete(record):
            problems[deal.key] = missing
        records.append(record)
    if problems:
        raise PublishError(problems)

    book = NameBook(records)
    last = _last_editions(deals)
    drafts = []
    for deal, record in zip(deals, records, strict=True):
        names = book.of(record)
        present = last.get(deal.pk)
        if not (present and present.is_current and _says_the_same(present, record, names)):
            drafts.append(_Draft(deal, record, names, present, Cause.PUBLISH, reason))
    _write(drafts, by=by, published_at=published_at, progress=progress)
    Deal.objects.filter(pk__in=[deal.pk for deal in deals]).update(
        review_state=ReviewState.APPROVED
    )
    made = {draft.deal.pk: draft.edition for draft in drafts}
    return [made.get(deal.pk) or last[deal.pk] for deal in deals]


def keys_with_unpublished_edits(deals: Sequence[Deal]) -> set[str]:
    """Keys of the deals whose working record differs from what readers see, if they see any."""
    last = _last_editions(deals)
    differing = set()
    for deal, document in zip(deals, working_documents(deals), strict=True):
        edition = last.get(deal.pk)
        if (
            not (edition and edition.is_current)
            or orjson.loads(edition.document.record_text) != document
        ):
            differing.add(deal.key)
    return differing


@transaction.atomic
def withdraw(deal: Deal, *, by: User | None, reason: str) -> Edition:
    """Takes the deal from publication. Past editions stay readable, marked as withdrawn.

    Raises PublishError if it is not published.
    """
    hold_lock()
    current = _last_editions([deal]).get(deal.pk)
    if current is None or not current.is_current:
        raise PublishError({deal.key: [Problem("", "it is not published, so not withdrawn")]})
    edition = _closing_edition(deal, current, Cause.WITHDRAW, by=by, reason=reason)
    edition.key, edition.title, edition.sort_title = current.key, current.title, current.sort_title
    edition.save(force_insert=True)
    Deal.objects.filter(pk=deal.pk).update(review_state=ReviewState.DRAFT)
    _recount_around([deal.key, *_targets(current.links)])
    return edition


@transaction.atomic
def remove(deal: Deal, *, by: User | None, reason: str) -> Edition:
    """Closes the deal for good with an edition that says so; `deals.expunging` blanks the rest."""
    hold_lock()
    last = _last_editions([deal]).get(deal.pk)
    edition = _closing_edition(deal, last, Cause.EXPUNGE, by=by, reason=reason)
    edition.key = deal.key
    edition.save(force_insert=True)
    _recount_around([deal.key, *(_targets(last.links) if last else [])])
    return edition


@transaction.atomic
def reissue(deal: Deal, *, by: User | None, reason: str) -> Edition | None:
    """The current edition once more, so that whoever follows the changes fetches it again.

    None if the deal is not published.
    """
    hold_lock()
    current = _last_editions([deal]).get(deal.pk)
    if current is None or not current.is_current:
        return None
    names: Names = orjson.loads(current.document.names_text)
    record = stored_record(current.document)
    draft = _Draft(deal, record, names, current, Cause.REFRESH, reason)
    _write([draft], by=by)
    return draft.edition


@transaction.atomic
def refresh(
    editions: EditionQuerySet,
    *,
    by: User | None,
    renamed: Callable[[Record], Record] | None = None,
) -> list[Edition]:
    """New editions that differ from the current ones in names and slugs alone.

    They are made from the last edition's document, never from the working tables, so that nothing
    that is being reworked comes out. ``renamed`` replaces slugs and keys in a record (see
    `deals.renaming`); without it only names are looked up anew. Editions whose names did not
    change are left alone. Raises PublishError for editions that would then name one thing twice.
    """
    hold_lock()
    chosen = set(editions.values_list("deal", flat=True))
    current = _with_record(Edition.objects.current()).filter(deal__in=chosen).order_by("seq")
    found = records_under(current.select_related("deal"), renamed)
    book = NameBook(record for _, record in found)
    drafts = []
    for edition, record in found:
        names = book.of(record)
        if not _says_the_same(edition, record, names):
            drafts.append(_Draft(edition.deal, record, names, edition, Cause.REFRESH))
    _write(drafts, by=by)
    return [draft.edition for draft in drafts]


def records_under(
    editions: EditionQuerySet, renamed: Callable[[Record], Record] | None
) -> list[tuple[Edition, Record]]:
    """Editions with their records, under new slugs and keys if ``renamed`` is given.

    Raises PublishError for those that would then name one thing twice.
    """
    found: list[tuple[Edition, Record]] = []
    problems = {}
    for edition in editions.select_related("document"):
        try:
            record = stored_record(edition.document)
            found.append((edition, renamed(record) if renamed else record))
        except RecordError as error:
            problems[edition.key] = [
                *error.problems,
                Problem("", "readers see both: publish the deal without one of them first"),
            ]
    if problems:
        raise PublishError(problems)
    return found


def _with_record(editions: EditionQuerySet) -> EditionQuerySet:
    """``editions`` with what they state, and of what is derived only what the next one asks for."""
    return editions.select_related("document").only(
        *("deal", "number", "cause", "period", "key", "title", "sort_title", "links"),
        *("stated_value", "value_basis", "counts_toward_total"),
        *("document__record_text", "document__names_text"),
    )


def _last_editions(deals: Iterable[Deal]) -> dict[int, Edition]:
    """The last edition of each deal that has any: what readers see, or that it is withdrawn."""
    editions = _with_record(Edition.objects.all()).filter(
        deal__in=[deal.pk for deal in deals], period__upper_inf=True
    )
    return {edition.deal_id: edition for edition in editions.order_by()}


def _says_the_same(edition: Edition, record: Record, names: Names) -> bool:
    document = edition.document
    return document.record_text == canonical(as_document(record)) and (
        document.names_text == canonical(names)
    )


def _next_editions(
    lasts: Iterable[tuple[Deal, Edition | None]],
    *,
    by: User | None,
    published_at: datetime.datetime | None,
) -> list[Edition]:
    """Unsaved editions with number, order and moment, after each deal's last. Needs the lock.

    Moments never run backwards along the order, so the last edition of all has the latest.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "(SELECT seq, published_at, clock_timestamp() FROM deals_edition"
            " ORDER BY seq DESC LIMIT 1)"
            " UNION ALL SELECT 0, NULL, clock_timestamp() ORDER BY 1 DESC LIMIT 1"
        )
        last_seq, last_at, now = cursor.fetchone()
    if published_at is not None and last_at is not None and last_at > published_at:
        published_at = None  # Time runs one way: a later load is dated by the clock.
    editions = []
    moment = published_at or now
    for place, (deal, last) in enumerate(lasts, start=1):
        if last_at is not None and moment <= last_at and published_at is None:
            moment = last_at + MICROSECOND
        last_at = moment
        editions.append(
            Edition(
                deal=deal,
                number=last.number + 1 if last else 1,
                seq=last_seq + place,
                published_at=moment,
                period=TimestamptzRange(moment, None),
                published_by=by,
            )
        )
    return editions


def _close(editions: Iterable[tuple[Edition | None, Edition]]) -> None:
    """Ends the period of each last edition where that of the next one begins."""
    ends = {last.pk: following.published_at for last, following in editions if last}
    if not ends:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE deals_edition AS last SET period = tstzrange(lower(last.period), next.begin)"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) AS next(id, begin)"
            " WHERE last.id = next.id",
            [list(ends), list(ends.values())],
        )


def _closing_edition(
    deal: Deal, last: Edition | None, cause: Cause, *, by: User | None, reason: str
) -> Edition:
    """An unsaved edition without a document, after the last one was closed for it."""
    edition = _next_editions([(deal, last)], by=by, published_at=None)[0]
    edition.cause, edition.reason = cause, reason
    _close([(last, edition)])
    return edition


def _write(
    drafts: Sequence[_Draft],
    *,
    by: User | None,
    published_at: datetime.datetime | None = None,
    progress: Callable[[int], object] | None = None,
) -> None:
    """Writes editions, documents and index, and brings linked deals' totals up to date."""
    if not drafts:
        return
    editions = _next_editions(
        ((draft.deal, draft.last) for draft in drafts), by=by, published_at=published_at
    )
    for draft, edition in zip(drafts, editions, strict=True):
        edition.cause, edition.reason = draft.cause, draft.reason
        draft.edition = edition
    _close((draft.last, draft.edition) for draft in drafts)

    web = None if all(map(_keeps_its_place, drafts)) else _web_of(drafts)
    for draft in drafts:
        draft.counts = _counts(draft, web)
    reference = Reference.load()
    for start in range(0, len(drafts), BATCH // 5):
        batch = drafts[start : start + BATCH // 5]
        _write_batch(batch, reference)
        if progress is not None:
            progress(len(batch))
    if web is not None:
        _recount(web)


def _web_of(drafts: Sequence[_Draft]) -> LinkWeb:
    """The web of links around ``drafts`` as it is to be. Their last editions are closed."""
    keys = {draft.record.key for draft in drafts}
    targets = {link.deal for draft in drafts for link in draft.record.links}
    were_targets = {key for draft in drafts if draft.last for key in _targets(draft.last.links)}
    web = LinkWeb.around(keys | targets | were_targets, Edition.objects.current())
    for draft in drafts:
        web.add(
            draft.record.key,
            links=links_of(draft.record),
            stated=stated_value(draft.record),
            basis=value_basis(draft.record),
        )
    return web


def _counts(draft: _Draft, web: LinkWeb | None) -> bool:
    if web is not None:
        return web.counts(draft.record.key)
    return draft.last is not None and draft.last.counts_toward_total


def _keeps_its_place(draft: _Draft) -> bool:
    """Nothing changes by which a value counts: readers see key, links and value as they are."""
    last, record = draft.last, draft.record
    return (
        last is not None
        and last.is_current
        and last.key == record.key
        and last.links == links_of(record)
        and (last.stated_value, last.value_basis) == (stated_value(record), value_basis(record))
    )


def _write_batch(batch: Sequence[_Draft], reference: Reference) -> None:
    pairs = []
    for draft in batch:
        index = derive(
            draft.edition,
            draft.record,
            draft.names,
            reference,
            counts=draft.counts,
        )
        for name, value in index.columns.items():
            setattr(draft.edition, name, value)
        pairs.append((draft.edition, index))
    Edition.objects.bulk_create([edition for edition, _ in pairs])
    EditionDocument.objects.bulk_create(
        EditionDocument(
            edition=draft.edition,
            record_text=canonical(as_document(draft.record)),
            names_text=canonical(draft.names),
            summary_text=canonical(index.summary),
            detail_text=canonical(index.detail),
        )
        for draft, (_, index) in zip(batch, pairs, strict=True)
    )
    save_side_rows(pairs)


def _targets(links: Iterable[str]) -> list[str]:
    return [
        key for link, _, key in (text.partition(":") for text in links) if link in COUNTING_LINKS
    ]


def _recount_around(keys: Iterable[str]) -> None:
    """Judges anew what counts towards totals in the web around ``keys``."""
    _recount(LinkWeb.around(keys, Edition.objects.current()))


def _recount(web: LinkWeb) -> None:
    """Brings into line the editions of ``web`` that say otherwise."""
    if wrong := web.misjudged():
        reindex(Edition.objects.current().filter(key__in=wrong))
