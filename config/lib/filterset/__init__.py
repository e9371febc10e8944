"""Filter sets that fail closed, name every mistake and say each filter once.

    class DealFilterSet(StrictFilterSet):
        mineral = ArrayFilter("minerals", what="a mineral", choices=mineral_choices, all_of=True)
        status = CodesFilter("status", what="a status", choices=Status.choices)
        disputed = TrueFalseFilter("is_disputed")
        min_usd = NumberFilter("value_usd__gte")

`mineral__not`, `mineral__all`, `mineral__empty`, `status__not` and `status__empty` come with it.

django-filter's own habits that are put right: an invalid value makes its `.qs` return everything,
unknown parameters are silently ignored, a repeated parameter silently means its last value, and
a filter across a join doubles rows.
"""

from config.lib.filterset.fields import (
    DayField,
    ManyValuesField,
    NumberField,
    TrueFalseField,
)
from config.lib.filterset.filters import (
    ArrayFilter,
    CodeFilter,
    CodesFilter,
    DayFilter,
    EmptyFilter,
    ImpreciseDateFilter,
    ManyValuesFilter,
    NumberFilter,
    Order,
    OrderingFilter,
    StrictFilter,
    TextFilter,
    TrueFalseFilter,
)
from config.lib.filterset.sets import (
    PAGE_PARAMETERS,
    StrictFilterBackend,
    StrictFilterSet,
    StrictForm,
    described,
)

__all__ = [
    "PAGE_PARAMETERS",
    "ArrayFilter",
    "CodeFilter",
    "CodesFilter",
    "DayField",
    "DayFilter",
    "EmptyFilter",
    "ImpreciseDateFilter",
    "ManyValuesField",
    "ManyValuesFilter",
    "NumberField",
    "NumberFilter",
    "Order",
    "OrderingFilter",
    "StrictFilter",
    "StrictFilterBackend",
    "StrictFilterSet",
    "StrictForm",
    "TextFilter",
    "TrueFalseField",
    "TrueFalseFilter",
    "described",
]
