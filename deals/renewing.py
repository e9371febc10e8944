"""New names in every current edition: at once if these are few, else in the background.

A `Renaming` says how far it is. Each batch is one transaction with the progress in it, so whoever
goes on after an interruption leaves out nothing; editions are made from their own documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Max, Q
from django.utils import timezone

from deals.codes import Cause
from deals.dossier import Record, as_document, read
from deals.locking import hold_lock
from deals.models import Company, Edition, Renaming
from deals.models.edition import EditionQuerySet
from deals.publishing import PublishError, refresh

if TYPE_CHECKING:
    from django.contrib.auth.models import User

AT_ONCE = 200
"""As many deals are brought up to date while whoever asked for it waits."""
FIRST_BATCH = 25
"""Of many, as many are done while whoever asked waits."""
BATCH = 10
"""Deals in one transaction of a worker: whoever publishes meanwhile waits that long at most."""
WORKING_LOCK = 0x10DEB00D


@dataclass(frozen=True)
class NewNames:
    """Old to new slugs of companies, and old to new keys of deals."""

    companies: Mapping[str, str] = field(default_factory=dict)
    deals: Mapping[str, str] = field(default_factory=dict)

    def applied_to(self, record: Record) -> Record:
        """``record`` under the new names; a company that provides a line twice stands once.

        Raises RecordError if it would then name one thing twice elsewhere.
        """
        document = as_document(record)
        document["key"] = self.deals.get(record.key, record.key)
        for party in document["parties"]:
            party["company"] = self.companies.get(party["company"], party["company"])
        for line in document["financing"]:
            line["providers"] = list(
                dict.fromkeys(self.companies.get(slug, slug) for slug in line["providers"])
            )
        for link in document["links"]:
            link["deal"] = self.deals.get(link["deal"], link["deal"])
        return read(document, None)


def are_many(deals: int) -> bool:
    """Whether a worker is to bring new names into that many deals."""
    return deals > AT_ONCE


def editions_naming(company: Company) -> EditionQuerySet:
    """Current editions that name ``company`` or one that was merged into it."""
    merged = company.merged_from.values_list("slug", flat=True)
    return Edition.objects.current().filter(companies__overlap=[company.slug, *merged])


@transaction.atomic
def bring_names(company: Company, *, by: User | None, old_name: str = "") -> Renaming | None:
    """Brings the names of ``company`` into all current editions that name it; None if none does.

    A few are done when this returns. Of many only the first batch is, so that a company that was
    merged into one nobody knew is never without a page; `run_renamings` does the others, and one
    that waits already is asked to bring what the names are by then. Raises PublishError where few
    editions would name one thing twice; of many, the `Renaming` says which ones.
    """
    hold_lock()
    total = editions_naming(company).count()
    waiting = Renaming.objects.filter(company=company, state=Renaming.State.WAITING).first()
    if waiting is not None:
        waiting.new_name, waiting.asked_by = company.name, by
        _start_over(waiting)
        return waiting
    if not total:
        return None
    renaming = Renaming.objects.create(
        company=company,
        old_name=old_name or _published_name(company),
        new_name=company.name,
        asked_by=by,
        total=total,
    )
    if are_many(total):
        _bring(renaming, _begin(renaming)[:FIRST_BATCH])
    else:
        refresh(editions_naming(company), by=by, renamed=_new_names(company).applied_to)
        renaming.done = total
        _finish(renaming)
    return renaming


@transaction.atomic
def start_again(renaming: Renaming) -> bool:
    """Lets one that stopped wait for a worker anew.

    False if it has not stopped, or was started again meanwhile, or another of the company waits.
    """
    hold_lock()
    renaming.refresh_from_db()
    if renaming.state != Renaming.State.FAILED:
        return False
    waiting = Renaming.objects.filter(company=renaming.company_id, state=Renaming.State.WAITING)
    if waiting.exists():
        return False
    _start_over(renaming)
    return True


def work_off() -> Iterator[Renaming]:
    """Finishes what was asked for, oldest first, and yields each; nothing if another is at it."""
    with _alone() as alone:
        while alone and (renaming := Renaming.objects.unfinished().first()):
            try:
                carry_on(renaming)
            except (InterfaceError, OperationalError):
                raise  # The connection is gone: whoever comes next goes on from here.
            except Exception as error:
                _stop(renaming, f"An error of the program: {type(error).__name__}: {error}")
                raise
            yield renaming


def carry_on(renaming: Renaming) -> None:
    """Brings the names into all editions that are left, a batch a transaction.

    Meanwhile editions with old names may be copied behind those that were left, so it looks again
    until there are none. It ends: the last edition that was looked at moves on each time.
    """
    while left := _take_up(renaming):
        for start in range(0, len(left), BATCH):
            with transaction.atomic():
                _bring(renaming, left[start : start + BATCH])
    if renaming.failure:
        _stop(renaming, renaming.failure)
    else:
        _finish(renaming)


def is_at_work() -> bool:
    """Whether a worker runs now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND objid = %s)",
            [WORKING_LOCK],
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other worker is at it, and none will be meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [WORKING_LOCK])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [WORKING_LOCK])


@transaction.atomic
def _take_up(renaming: Renaming) -> list[tuple[int, int]]:
    """What is left, for a worker that is at it from now on."""
    left = _begin(renaming)
    renaming.state = Renaming.State.RUNNING
    renaming.save(update_fields=["state"])
    return left


def _begin(renaming: Renaming) -> list[tuple[int, int]]:
    """Place in the order and deal of each edition that is left, in that order.

    Whoever holds the lock of publishing after this finds the new names. So beyond the last edition
    that there is now only copies of earlier ones say the old: `_copied`.
    """
    hold_lock()
    renaming.refresh_from_db()
    if renaming.until_seq is None:
        renaming.until_seq = Edition.objects.aggregate(last=Max("seq"))["last"] or 0
    company = _standing(renaming)
    left = list(
        editions_naming(company)
        .filter(Q(seq__lte=renaming.until_seq) | _copied(company), seq__gt=renaming.after_seq)
        .order_by("seq")
        .values_list("seq", "deal")
    )
    renaming.total = renaming.done + len(left)
    renaming.save(update_fields=["until_seq", "total"])
    return left


def _copied(company: Company) -> Q:
    """Editions that took slugs or names of ``company`` from the one before, however late they came.

    `refresh` and `deals.renaming` look names up anew, but keep slugs that they are not about. Those
    that are issued once more, which say why, keep their names too.
    """
    merged = list(company.merged_from.values_list("slug", flat=True))
    return Q(companies__overlap=merged) | Q(cause=Cause.REFRESH) & ~Q(reason="")


def _bring(renaming: Renaming, left: Sequence[tuple[int, int]]) -> None:
    """Refreshes one batch and says so; editions that cannot be are told and left as they are."""
    hold_lock()
    new = _new_names(_standing(renaming))
    editions = Edition.objects.current().filter(deal__in=[deal for _, deal in left])
    try:
        refresh(editions, by=renaming.asked_by, renamed=new.applied_to)
    except PublishError as error:
        others = editions.exclude(key__in=error.problems)
        refresh(others, by=renaming.asked_by, renamed=new.applied_to)
        renaming.failure = "\n".join(filter(None, (renaming.failure, str(error))))
    renaming.done += len(left)
    renaming.after_seq = left[-1][0]
    renaming.save(update_fields=["done", "after_seq", "failure"])


def _standing(renaming: Renaming) -> Company:
    """The company, or the one that it was merged into since."""
    company = Company.objects.select_related("merged_into").get(pk=renaming.company_id)
    return company.merged_into or company


def _new_names(company: Company) -> NewNames:
    merged = company.merged_from.values_list("slug", flat=True)
    return NewNames(companies=dict.fromkeys(merged, company.slug))


def _published_name(company: Company) -> str:
    """The name that the oldest of its current editions says."""
    edition = editions_naming(company).order_by("seq").select_related("document").first()
    if edition is None:
        return company.name
    names = orjson.loads(edition.document.names_text)["companies"]
    return str(names.get(company.slug, {"name": company.name})["name"])


def _start_over(renaming: Renaming) -> None:
    renaming.state = Renaming.State.WAITING
    renaming.done, renaming.after_seq, renaming.until_seq = 0, 0, None
    renaming.failure, renaming.finished_at = "", None
    renaming.total = editions_naming(_standing(renaming)).count()
    renaming.save()


def _finish(renaming: Renaming) -> None:
    renaming.state, renaming.finished_at = Renaming.State.FINISHED, timezone.now()
    renaming.save(update_fields=["state", "finished_at", "done"])


def _stop(renaming: Renaming, failure: str) -> None:
    renaming.state, renaming.finished_at = Renaming.State.FAILED, timezone.now()
    renaming.failure = failure
    renaming.save(update_fields=["state", "finished_at", "failure"])
