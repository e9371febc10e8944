"""Any record whatever that is sound, for tests that hold for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from deals import codes
from tests.deals.records import (
    COVE_DEAL,
    DFC,
    EXIM,
    Document,
)

LETTERS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff"
)
LINE = st.text(LETTERS, min_size=1, max_size=60).filter(str.strip)
PARAGRAPH = st.text(LETTERS | st.just("\n"), min_size=1, max_size=120).filter(str.strip)
DATE = st.one_of(
    st.integers(1900, 2100).map(str),
    st.dates().filter(lambda day: 1000 <= day.year < 9999).map(lambda day: day.isoformat()[:7]),
    st.dates().filter(lambda day: 1000 <= day.year < 9999).map(lambda day: day.isoformat()),
)
AMOUNT = st.one_of(
    st.integers(1, 10**16),
    st.decimals(min_value="0.01", max_value=10**9, places=2).map(float),
)
COMPANIES = [DFC, EXIM, "tau-ken-samruk", "cove-kaz-capital-group-llc", "glencore", "vale"]


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def code(vocabulary: Any) -> st.SearchStrategy[str]:
    return st.sampled_from(list(vocabulary.values))


def numbered(prefix: str, items: list[Document]) -> list[Document]:
    return [{"ref": f"{prefix}{number}", **item} for number, item in enumerate(items, 1)]


@st.composite
def records(draw: st.DrawFn) -> Document:
    sources = numbered(
        "s",
        [
            {
                "url": f"https://example.org/{number}/{draw(st.text('aя?&=%', max_size=9))}",
                "publisher": draw(LINE),
                "title": draw(LINE),
                "published_on": draw(optional(DATE)),
                "language": draw(optional(st.sampled_from(["en", "kk", "zh-Hans"]))),
                "kind": draw(optional(code(codes.SourceKind))),
                "origin": draw(optional(LINE)),
            }
            for number in range(draw(st.integers(0, 3)))
        ],
    )
    source = optional(st.sampled_from([item["ref"] for item in sources])) if sources else st.none()
    low, high = sorted((draw(AMOUNT), draw(AMOUNT)))
    signed, closed = draw(optional(DATE)), draw(optional(DATE))
    kinds = draw(st.lists(code(codes.Kind), min_size=1, max_size=4, unique=True))
    financing: list[Document] = []
    for number in range(draw(st.integers(0, 3))):
        amount = draw(optional(AMOUNT))
        events = [
            {
                "status": draw(code(codes.FinancingStatus)),
                "happened_on": draw(optional(DATE)),
                "note": draw(optional(LINE)),
                "source": draw(source),
            }
            for _ in range(draw(st.integers(1, 3)))
        ]
        financing.append(
            {
                "ref": f"f{number}",
                "providers": draw(
                    st.lists(st.sampled_from(COMPANIES), min_size=1, max_size=3, unique=True)
                ),
                "instrument": draw(code(codes.Instrument)),
                "amount": amount,
                "currency": None if amount is None else draw(st.sampled_from(["USD", "NOK"])),
                "within": draw(st.sampled_from([None, *(f["ref"] for f in financing)])),
                "note": draw(optional(LINE)),
                "events": numbered("e", events),
            }
        )
    resolution = optional(PARAGRAPH)
    document: Document = {
        "key": "zz-any",
        "title": draw(LINE),
        "summary": draw(PARAGRAPH),
        "kind": kinds[0],
        "also_kinds": kinds[1:],
        "status": draw(code(codes.Status)),
        "stage": draw(optional(code(codes.Stage))),
        "announced_on": draw(optional(DATE)),
        "signed_on": None if closed else signed,
        "closed_on": closed,
        "value": draw(
            optional(
                st.fixed_dictionaries(
                    {
                        "low": st.just(low),
                        "high": st.just(high),
                        "currency": st.sampled_from(["USD", "EUR", "KZT"]),
                        "basis": code(codes.ValueBasis),
                        "note": optional(LINE),
                    }
                )
            )
        ),
        "countries": [
            {"country": code, "role": draw(globals()["code"](codes.CountryRole))}
            for code in draw(st.lists(st.sampled_from(["NO", "KZ", "US"]), unique=True))
        ]
        + draw(st.sampled_from([[], [{"bloc": "eu27", "role": "host"}]])),
        "minerals": draw(
            st.lists(st.sampled_from(["tungsten", "tin", "rare-earths"]), unique=True)
        ),
        "minerals_unspecified": draw(st.booleans()),
        "supply_chain_stages": draw(st.lists(code(codes.SupplyChainStage), unique=True)),
        "event": draw(st.sampled_from([None, "c51-washington-2025"])),
        "parties": numbered(
            "p",
            [
                {
                    "company": company,
                    "role": role,
                    "stake_percent": draw(
                        optional(st.decimals(0, 100, places=4).map(float) | st.integers(0, 100))
                    ),
                    "note": draw(optional(LINE)),
                }
                for company, role in draw(
                    st.lists(
                        st.tuples(st.sampled_from(COMPANIES), code(codes.PartyRole)),
                        max_size=4,
                        unique=True,
                    )
                )
            ],
        ),
        "financing": financing,
        "terms": draw(st.lists(PARAGRAPH, max_size=3)),
        "milestones": numbered(
            "m",
            [
                {
                    "happened_on": draw(optional(DATE)),
                    "status": draw(optional(code(codes.Status))),
                    "stage": draw(optional(code(codes.Stage))),
                    "note": draw(LINE),
                    "source": draw(source),
                }
                for _ in range(draw(st.integers(0, 3)))
            ],
        ),
        "projects": draw(
            st.sampled_from([[], [{"project": "northern-katpar", "note": draw(optional(LINE))}]])
        ),
        "links": draw(st.sampled_from([[], [{"type": "follows", "deal": COVE_DEAL}]])),
        "sources": sources,
        "citations": numbered(
            "c",
            [
                {
                    "source": item["ref"],
                    "fact": draw(code(codes.Fact)),
                    "item": draw(st.sampled_from([None, *(line["ref"] for line in financing)])),
                    "quote": draw(optional(LINE)),
                    "stated": draw(optional(LINE)),
                }
                for item in sources
            ],
        ),
        "disputes": numbered(
            "d",
            [
                {
                    "fact": draw(code(codes.Fact)),
                    "note": draw(PARAGRAPH),
                    "status": "resolved" if (reason := draw(resolution)) else "open",
                    "resolution": reason,
                }
                for _ in range(draw(st.integers(0, 2)))
            ],
        ),
        "confidence": draw(code(codes.Confidence)),
        "verified_on": draw(
            optional(st.dates().map(str).filter(lambda day: "1000" < day < "9999"))
        ),
        "note": draw(optional(PARAGRAPH)),
    }
    return document
