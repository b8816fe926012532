"""What the simulated market assumes: each quantity with its range, and what in the report it stands on, if anything. Pure.

The report: Region Gävleborg 2023, on municipalities that buy food through DIS. `section` names the passage that gives the figure
or its direction; without one the quantity is an assumption of ours, and is shown as that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from market.values import msg


class Size(StrEnum):
    """Small: like Kramfors and Tierp, about 20 000 inhabitants. Large: like Norrtälje, about 65 000."""

    SMALL = "small"
    LARGE = "large"


class Handling(StrEnum):
    MANUAL = "manual"
    ELECTRONIC = "electronic"


@dataclass(frozen=True, slots=True)
class Scene:
    """One DIS: who runs it, and how."""

    size: Size
    handling: Handling

    @property
    def key(self) -> str:
        return f"{self.size}-{self.handling}"


SCENES = tuple(Scene(size, handling) for size in Size for handling in Handling)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A quantity that is drawn from the triangle low, likely, high, once for each set of assumptions."""

    key: str
    name: str
    low: float
    likely: float
    high: float
    unit: str
    section: str = ""
    why: str

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high or self.low == self.high:
            raise ValueError(f"{self.key}: a range goes from low over likely to high.")


YEARS = 4
"""3 + 1 years, as long as the wholesaler's contract (report, section 5)."""
MONTHS = 12 * YEARS
CAPACITY_SIGMA = 0.8
"""Spread of what suppliers can sell, in the logarithm: the tenth largest sells about eight times what the tenth smallest does."""
CALLOFF_NOISE = 0.06
"""How much one supplier's price differs from one call-off to the next: prices that fit the situation (report, section 4.6)."""
RECEIVES_VISITS = 0.5
"""Share of the suppliers that can receive classes or visit schools, which is what deductions are given for (section 4.4)."""
LOWEST_COST = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """`spend`: share of what is bought by DIS; `suppliers`: share of those who join; `season`: months in which there are goods."""

    key: str
    spend: float
    suppliers: float
    season: frozenset[int]


ALL_YEAR = frozenset(range(1, 13))
CATEGORIES = (
    Category(key="beef", spend=0.18, suppliers=0.18, season=ALL_YEAR),
    Category(key="lamb", spend=0.05, suppliers=0.08, season=frozenset((8, 9, 10, 11, 12))),
    Category(key="game", spend=0.05, suppliers=0.10, season=frozenset((1, 2, 9, 10, 11, 12))),
    Category(key="poultry", spend=0.13, suppliers=0.10, season=ALL_YEAR),
    Category(key="eggs_dairy", spend=0.16, suppliers=0.16, season=ALL_YEAR),
    Category(key="fish", spend=0.09, suppliers=0.08, season=ALL_YEAR),
    Category(key="potatoes", spend=0.09, suppliers=0.08, season=frozenset((1, 2, 3, 4, 7, 8, 9, 10, 11, 12))),
    Category(key="vegetables", spend=0.13, suppliers=0.06, season=frozenset((6, 7, 8, 9, 10, 11))),
    Category(key="grain", spend=0.05, suppliers=0.06, season=ALL_YEAR),
    Category(key="prepared", spend=0.07, suppliers=0.10, season=ALL_YEAR),
)
"""Tierp's nine categories and Kramfors' potatoes (section 4.4). That animal products come more easily than grain, fruit and
vegetables is the report's (section 6); the numbers and seasons are ours."""

_HAND = msg(
    "Rapporten säger att arbetet görs för hand och växer med antalet leverantörer, men inte hur mycket."
)
_LESS = msg(
    "Antaget: så mycket mindre när systemet bjuder in, samlar in och räknar. Rapporten har ingen uppgift."
)
_HOURS = msg("timmar")

QUANTITIES = (
    Quantity(key="carve_out", name=msg("Del av livsmedlen som köps genom DIS"), low=0.05, likely=0.06, high=0.07,
             unit=msg("andel"), section="4.2", why=msg("5–7 procent av volymen får köpas utanför grossistavtalet.")),
    Quantity(key="points_small", name=msg("Leveranspunkter, liten kommun"), low=5, likely=6.5, high=8,
             unit=msg("kök"), section="4.5", why=msg("Kramfors levererar till fem större kök, Tierp till högst cirka åtta.")),
    Quantity(key="points_large", name=msg("Leveranspunkter, stor kommun"), low=15, likely=25, high=40,
             unit=msg("kök"), why=msg("Antaget: rapporten har ingen uppgift om en stor kommun.")),
    Quantity(key="budget_small", name=msg("Livsmedelsinköp per år, liten kommun"), low=15, likely=20, high=30,
             unit=msg("miljoner kronor"), why=msg("Antaget: omkring 1 000 kronor per invånare i en kommun med 20 000.")),
    Quantity(key="budget_large", name=msg("Livsmedelsinköp per år, stor kommun"), low=50, likely=65, high=100,
             unit=msg("miljoner kronor"), why=msg("Antaget: omkring 1 000 kronor per invånare i en kommun med 65 000.")),
    Quantity(key="calloffs_small", name=msg("Avrop per kategori och år, liten kommun"), low=1, likely=4, high=6,
             unit=msg("avrop"), section="6",
             why=msg("Avtalen gäller från en enda leverans upp till ett år, alltså minst ett avrop om året. Resten är antaget.")),
    Quantity(key="calloffs_large", name=msg("Avrop per kategori och år, stor kommun"), low=2, likely=6, high=12,
             unit=msg("avrop"), section="6", why=msg("Som i den lilla kommunen, men fler kök som vill avropa. Antaget.")),
    Quantity(key="second_category", name=msg("Leverantörer med varor i två kategorier"), low=0.1, likely=0.2, high=0.4,
             unit=msg("andel"), section="4.4",
             why=msg("Avstämt mot hur många kategorier som hade någon leverantör i Kramfors och Tierp.")),
    Quantity(key="answers", name=msg("Inbjudna som lämnar anbud, för hand"), low=0.3, likely=0.5, high=0.8,
             unit=msg("andel"), section="4.6",
             why=msg("Ingen måste svara på ett avrop. Hur många som gör det står inte, så det är antaget.")),
    Quantity(key="answers_more", name=msg("Fler som lämnar anbud när det är elektroniskt"), low=0.0, likely=0.1, high=0.2,
             unit=msg("andel"), why=msg("Antaget: enklare att svara. Rapporten har ingen uppgift.")),
    Quantity(key="off_season", name=msg("Varor utom säsong, mot i säsong"), low=0.1, likely=0.3, high=0.6,
             unit=msg("andel"), section="4.6", why=msg("Tillgången kan vara begränsad. Hur mycket är antaget.")),
    Quantity(key="capacity", name=msg("Vad en vanlig leverantör kan sälja till kommunen per år"), low=150, likely=400, high=1000,
             unit=msg("tusen kronor"), section="4.1",
             why=msg("Små leverantörer har svårt att klara volymerna. Beloppet är antaget.")),
    Quantity(key="cost_level", name=msg("Leverantörens kostnad mot grossistens pris, utan transport"), low=0.95, likely=1.05,
             high=1.2, unit=msg("gånger"), section="4.6", why=msg("Produkterna kan bli dyrare. Hur mycket är antaget.")),
    Quantity(key="cost_spread", name=msg("Skillnad i kostnad mellan leverantörer (standardavvikelse)"), low=0.05, likely=0.12,
             high=0.2, unit=msg("gånger"), why=msg("Antaget.")),
    Quantity(key="alone_margin", name=msg("Påslag hos den som räknar med att vara ensam"), low=0.05, likely=0.15, high=0.3,
             unit=msg("andel"), why=msg("Antaget. Påslaget delas med antalet anbud som leverantören väntar sig.")),
    Quantity(key="ceiling", name=msg("Högsta pris som kommunen godtar, mot grossistens"), low=1.2, likely=1.4, high=1.7,
             unit=msg("gånger"), why=msg("Antaget: dyrare anbud antas inte, och varan köps av grossisten.")),
    Quantity(key="deduction", name=msg("Avdrag för studiebesök när anbud jämförs"), low=0.0, likely=0.1, high=0.5,
             unit=msg("andel"), section="4.1", why=msg("En kommun gav upp till 50 procents avdrag. Det vanliga är antaget.")),
    Quantity(key="patience", name=msg("Förlorade anbud i rad innan en leverantör ger upp"), low=3, likely=6, high=12,
             unit=msg("anbud"), section="4.8",
             why=msg("Ingen hade lämnat DIS efter ett knappt år, så tålamodet är inte kort. Talet är antaget.")),
    Quantity(key="deliveries", name=msg("Leveransdagar per kategori och år"), low=6, likely=12, high=26,
             unit=msg("dagar"), section="4.5",
             why=msg("Köken håller nere transporterna genom att beställa mycket åt gången. Antalet är antaget.")),
    Quantity(key="drop_cost", name=msg("Kostnad att lämna varor vid ett kök"), low=80, likely=150, high=300,
             unit=msg("kronor"), section="4.5", why=msg("Transporten ingår i varans pris. Beloppet är antaget.")),
    Quantity(key="calloff_hours_manual", name=msg("Ett avrop, för hand"), low=3, likely=6, high=10, unit=_HOURS, section="4.6",
             why=_HAND),
    Quantity(key="invited_hours_manual", name=msg("Varje inbjuden, för hand"), low=0.1, likely=0.3, high=0.8, unit=_HOURS,
             section="4.6", why=_HAND),
    Quantity(key="tender_hours_manual", name=msg("Varje anbud, för hand"), low=1, likely=2, high=4, unit=_HOURS, section="4.6",
             why=_HAND),
    Quantity(key="admission_hours_manual", name=msg("Varje ansökan, för hand"), low=3, likely=6, high=12, unit=_HOURS,
             section="4.6", why=_HAND),
    Quantity(key="dialogue_hours_manual", name=msg("Dialog per leverantör och år, för hand"), low=3, likely=6, high=12,
             unit=_HOURS, section="4.4", why=msg("Upphandlaren vill ha löpande dialog med var och en. Tiden är antagen.")),
    Quantity(key="calloff_hours_electronic", name=msg("Ett avrop, elektroniskt"), low=0.5, likely=1.5, high=3, unit=_HOURS,
             why=_LESS),
    Quantity(key="invited_hours_electronic", name=msg("Varje inbjuden, elektroniskt"), low=0.0, likely=0.02, high=0.1,
             unit=_HOURS, why=_LESS),
    Quantity(key="tender_hours_electronic", name=msg("Varje anbud, elektroniskt"), low=0.2, likely=0.4, high=1, unit=_HOURS,
             why=_LESS),
    Quantity(key="admission_hours_electronic", name=msg("Varje ansökan, elektroniskt"), low=0.5, likely=1.5, high=3,
             unit=_HOURS, why=_LESS),
    Quantity(key="dialogue_hours_electronic", name=msg("Dialog per leverantör och år, elektroniskt"), low=2, likely=5, high=10,
             unit=_HOURS, section="4.4", why=msg("Dialogen är människors, och blir nästan lika lång. Tiden är antagen.")),
    Quantity(key="hour_cost", name=msg("En arbetstimme"), low=350, likely=450, high=600, unit=msg("kronor"),
             why=msg("Antaget: lön med avgifter.")),
    Quantity(key="system_cost", name=msg("Elektroniskt system per år, utöver det som finns"), low=0, likely=40, high=100,
             unit=msg("tusen kronor"), why=msg("Antaget. För hand används det annonssystem som redan finns.")),
    Quantity(key="worth_local", name=msg("Värdet av att en krona köps av en liten leverantör"), low=0.1, likely=0.35, high=0.7,
             unit=msg("kronor"), section="4.1",
             why=msg("Politiken vill ha fler lokala leverantörer. Vad det är värt har inget marknadspris, så det är antaget.")),
    Quantity(key="worth_category", name=msg("Värdet av att en kategori har någon leverantör, per år"), low=0, likely=5, high=15,
             unit=msg("tusen kronor"), section="6", why=msg("Beredskap och försörjning. Vad det är värt är antaget.")),
)  # fmt: skip
"""Everything that is drawn anew for each set of assumptions."""
