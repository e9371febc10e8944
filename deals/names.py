"""The names behind a record's slugs and codes, as they are when an edition is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from countries.models import Bloc, Country
from deals.dossier import Record
from deals.models import Company, Event, Project
from minerals.models import Mineral

type Names = dict[str, Any]


class NameBook:
    """Names of all that a set of records mentions, loaded in seven queries at most."""

    def __init__(self, records: Iterable[Record]) -> None:
        records = list(records)
        companies = {slug for record in records for slug in company_slugs(record)}
        projects = {item.project for record in records for item in record.projects}
        events = {record.event for record in records if record.event}
        self.companies = {
            company.slug: {
                "name": company.name,
                "aliases": company.aliases,
                "type": company.type,
                "country": company.country_id,
            }
            for company in Company.objects.filter(slug__in=companies).only(
                "slug", "name", "aliases", "type", "country_id"
            )
        }
        self.projects = {
            project.slug: {
                "name": project.name,
                "country": project.country_id,
                "region": project.region or None,
            }
            for project in Project.objects.filter(slug__in=projects)
        }
        self.events = {
            event.key: {"name": event.name, "happened_on": str(event.happened_on)}
            for event in Event.objects.filter(key__in=events)
        }
        self.minerals = {
            mineral.slug: {
                "name": mineral.name,
                "symbol": mineral.symbol or None,
                "short_form": mineral.short_form,
                "category": mineral.category,
                "aliases": mineral.aliases,
            }
            for mineral in Mineral.objects.all()
        }
        self.countries = {country.iso2: country.name for country in Country.objects.all()}
        self.blocs = {
            bloc.key: {"name": bloc.name, "short_name": bloc.short_name}
            for bloc in Bloc.objects.all()
        }

    def of(self, record: Record) -> Names:
        """The names that ``record`` needs, keyed by what they name."""
        companies = {slug: self.companies[slug] for slug in company_slugs(record)}
        projects = {item.project: self.projects[item.project] for item in record.projects}
        countries = {
            *(place.country for place in record.countries),
            *(str(company["country"] or "") for company in companies.values()),
            *(project["country"] for project in projects.values()),
        }
        return {
            "countries": {
                code: {"name": self.countries[code]} for code in sorted(filter(None, countries))
            },
            "blocs": {
                place.bloc: self.blocs[place.bloc] for place in record.countries if place.bloc
            },
            "minerals": {slug: self.minerals[slug] for slug in record.minerals},
            "companies": companies,
            "projects": projects,
            "event": ({"key": record.event, **self.events[record.event]} if record.event else None),
        }


def company_slugs(record: Record) -> list[str]:
    """Parties and providers, each once, in the order of the record."""
    slugs = [party.company for party in record.parties]
    slugs += [slug for line in record.financing for slug in line.providers]
    return list(dict.fromkeys(slugs))
