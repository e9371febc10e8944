"""What never leaves the house: one list, which a test holds against everything public.

Names of staff, words of review, and working notes. A column is named ``app.model.field``; whatever
the public reads comes from an edition's document or from reference data, and none of these columns
feeds either.
"""

NEVER_PUBLIC = frozenset(
    {
        "deals.deal.review_state",
        "deals.deal.working_note",
        "deals.deal.created_at",
        "deals.deal.updated_at",
        "deals.edition.published_by",
        "auth.user.username",
        "auth.user.first_name",
        "auth.user.last_name",
        "auth.user.email",
        "auth.user.password",
        "auth.user.last_login",
        "admin.logentry.change_message",
        "pghistory.context.metadata",
    }
)
"""Columns whose content no page, file, feed or API answer may show."""
