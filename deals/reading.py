"""Reading editions: which ones, as of when, and what depends on the day of reading.

Two times are kept apart. ``as_of`` is what Lodebook had published by then. ``on`` is what had
happened in the world by that day, as known by ``as_of`` (or now). Stored documents hold nothing
that changes with the day; staleness, the state on a past day and links to deals that readers can
see are added here.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlencode

import orjson
from django.db import connection
from django.db.models import BooleanField, Case, Exists, F, Func, OuterRef, Q, QuerySet, Value, When

from config.lib.imprecise import ImpreciseDate, ImpreciseDateError
from config.lib.prepared import Prepared
from deals.codes import NEVER_STALE_KINDS, STALE_STATUSES, LinkType
from deals.dossier import plain_number
from deals.models import Edition, EditionDocument, EditionLine, EditionState
from deals.models.edition import EditionQuerySet, pointing_to
from deals.money import RUNGS

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

STALE_AFTER_YEARS = 2
LAPSED_AFTER_YEARS = 4
_LINK_TYPES: Final = tuple(LinkType.values)
_NEAR_COLUMNS: Final = ["key", "title", "links"]

type Summary = dict[str, Any]
type Detail = dict[str, Any]
type Link = dict[str, str]


def utc_today() -> datetime.date:
    """Today in UTC."""
    return datetime.datetime.now(datetime.UTC).date()


def years_before(day: datetime.date, years: int) -> datetime.date:
    """The same day ``years`` earlier; 28 February for a 29 February that is not there."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


@dataclass(frozen=True)
class Clock:
    """The two times of a reading. Without either it is now."""

    as_of: datetime.datetime | None = None
    on: datetime.date | None = None
    today: datetime.date = field(default_factory=utc_today)

    @classmethod
    def parse(cls, *, as_of: str = "", on: str = "") -> Self:
        """From the parameters ``as_of`` and ``on``, each ``YYYY-MM-DD`` or empty.

        Raises ClockError, with the parameter's name, for what is no day or lies in the future.
        """
        today = utc_today()
        as_of_day = _day("as_of", as_of, today)
        on_day = _day("on", on, today)
        moment = None
        if as_of_day is not None:
            end = datetime.datetime.combine(as_of_day, datetime.time.max, tzinfo=datetime.UTC)
            moment = min(end, datetime.datetime.now(datetime.UTC))
        return cls(as_of=moment, on=on_day, today=today)

    @property
    def last_day(self) -> datetime.date:
        """The last day that this reading knows of: that of ``as_of``, or today."""
        return self.as_of.date() if self.as_of else self.today

    @property
    def day(self) -> datetime.date:
        """The reference day, of which staleness is told: ``on``, else ``as_of``, else today."""
        return self.on or self.last_day

    @property
    def query(self) -> str:
        """The parameters that lead to the same times, as in an address; empty for now."""
        times = {"as_of": self.as_of.date() if self.as_of else None, "on": self.on}
        return urlencode({name: str(day) for name, day in times.items() if day})

    @property
    def is_past_world(self) -> bool:
        """Whether states are told for a day before the last one known.

        ``on`` the last day itself is the present: what is asserted without a date holds there.
        """
        return self.on is not None and self.on < self.last_day

    @property
    def is_now(self) -> bool:
        """Whether both times are the present."""
        return self.as_of is None and not self.is_past_world

    def editions(self) -> EditionQuerySet:
        """The editions of this reading; with a past ``on``, of deals known by that day."""
        editions = Edition.objects.as_of(self.as_of) if self.as_of else Edition.objects.current()
        if self.is_past_world:
            editions = editions.filter(
                Exists(self.states(EditionState.Axis.STATUS).filter(edition=OuterRef("pk")))
            )
        return editions

    def states(self, *axes: str) -> QuerySet[EditionState]:
        """Rows of `EditionState` on these axes that hold on the day."""
        return EditionState.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gt=self.day),
            axis__in=axes,
            from_on__lte=self.day,
        )

    def lines(self) -> QuerySet[EditionLine]:
        """Rows of `EditionLine` that stand on the day."""
        if not self.is_past_world:
            return EditionLine.objects.present()
        return EditionLine.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gt=self.day),
            is_present=False,
            from_on__lte=self.day,
        )

    def stale(self) -> Q:
        """Editions that are stale on the day; presumed lapsed ones are among them."""
        return self._quiet_for(STALE_AFTER_YEARS)

    def presumed_lapsed(self) -> Q:
        """Editions that are presumed lapsed on the day."""
        return self._quiet_for(LAPSED_AFTER_YEARS)

    def _quiet_for(self, years: int) -> Q:
        """Editions that can go stale and of which there has been no news for so long."""
        limit = years_before(self.day, years)
        if not self.is_past_world:
            return Q(can_go_stale=True, last_news_on__lte=limit)
        quiet = ~Q(HasDayWithin("news_days", limit, self.day))
        of_kind = ~Q(kind__in=NEVER_STALE_KINDS)
        status = self.states(EditionState.Axis.STATUS).filter(
            edition=OuterRef("pk"), code__in=STALE_STATUSES
        )
        return quiet & of_kind & Q(Exists(status))


class ClockError(ValueError):
    """A parameter of the clock is wrong; ``parameter`` and ``value`` name it."""

    def __init__(self, parameter: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.parameter = parameter
        self.value = value


def _day(parameter: str, text: str, today: datetime.date) -> datetime.date | None:
    if not text:
        return None
    try:
        date = ImpreciseDate.parse(text)
    except ImpreciseDateError:
        date = None
    if date is None or date.precision != "day":
        raise ClockError(parameter, text, f"“{text}” is no day: write YYYY-MM-DD")
    if date.earliest > today:
        raise ClockError(parameter, text, f"{text} lies in the future: today is {today} (UTC)")
    return date.earliest


class HasDayWithin(Func):
    """Whether an array of days has one after the first argument and not after the second."""

    output_field = BooleanField()

    def __init__(self, days: str, after: datetime.date, until: datetime.date) -> None:
        super().__init__(F(days), Value(after), Value(until))

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        days, after, until = self.source_expressions
        days_sql, days_params = compiler.compile(days)
        after_sql, after_params = compiler.compile(after)
        until_sql, until_params = compiler.compile(until)
        return (
            f"EXISTS (SELECT 1 FROM unnest({days_sql}) AS news(day)"
            f" WHERE news.day > {after_sql} AND news.day <= {until_sql})",
            (*days_params, *after_params, *until_params),
        )


def summaries(editions: Iterable[Edition], clock: Clock) -> list[Summary]:
    """What a list shows of each edition: its stored summary and what depends on the day.

    Fetch the editions with ``select_related("document")``. Adds ``is_stale`` and
    ``is_presumed_lapsed``; with a past ``on``, ``status``, ``stage`` (None where not known for
    that day), the ladder, its ``providers`` and ``last_news_on`` are those of the day.
    """
    editions = list(editions)
    states = _states_on(editions, clock) if clock.is_past_world else {}
    lines = _lines_on(editions, clock) if clock.is_past_world else {}
    ladders = _ladders_on(lines)
    found = []
    for edition in editions:
        summary: Summary = orjson.loads(edition.document.summary_text)
        _date_it(summary, edition, clock, states, ladders)
        if clock.is_past_world:
            standing = {slug for line in lines.get(edition.pk, []) for slug in line.providers}
            summary["providers"] = [one for one in summary["providers"] if one["slug"] in standing]
        found.append(summary)
    return found


def detail(edition: Edition, clock: Clock) -> Detail:
    """The whole document of an edition with what depends on the day, and links readers can follow.

    ``links`` has one entry a linked deal: ``type``, ``deal``, ``title`` and ``direction``, which is
    ``out`` for the record's own links and ``in`` for those of deals that point here. The record's
    own ``links`` name only deals that readers can see.
    """
    return details([edition], clock)[0]


def current_detail(key: str) -> Detail | None:
    """What `detail` gives now of the edition that readers see under a key; None without one.

    One query finds it and the deals that link to it; another one the deals that it links to, if
    there are any others.
    """
    inward = [f"{link}:{key}" for link in LinkType.values]
    rows = _CURRENT(key, *inward)
    own = next((row for row in rows if row[0] == key), None)
    if own is None:
        return None
    *columns, text = own[3:]
    edition = Edition.from_db(connection.alias, _CURRENT_COLUMNS, columns)
    edition.document = EditionDocument(edition=edition, detail_text=text)
    documents = dated([edition], Clock())
    near: dict[str, tuple[Any, ...]] = {row[0]: row[:3] for row in rows}
    if others := _keys_linked_by(documents) - near.keys():
        near |= {row[0]: row for row in _NAMED(*others)}
    _set_links(documents, near.values())
    return documents[0]


_CURRENT_COLUMNS: Final = ["id", "key", "can_go_stale"]
_CURRENT: Final = Prepared(
    lambda key, *inward: (
        Edition.objects.current()
        .filter(Q(key=key) | Q(links__overlap=inward))
        .values_list(
            *_NEAR_COLUMNS,
            *_CURRENT_COLUMNS,
            # The others' texts are not even read from where they are stored.
            Case(When(key=key, then=F("document__detail_text"))),
        )
    )
)
_NAMED: Final = Prepared(
    lambda *keys: Edition.objects.current().filter(key__in=keys).values_list(*_NEAR_COLUMNS)
)


def details(editions: Iterable[Edition], clock: Clock) -> list[Detail]:
    """The whole documents of many editions, as `detail` gives one: links in one query for all."""
    documents = dated(editions, clock)
    _add_links(documents, clock)
    return documents


def dated(editions: Iterable[Edition], clock: Clock) -> list[Detail]:
    """What `details` gives without the links: without a past ``on`` no query is needed."""
    editions = list(editions)
    states = _states_on(editions, clock) if clock.is_past_world else {}
    lines = _lines_on(editions, clock) if clock.is_past_world else {}
    ladders = _ladders_on(lines)
    documents = []
    for edition in editions:
        document: Detail = orjson.loads(edition.document.detail_text)
        for name in ("kind", "status", "stage"):  # not in texts that wait for reindex_editions
            document.setdefault(name, document["record"][name])
        _date_it(document, edition, clock, states, ladders)
        if clock.is_past_world:
            document["lines"] = [_line_facts(line) for line in lines.get(edition.pk, [])]
        documents.append(document)
    return documents


def _date_it(
    document: dict[str, Any],
    edition: Edition,
    clock: Clock,
    states: dict[tuple[int, str], str],
    ladders: dict[int, dict[str, Any]],
) -> None:
    can_go_stale = edition.can_go_stale
    if clock.is_past_world:
        document["status"] = states.get((edition.pk, EditionState.Axis.STATUS))
        document["stage"] = states.get((edition.pk, EditionState.Axis.STAGE))
        document.update(ladders.get(edition.pk) or _empty_ladder())
        can_go_stale = (
            document["status"] in STALE_STATUSES and document["kind"] not in NEVER_STALE_KINDS
        )
        known = [day for day in edition.news_days if day <= clock.day]
        document["last_news_on"] = str(known[-1]) if known else None
    document.pop("can_go_stale", None)  # in texts that wait for reindex_editions
    last_news_on = document["last_news_on"]
    last = datetime.date.fromisoformat(last_news_on) if last_news_on and can_go_stale else None
    document["is_stale"] = last is not None and last <= years_before(clock.day, STALE_AFTER_YEARS)
    document["is_presumed_lapsed"] = last is not None and last <= years_before(
        clock.day, LAPSED_AFTER_YEARS
    )


def _states_on(editions: Sequence[Edition], clock: Clock) -> dict[tuple[int, str], str]:
    """Status and stage on the day, by edition and axis."""
    return {
        (edition, axis): code
        for edition, axis, code in clock.states(*EditionState.Axis.values)
        .filter(edition__in=editions)
        .values_list("edition", "axis", "code")
    }


def _empty_ladder() -> dict[str, Any]:
    return {
        "ladder": dict.fromkeys(RUNGS),
        "ladder_lines": dict.fromkeys(RUNGS, 0),
        "lines_unknown": dict.fromkeys(RUNGS, 0),
    }


def _lines_on(editions: Sequence[Edition], clock: Clock) -> dict[int, list[EditionLine]]:
    """The financing lines that stand on the day, in the order of the record, by edition."""
    found: dict[int, list[EditionLine]] = defaultdict(list)
    for line in clock.lines().filter(edition__in=editions).order_by("pk"):
        found[line.edition_id].append(line)
    return found


def _line_facts(line: EditionLine) -> dict[str, Any]:
    """What a document's ``lines`` say of one: the same as `deals.indexing` says of the present."""
    return {
        "ref": line.ref,
        "rung": line.rung or None,
        "amount_usd": plain_number(line.amount_usd),
        "is_counted": line.is_counted,
    }


def _ladders_on(lines: Mapping[int, Sequence[EditionLine]]) -> dict[int, dict[str, Any]]:
    """The ladder that lines make, by edition."""
    found: dict[int, dict[str, Any]] = {}
    for edition, standing in lines.items():
        ladder = found[edition] = _empty_ladder()
        for line in standing:
            if not line.rung:
                continue
            ladder["ladder_lines"][line.rung] += 1
            ladder["lines_unknown"][line.rung] += line.amount_usd is None
            if line.is_counted and line.amount_usd is not None:
                ladder["ladder"][line.rung] = (ladder["ladder"][line.rung] or 0) + line.amount_usd
        ladder["ladder"] = {rung: plain_number(usd) for rung, usd in ladder["ladder"].items()}
    return found


def _add_links(documents: Sequence[Detail], clock: Clock) -> None:
    inward, outward = _links_to(documents), _keys_linked_by(documents)
    if len(documents) == 1 and clock.is_now:
        _set_links(documents, _NEAR(*inward, *outward))
    else:
        near = Q(key__in=outward) | Q(pk__in=pointing_to(inward))
        _set_links(documents, clock.editions().filter(near).values_list(*_NEAR_COLUMNS))


def links_of(pks: Collection[int], clock: Clock) -> dict[int, list[Link]]:
    """The ``links`` of whole documents, by the primary keys of their editions.

    Not of those whose record names a deal that readers cannot see: `details` cuts it.
    """
    documents: dict[int, Detail] = {}
    editions = Edition.objects.readable().filter(pk__in=pks).order_by()
    for pk, key, texts in editions.values_list("pk", "key", "links"):
        links = [dict(zip(("type", "deal"), text.split(":", 1), strict=True)) for text in texts]
        documents[pk] = {"key": key, "record": {"links": links}}
    named = {pk: len(document["record"]["links"]) for pk, document in documents.items()}
    _add_links(list(documents.values()), clock)
    return {
        pk: document["links"]
        for pk, document in documents.items()
        if len(document["record"]["links"]) == named[pk]
    }


def links_in_order(
    own: Iterable[tuple[str, str, str]], others: Iterable[tuple[str, str, str]]
) -> list[Link]:
    """The ``links`` of a document, given type, key and title of the deal at the other end.

    Its own come first, as its record has them; then those of others, by key.
    """
    by_key = sorted(others, key=lambda link: (link[1], link[0]))
    return [
        {"type": link, "deal": key, "title": title, "direction": direction}
        for direction, links in (("out", own), ("in", by_key))
        for link, key, title in links
    ]


def _links_to(documents: Sequence[Detail]) -> set[str]:
    """The links that other deals may have to these, as ``type:key``."""
    return {f"{link}:{document['key']}" for document in documents for link in _LINK_TYPES}


def _keys_linked_by(documents: Sequence[Detail]) -> set[str]:
    return {link["deal"] for document in documents for link in document["record"]["links"]}


def _set_links(documents: Sequence[Detail], near: Iterable[tuple[str, str, list[str]]]) -> None:
    """The links of documents, given key, title and links of all deals at their other ends."""
    inward = _links_to(documents)
    titles: dict[str, str] = {}
    pointing: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for other, title, links in near:
        titles[other] = title
        for text in inward.intersection(links):
            link, _, key = text.partition(":")
            pointing[key].append((link, other, title))
    for document in documents:
        record = document["record"]
        record["links"] = [link for link in record["links"] if link["deal"] in titles]
        own = [(link["type"], link["deal"], titles[link["deal"]]) for link in record["links"]]
        document["links"] = links_in_order(own, pointing[document["key"]])


_NEAR: Final = Prepared(
    lambda *names: (
        Edition.objects.current()
        .filter(Q(links__overlap=names[: len(_LINK_TYPES)]) | Q(key__in=names[len(_LINK_TYPES) :]))
        .values_list(*_NEAR_COLUMNS)
    )
)
"""Of one deal: its links as others name it, one of each type, and the keys that it names."""
