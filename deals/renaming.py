"""New names and slugs in what readers see: companies renamed or merged, deals given another key.

Working tables change at once; current editions are refreshed from their own documents, so that
no draft comes out with a new name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from deals.codes import LinkType
from deals.dossier import Problem, Record, as_document, read
from deals.models import Company, Deal, DealRedirect, Edition, Ownership, Party
from deals.models.financing import FinancingProvider
from deals.publishing import PublishError, refresh

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Renaming:
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


def refresh_company(company: Company, *, by: User | None) -> list[Edition]:
    """Brings a company's new name into every current edition that names it."""
    return refresh(Edition.objects.current().filter(companies__contains=[company.slug]), by=by)


@transaction.atomic
def merge_companies(company: Company, *, into: Company, by: User | None) -> list[Edition]:
    """Makes ``into`` stand for ``company`` everywhere; returns the refreshed editions.

    The old slug keeps leading to the successor. Raises PublishError if a deal names both in one
    role, since then one of the two entries has to go by hand first.
    """
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
    renaming = Renaming(companies={company.slug: into.slug})
    named = Edition.objects.current().filter(companies__overlap=[company.slug, into.slug])
    return refresh(named, by=by, renamed=renaming.applied_to)


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
    old = deal.key
    deal.key = key
    deal.full_clean()
    deal.save()
    DealRedirect.objects.filter(key=key).delete()
    DealRedirect.objects.create(key=old, deal=deal)
    naming = Q(deal=deal) | Q(links__overlap=[f"{link}:{old}" for link in LinkType.values])
    renaming = Renaming(deals={old: key})
    return refresh(Edition.objects.current().filter(naming), by=by, renamed=renaming.applied_to)
