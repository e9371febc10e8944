"""Code lists: Django choices whose members carry a definition, and whose origin is on record."""

from collections.abc import Mapping
from functools import cache
from typing import Self

from django.db import models


class CodeList(models.TextChoices):
    """A closed list of codes. A member is written ``NAME = code, definition, label``.

    The order of the members is the order in which they are shown.
    """

    definition: str

    def __new__(cls, code: str, definition: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.definition = definition
        return member


@cache
def labels_of_codes(codes: type[CodeList]) -> Mapping[str, str]:
    """The label of each code, in the order of the list: `choices`, which Django makes each time."""
    return {member.value: str(member.label) for member in codes}


class Vocabulary:
    """A code list under its public name, with the words that present it to a reader."""

    def __init__(self, name: str, codes: type[CodeList], title: str, origin: str) -> None:
        self.name = name
        self.codes = codes
        self.title = title
        self.origin = origin

    def as_rows(self) -> list[dict[str, str]]:
        """One row a code: ``code``, ``label``, ``definition``."""
        return [
            {"code": member.value, "label": str(member.label), "definition": member.definition}
            for member in self.codes
        ]
