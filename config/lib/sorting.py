"""Sort keys for names, made in Python because the embedded PostgreSQL has no ICU collations."""

import unicodedata

from django.db.models import Func, TextField

NAMES_PARTED_BY = " | "
"""Between the names that `PlainNames` gives."""


def sort_key(name: str) -> str:
    """``name`` in lower case, without accents or leading marks: Émirats sorts by Emirates."""
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.casefold().lstrip("'\"«“‘(- ")


class PlainNames(Func):
    """In SQL: a name and an array of other names, each as `sort_key` writes it, parted by “ | ”.

    The function is made by a migration and never gives another answer to the same names, so that
    an index can hold it (unlike `unaccent()`).
    """

    function = "lodebook_names"
    arity = 2
    output_field = TextField()
