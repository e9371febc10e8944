"""Writing the index, and deriving it anew."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from django.db import transaction

from deals.columns.rows import LAYOUT, row_text
from deals.dossier import (
    DOSSIER_VERSION,
    Record,
    read,
    upgrade,
)
from deals.indexing.deriving import Index, derive
from deals.indexing.reference import Reference
from deals.locking import hold_lock
from deals.models import (
    Edition,
    EditionDocument,
    EditionLine,
    EditionRow,
    EditionSource,
    EditionState,
)
from deals.models.edition import EditionQuerySet
from deals.totals import LinkWeb

BATCH = 500


def canonical(document: object) -> str:
    """JSON text in the order of the document, as it is stored and sent."""
    return orjson.dumps(document).decode()


def stored_record(document: EditionDocument) -> Record:
    """The record of an edition, in today's shape."""
    stored = orjson.loads(document.record_text)
    return read(upgrade(stored, version=DOSSIER_VERSION), None)


def save_side_rows(pairs: Sequence[tuple[Edition, Index]]) -> None:
    """Writes rows of files, lines, states and sources of editions that have none yet."""
    EditionRow.objects.bulk_create(
        [EditionRow(edition=e, layout=LAYOUT, text=row_text(index.summary)) for e, index in pairs],
        batch_size=BATCH,
    )
    EditionLine.objects.bulk_create(
        [EditionLine(edition=e, **row) for e, index in pairs for row in index.lines],
        batch_size=BATCH,
    )
    EditionState.objects.bulk_create(
        [EditionState(edition=e, **row) for e, index in pairs for row in index.states],
        batch_size=BATCH,
    )
    EditionSource.objects.bulk_create(
        [EditionSource(edition=e, **row) for e, index in pairs for row in index.sources],
        batch_size=BATCH,
    )


def reindex(editions: EditionQuerySet) -> int:
    """Derives the index of ``editions`` anew from their documents; returns how many there were.

    What counts towards totals is judged among the editions that readers see now; of a past
    edition it stays as it was. Nobody publishes or expunges while a batch is written, or a text
    read before would bring back what was removed meanwhile.
    """
    count = 0
    pks = list(editions.readable().order_by("seq").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        with transaction.atomic():
            hold_lock()
            batch = list(
                Edition.objects.readable()
                .filter(pk__in=pks[start : start + BATCH])
                .select_related("document")
            )
            web = LinkWeb.around({edition.key for edition in batch}, Edition.objects.current())
            reindex_batch(batch, Reference.load(), web)
        count += len(batch)
    return count


def reindex_batch(batch: list[Edition], reference: Reference, web: LinkWeb) -> None:
    pairs = []
    for edition in batch:
        record = stored_record(edition.document)
        counts = web.counts(edition.key) if edition.is_current else edition.counts_toward_total
        names = orjson.loads(edition.document.names_text)
        index = derive(edition, record, names, reference, counts=counts)
        for name, value in index.columns.items():
            setattr(edition, name, value)
        edition.document.summary_text = canonical(index.summary)
        edition.document.detail_text = canonical(index.detail)
        pairs.append((edition, index))
    if not pairs:
        return
    Edition.objects.bulk_update(batch, list(pairs[0][1].columns), batch_size=100)
    EditionDocument.objects.bulk_update(
        [edition.document for edition in batch], ["summary_text", "detail_text"], batch_size=100
    )
    for model in (EditionRow, EditionLine, EditionState, EditionSource):
        model._default_manager.filter(edition__in=batch).delete()
    save_side_rows(pairs)
