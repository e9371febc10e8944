"""Summaries as texts: as they are stored, with what depends on the day put behind them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection

from deals.models import Edition, EditionDocument
from deals.reading import LAPSED_AFTER_YEARS, STALE_AFTER_YEARS, Clock, years_before

type QuietSince = Mapping[int, datetime.date]
"""The last news of deals that can go stale, by primary key of their editions."""


def summary_texts(
    pks: Sequence[int], clock: Clock, quiet_since: QuietSince | None = None
) -> list[str]:
    """What `summaries` gives of editions, by primary key and in that order, as JSON texts.

    The stored texts are not read but added to; one that was removed this very moment is left out.
    Who knows since when the editions are quiet spares the database half of its work. Not for a
    past ``on``, which changes more.
    """
    if clock.is_past_world:
        raise ValueError(f"On {clock.on} summaries are not as they are stored: ask `summaries`.")
    with connection.cursor() as cursor:
        # As one text: to quote and read fifty numbers takes longer than to find them.
        asked = f"{{{','.join(map(str, pks))}}}"
        cursor.execute(_QUIET_SQL if quiet_since is None else _TEXTS_SQL, [asked])
        rows = cursor.fetchall()
    if quiet_since is None:
        quiet_since = {pk: since for pk, _, since in rows if since is not None}
    stale = years_before(clock.day, STALE_AFTER_YEARS)
    lapsed = years_before(clock.day, LAPSED_AFTER_YEARS)
    texts = {}
    for pk, text, *_ in rows:
        if text:
            since = quiet_since.get(pk, datetime.date.max)
            texts[pk] = _with_end(text, _ENDS[since <= stale, since <= lapsed])
    return [texts[pk] for pk in pks if pk in texts]


def _with_end(text: str, end: str) -> str:
    before, is_old, after = text.rpartition('"can_go_stale":')
    if is_old:  # a text that waits for reindex_editions
        text = before + after.partition(",")[2]
    return text[:-1] + end


_ENDS: Final = {
    (is_stale, is_lapsed): f',"is_stale":{is_stale},"is_presumed_lapsed":{is_lapsed}}}'.lower()
    for is_stale in (False, True)
    for is_lapsed in (False, True)
}
_TEXTS_SQL: Final = (
    f"SELECT edition_id, summary_text FROM {EditionDocument._meta.db_table}"
    " WHERE edition_id = ANY(%s::bigint[])"
)
_QUIET_SQL: Final = (
    "SELECT edition_id, summary_text, CASE WHEN can_go_stale THEN last_news_on END"
    f" FROM {Edition._meta.db_table} AS edition JOIN {EditionDocument._meta.db_table}"
    " ON edition_id = edition.id WHERE edition.id = ANY(%s::bigint[])"
)
