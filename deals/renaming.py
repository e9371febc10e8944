"""New names and slugs in what readers see: companies renamed or merged, deals given another key.

Working tables change at once; current editions are refreshed from their own documents, so that
no draft comes out with a new name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from deals.codes import LinkType
from deals.dossier import Problem
from deals.locking import hold_lock
from deals.models import Company, Deal, DealRedirect, Edition, Ownership, Party, Renaming
from deals.models.financing import FinancingProvider
from deals.publishing import PublishError, records_under, refresh
from deals.renewing import NewNames, bring_names

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def refresh_company(company: Company, *, by: User | None) -> Renaming | None:
    """Brings a company's new names into every current edition that names it; None if none does.

    At once if these are few, else in the background: see `deals.renewing`.
    """
    return bring_names(company, by=by)


@transaction.atomic
def merge_companies(company: Company, *, into: Company, by: User | None) -> Renaming | None:
    """Makes ``into`` stand for ``company``: in working records now, in editions as they come.

    The old slug leads to the successor from this moment on, and filters know the editions that
    still name it. None if no edition names either. Raises PublishError if a deal names both in one
    role, since then one of the two entries has to go by hand first.
    """
    hold_lock()  # before any row: whoever publishes takes the lock and then rows
    clashes = Party.objects.filter(company=company).filter(
        deal__parties__company=into, role=F("deal__parties__role")
    )
    if clashes.exists():
        raise PublishError(
            {
                party.deal.key: [
                    Problem(
                        "parties",
                        f"{company} and {into} both take part as {party.get_role_display()}: "
                        "remove one of the two, publish, then merge",
                    )
                ]
                for party in clashes.select_related("deal")
            }
        )
    both = Edition.objects.current().filter(companies__contains=[company.slug, into.slug])
    records_under(both, NewNames(companies={company.slug: into.slug}).applied_to)
    company.merged_into = into
    company.full_clean()
    company.save()
    Company.objects.filter(merged_into=company).update(merged_into=into)
    into.aliases = list(dict.fromkeys([*into.aliases, company.name, *company.aliases]))
    into.save()
    Party.objects.filter(company=company).update(company=into)
    shared = FinancingProvider.objects.filter(
        company=into, financingline__in=company.financing_lines.all()
    ).values("financingline")
    FinancingProvider.objects.filter(company=company, financingline__in=shared).delete()
    FinancingProvider.objects.filter(company=company).update(company=into)
    _move_ownerships(company, into)
    into.references.add(*company.references.all())
    return bring_names(into, by=by, old_name=company.name)


def _move_ownerships(company: Company, into: Company) -> None:
    """Holdings of and in ``company`` become ``into``'s; one that it has already goes."""
    for ownership in Ownership.objects.filter(Q(owner=company) | Q(owned=company)):
        owner = into if ownership.owner_id == company.pk else ownership.owner
        owned = into if ownership.owned_id == company.pk else ownership.owned
        known = Ownership.objects.filter(owner=owner, owned=owned, since=ownership.since)
        if owner == owned or known.exists():
            ownership.delete()
        else:
            ownership.owner, ownership.owned = owner, owned
            ownership.save()


@transaction.atomic
def rename_key(deal: Deal, key: str, *, by: User | None) -> list[Edition]:
    """Gives the deal a new key; the old one leads there for good."""
    hold_lock()  # before any row: whoever publishes takes the lock and then rows
    old = deal.key
    deal.key = key
    deal.full_clean()
    deal.save()
    DealRedirect.objects.filter(key=key).delete()
    DealRedirect.objects.create(key=old, deal=deal)
    naming = Q(deal=deal) | Q(links__overlap=[f"{link}:{old}" for link in LinkType.values])
    new = NewNames(deals={old: key})
    return refresh(Edition.objects.current().filter(naming), by=by, renamed=new.applied_to)
