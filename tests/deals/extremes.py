"""Deals at the limits of what a record may hold: length, number, script, and nothing at all."""

from __future__ import annotations

from typing import Final

from deals.models import Company, Edition
from tests.deals.records import (
    DFC,
    EXIM,
    Document,
    a_line,
    a_record,
    a_source,
    a_value,
    an_event,
    published,
)

MARK: Final = "Zyxwvut"
"""A word that every summary has and no other record: a search for it finds these deals."""
UNBROKEN: Final = "zz-extreme-unbroken"
FULL: Final = "zz-extreme-full"
RIGHT_TO_LEFT: Final = "zz-extreme-right-to-left"
BARE: Final = "zz-extreme-bare"
KEYS: Final = (UNBROKEN, FULL, RIGHT_TO_LEFT, BARE)

MARKUP: Final = '<script>alert("1")</script> & <b>O\'Neill</b> {{ 7 }} =1+1'
TITLES: Final = {
    UNBROKEN: "Bergwerksverbindlichkeitsübernahme" * 5 + "Wolframkonzentratabnahmevertrag"[:30],
    FULL: f"{MARKUP} – " + "Many partners agree on many minerals in many countries, " * 2 + "again",
    RIGHT_TO_LEFT: "اتفاقية شركة المعادن الوطنية مع 中国五矿 بشأن التنغستن (50%) – Қазатом",
    BARE: "=Bare",
}
NAMES: Final = {
    "zz-minmetals": "中国五矿集团有限公司",
    "zz-kazatom": "«Қазатомөнеркәсіп» ұлттық атом компаниясы акционерлік қоғамы",
    "zz-maaden": "شركة التعدين العربية السعودية (معادن)",
    "zz-kosebasi": "Türkiye Köşebaşı Madencilik İşletmeleri Anonim Şirketi",
    "zz-markup": "Ore & <i>Sons</i> \"Ltd\" 'quoted'",
    "zz-unbroken": "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesellschaft" * 2,
    "zz-georgian": "საქართველოს სამთო კომპანია",
    "zz-hangul": "한국광해광업공단",
}
COMPANIES: Final = (
    *NAMES,
    *("tau-ken-samruk", "cove-kaz-capital-group-llc", "severniy-katpar-llp", DFC, EXIM),
    *("us-department-of-commerce", "jogmec"),
)
HOSTS: Final = ("KZ", "UZ", "KG", "TJ", "TM", "CD", "BO", "VC", "PG", "GB", "US", "BA")
MINERALS: Final = (
    *("tungsten", "lithium", "rare-earths", "antimony", "cobalt", "copper", "graphite"),
    *("nickel", "tin", "titanium", "uranium", "vanadium"),
)
QUOTE: Final = 'قال الوزير: "سنستثمر 1.1 مليار دولار" 🚀⛏️ <b>ура</b> – ' + "long " * 40
LOCATOR: Final = "página 12, § 3 <i>"


def companies() -> None:
    """The companies that the deals name and the fixtures do not have."""
    for slug, name in NAMES.items():
        Company.objects.create(slug=slug, name=name, type="company", country_id="KZ")


def records() -> list[Document]:
    """Four records; each is published as it stands."""
    return [_unbroken(), _full(), _right_to_left(), _bare()]


def extreme_editions() -> list[Edition]:
    """The deals, published."""
    companies()
    return published(*records())


def _unbroken() -> Document:
    """The longest word for a title and for most else, and a bloc for the only host."""
    return a_record(
        key=UNBROKEN,
        title=TITLES[UNBROKEN],
        summary=f"{MARK} {'x' * 3_000}",
        announced_on=None,
        countries=[{"bloc": "c5", "role": "host"}, {"bloc": "eu27", "role": "partner"}],
        minerals=list(MINERALS),
        parties=_parties(),
        terms=["y" * 2_000, MARKUP],
        sources=[
            a_source(
                url=f"https://example.org/{'z' * 1_900}",
                publisher="P" * 200,
                title="T" * 500,
                origin="O" * 200,
            )
        ],
        milestones=[{"ref": "m1", "note": "n" * 500}],
        disputes=[{"ref": "d1", "fact": "value", "note": "d" * 500, "status": "open"}],
    )


def _full() -> Document:
    """As many of everything as a deal has ever had, and then some."""
    return a_record(
        key=FULL,
        title=TITLES[FULL],
        summary=f"{MARK} {MARKUP} " + "A sentence that says much about little. " * 40,
        also_kinds=["loan", "grant", "acquisition", "infrastructure", "processing_plant"],
        announced_on="2026",
        signed_on="2026-03",
        stage="care_and_maintenance",
        value=a_value(usd=9_876_543_210_000, basis="up_to", note=MARKUP),
        countries=[{"country": code, "role": "host"} for code in HOSTS]
        + [{"country": code, "role": "partner"} for code in ("CN", "RU", "CI", "KR")],
        minerals=list(MINERALS),
        event="c51-washington-2025",
        parties=_parties(),
        financing=_lines(),
        terms=[MARKUP, *(f"Term {number}: {'words and ' * 20}" for number in range(12))],
        milestones=[
            {
                "ref": f"m{number}",
                "happened_on": f"{2007 + number}-0{1 + number % 9}",
                "note": f"Step {number}: {MARKUP} {'and so on ' * 15}",
                "source": f"s{number}",
            }
            for number in range(1, 20)
        ]
        + [{"ref": "m20", "note": "Nobody knows when."}],
        projects=[
            {"project": slug, "note": MARKUP}
            for slug in ("northern-katpar", "upper-kairakty", "akbulak", "agduzdag")
        ],
        sources=[
            a_source(ref=f"s{number}", title=f"{MARKUP} {'headline ' * 20}{number}", language="ar")
            for number in range(1, 31)
        ],
        citations=[
            {
                "ref": f"c{number}",
                "source": f"s{number}",
                "fact": fact,
                "quote": QUOTE,
                "stated": f"{number}: {MARKUP}",
                "locator": LOCATOR,
            }
            for number, fact in enumerate(("value", "value", "stake", "parties", "terms") * 5, 1)
        ],
        disputes=[
            {"ref": f"d{number}", "fact": fact, "note": f"{MARKUP} {fact}", "status": "open"}
            for number, fact in enumerate(("value", "stake", "dates", "volume", "location"), 1)
        ],
    )


def _right_to_left() -> Document:
    return a_record(
        key=RIGHT_TO_LEFT,
        title=TITLES[RIGHT_TO_LEFT],
        summary=f"{MARK} {QUOTE}",
        status="cancelled",
        announced_on="2025-11-06",
        value=a_value(usd=1, basis="estimated"),
        countries=[{"country": "SA", "role": "host"}, {"country": "CN", "role": "partner"}],
        minerals=["tungsten"],
        parties=[
            {"ref": f"p{number}", "company": slug, "role": "partner", "note": QUOTE}
            for number, slug in enumerate(NAMES, 1)
        ],
        financing=[a_line(usd=None, status="withdrawn", providers=["zz-maaden"], note=QUOTE)],
        links=[{"type": "follows", "deal": FULL}, {"type": "part_of", "deal": UNBROKEN}],
        sources=[a_source(publisher="وكالة الأنباء", title=TITLES[RIGHT_TO_LEFT], language="ar")],
    )


def _bare() -> Document:
    """What a record must have and nothing else: no date, value, party, mineral or money."""
    return a_record(
        key=BARE,
        title=TITLES[BARE],
        summary=MARK,
        status="rumoured",
        announced_on=None,
        countries=[{"bloc": "c5", "role": "host"}],
    )


def _parties() -> list[Document]:
    """Fifteen, whose stakes come to exactly 100%."""
    stakes = [6.6666] * 14 + [6.6676]
    return [
        {
            "ref": f"p{number}",
            "company": slug,
            "role": "equity_investor",
            "stake_percent": stake,
            "note": "of the venture",
        }
        for number, (slug, stake) in enumerate(zip(COMPANIES, stakes, strict=True), 1)
    ]


def _lines() -> list[Document]:
    """Eight lines on every rung, withdrawn, of unknown amount, one within another."""
    states = (
        *("considered", "letter_of_interest", "conditional", "committed", "closed", "disbursed"),
        *("withdrawn", "committed"),
    )
    return [
        a_line(
            ref=f"f{number}",
            usd=None if number % 4 == 3 else 10.0**number * 12_345,
            providers=["zz-maaden", "zz-unbroken", DFC][: 1 + number % 3],
            instrument="insurance" if number == 5 else "loan",
            note=MARKUP,
            events=[
                an_event(ref="e1", status="considered", on="2024", note=MARKUP),
                an_event(ref="e2", status=status, on="2025-06-30"),
            ],
            **({"within": "f1"} if number == 8 else {}),
        )
        for number, status in enumerate(states, 1)
    ]
