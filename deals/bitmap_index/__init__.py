"""What a selection of deals holds: how many, which stand on a page, and their money.

    found = selected(filterset)
    found.count                  # exact
    found.page(0, 50)            # editions in order, as a queryset to add to
    found.page_pks(0, 50)        # their primary keys alone
    found.ladder(), found.headlines()

It is asked of the database, or of columns and bitmaps that this process holds.
"""

from deals.bitmap_index.selection import Selected, selected

__all__ = ["Selected", "selected"]
