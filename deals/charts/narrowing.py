"""Links from a part of a picture to the very deals that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from countries.models import Membership
from deals.filters import DealFilterSet
from deals.selecting import known_query

ANY_PLACE = frozenset({"host", "partner", "country", "party_country", "provider_country"})


class Narrowing:
    """The list of deals, narrowed by one value more for each of some parameters.

    Values of one parameter are alternatives. Where the reader chose values of it already, another
    would widen the list instead: there it stands in their place if they contain it, and else there
    is no link.
    """

    def __init__(self, filterset: DealFilterSet) -> None:
        self.filterset = filterset
        self._members: dict[str, frozenset[str]] = {}
        # Said once: a picture has a thousand links.
        self._path = reverse("deals:list")
        given = known_query(filterset, keep=lambda name: name in filterset.filters)
        self._given = {name: given.getlist(name) for name in given}

    def href(self, values: Mapping[str, str]) -> str:
        """``{"host": "KZ", "mineral": ""}``, where "" asks for deals without any.

        Empty where no address names exactly those deals.
        """
        query = dict(self._given)
        for name, value in values.items():
            chosen = self.filterset.cleaned.get(name)
            if not value:
                if chosen:
                    return ""
                query[f"{name}__empty"] = ["true"]
            elif chosen and f"{name}__all" in self.filterset.filters:
                if self.filterset.cleaned.get(f"{name}__all"):
                    return ""
                query[f"{name}__all"] = [value]
            elif not chosen or value in self._within(name, chosen):
                query[name] = [value]
            else:
                return ""
        return f"{self._path}?{urlencode(query, doseq=True)}"

    def _within(self, name: str, chosen: Mapping[str, object]) -> frozenset[str]:
        """The values that the chosen ones contain: themselves, and the members of blocs."""
        if name not in self._members:
            codes = frozenset(chosen)
            if name in ANY_PLACE and not all(map(str.isupper, codes)):
                codes |= frozenset(
                    Membership.objects.filter(
                        bloc__key__in=codes, status="member", country__isnull=False
                    ).values_list("country", flat=True)
                )
            self._members[name] = codes
        return self._members[name]
