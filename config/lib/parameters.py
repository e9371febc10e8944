"""Reading lists of names from a query string: ``?columns=title,value_usd&columns=status``.

And carrying a query string on to other addresses.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.http import QueryDict

from config.lib.problems import InvalidParameters, unknown_value

LONGEST_CARRIED: Final = 2_000
"""Letters: no parameter of ours takes as many."""


def carried(query: QueryDict) -> QueryDict:
    """A copy of a query to make links of: without what is longer than any parameter takes.

    A page has dozens of links, and would send what is meaningless back in each.
    """
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        short = [value for value in values if len(name) + len(value) <= LONGEST_CARRIED]
        if short:
            kept.setlist(name, short)
    return kept


def names_given(query: QueryDict, parameter: str) -> list[str]:
    """The names that `parameter` gives, repeated or with commas, each once and in order.

    Only for lists of our own names, which hold no comma; a filter's values may.
    """
    names = (name.strip() for value in query.getlist(parameter) for name in value.split(","))
    return list(dict.fromkeys(name for name in names if name))


def chosen_names(query: QueryDict, parameter: str, known: Iterable[str], *, what: str) -> list[str]:
    """The names given, all of them of `known`; else `InvalidParameters` names each other one.

    `what` completes “x” is not … (“a column”).
    """
    known = list(known)
    given = names_given(query, parameter)
    wrong = [name for name in given if name not in known]
    if wrong:
        raise InvalidParameters(
            [unknown_value(parameter, name, what, known) for name in wrong[:20]]
        )
    return given
