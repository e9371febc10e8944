"""Sort keys for names, made in Python because the embedded PostgreSQL has no ICU collations."""

import unicodedata


def sort_key(name: str) -> str:
    """``name`` in lower case, without accents or leading marks: Émirats sorts by Emirates."""
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.casefold().lstrip("'\"«“‘(- ")
