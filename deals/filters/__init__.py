"""Every filter and order of deals, once, for pages, exports, feeds, facets and the API.

    filterset = DealFilterSet(request.GET)
    filterset.qs         # editions, in order; none while a value is invalid
    filterset.clock      # as_of and on, for `deals.reading`
    filterset.form       # with errors, labels and help texts
    filterset.raise_for_problems()   # for the API, exports and feeds: also unknown parameters

Values of one parameter are alternatives, parameters narrow each other. `provider`,
`provider_country`, `instrument` and `rung` must hold together on one financing line. With a past
`on` the status, the stage and the lines are those of that day.
"""

from deals.filters.choices import Choices, bloc_choices, mineral_choices, place_choices
from deals.filters.kinds import state_code
from deals.filters.sets import LINES, ClockFilterSet, DealFilterSet

__all__ = [
    "LINES",
    "Choices",
    "ClockFilterSet",
    "DealFilterSet",
    "bloc_choices",
    "mineral_choices",
    "place_choices",
    "state_code",
]
