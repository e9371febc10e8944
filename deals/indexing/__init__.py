"""From an edition's document to what finds and shows it: index columns, lines, states, texts.

Everything here is derived from the record, the names kept with it and reference data (rates, bloc
memberships, mineral groups, linked deals), so it can be rebuilt at any time: `reindex`.
"""

from deals.indexing.deriving import Index, derive, links_of, stated_value, value_basis
from deals.indexing.rebuilding import BATCH, canonical, reindex, save_side_rows, stored_record
from deals.indexing.reference import Reference

__all__ = [
    "BATCH",
    "Index",
    "Reference",
    "canonical",
    "derive",
    "links_of",
    "reindex",
    "save_side_rows",
    "stated_value",
    "stored_record",
    "value_basis",
]
