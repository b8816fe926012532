"""The words that a place or a distance hides behind. A plain list: a DIS may not ask what knows where anything is.

A test holds the names of municipalities and counties against those that the maps know.
"""

from __future__ import annotations


def _listed(text: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in text.split(";"))


MUNICIPALITIES = _listed(
    """
    Ale; Alingsås; Alvesta; Aneby; Arboga; Arjeplog; Arvidsjaur; Arvika; Askersund; Avesta; Bengtsfors;
    Berg; Bjurholm; Bjuv; Boden; Bollebygd; Bollnäs; Borgholm; Borlänge; Borås; Botkyrka; Boxholm;
    Bromölla; Bräcke; Burlöv; Båstad; Dals-Ed; Danderyd; Degerfors; Dorotea; Eda; Ekerö; Eksjö; Emmaboda;
    Enköping; Eskilstuna; Eslöv; Essunga; Fagersta; Falkenberg; Falköping; Falun; Filipstad; Finspång;
    Flen; Forshaga; Färgelanda; Gagnef; Gislaved; Gnesta; Gnosjö; Gotland; Grums; Grästorp; Gullspång;
    Gällivare; Gävle; Göteborg; Götene; Habo; Hagfors; Hallsberg; Hallstahammar; Halmstad; Hammarö;
    Haninge; Haparanda; Heby; Hedemora; Helsingborg; Herrljunga; Hjo; Hofors; Huddinge; Hudiksvall;
    Hultsfred; Hylte; Hällefors; Härjedalen; Härnösand; Härryda; Hässleholm; Håbo; Höganäs; Högsby; Hörby;
    Höör; Jokkmokk; Järfälla; Jönköping; Kalix; Kalmar; Karlsborg; Karlshamn; Karlskoga; Karlskrona;
    Karlstad; Katrineholm; Kil; Kinda; Kiruna; Klippan; Knivsta; Kramfors; Kristianstad; Kristinehamn;
    Krokom; Kumla; Kungsbacka; Kungsör; Kungälv; Kävlinge; Köping; Laholm; Landskrona; Laxå; Lekeberg;
    Leksand; Lerum; Lessebo; Lidingö; Lidköping; Lilla Edet; Lindesberg; Linköping; Ljungby; Ljusdal;
    Ljusnarsberg; Lomma; Ludvika; Luleå; Lund; Lycksele; Lysekil; Malmö; Malung-Sälen; Malå; Mariestad;
    Mark; Markaryd; Mellerud; Mjölby; Mora; Motala; Mullsjö; Munkedal; Munkfors; Mölndal; Mönsterås;
    Mörbylånga; Nacka; Nora; Norberg; Nordanstig; Nordmaling; Norrköping; Norrtälje; Norsjö; Nybro;
    Nykvarn; Nyköping; Nynäshamn; Nässjö; Ockelbo; Olofström; Orsa; Orust; Osby; Oskarshamn; Ovanåker;
    Oxelösund; Pajala; Partille; Perstorp; Piteå; Ragunda; Robertsfors; Ronneby; Rättvik; Sala; Salem;
    Sandviken; Sigtuna; Simrishamn; Sjöbo; Skara; Skellefteå; Skinnskatteberg; Skurup; Skövde;
    Smedjebacken; Sollefteå; Sollentuna; Solna; Sorsele; Sotenäs; Staffanstorp; Stenungsund; Stockholm;
    Storfors; Storuman; Strängnäs; Strömstad; Strömsund; Sundbyberg; Sundsvall; Sunne; Surahammar; Svalöv;
    Svedala; Svenljunga; Säffle; Säter; Sävsjö; Söderhamn; Söderköping; Södertälje; Sölvesborg; Tanum;
    Tibro; Tidaholm; Tierp; Timrå; Tingsryd; Tjörn; Tomelilla; Torsby; Torsås; Tranemo; Tranås;
    Trelleborg; Trollhättan; Trosa; Tyresö; Täby; Töreboda; Uddevalla; Ulricehamn; Umeå; Upplands Väsby;
    Upplands-Bro; Uppsala; Uppvidinge; Vadstena; Vaggeryd; Valdemarsvik; Vallentuna; Vansbro; Vara;
    Varberg; Vaxholm; Vellinge; Vetlanda; Vilhelmina; Vimmerby; Vindeln; Vingåker; Vänersborg; Vännäs;
    Värmdö; Värnamo; Västervik; Västerås; Växjö; Vårgårda; Ydre; Ystad; Älmhult; Älvdalen; Älvkarleby;
    Älvsbyn; Ängelholm; Åmål; Ånge; Åre; Årjäng; Åsele; Åstorp; Åtvidaberg; Öckerö; Ödeshög; Örebro;
    Örkelljunga; Örnsköldsvik; Östersund; Österåker; Östhammar; Östra Göinge; Överkalix; Övertorneå
    """
)
"""All 290, by SCB's names without «kommun»."""

COUNTIES = _listed(
    """
    Blekinge län; Dalarnas län; Gotlands län; Gävleborgs län; Hallands län; Jämtlands län; Jönköpings län;
    Kalmar län; Kronobergs län; Norrbottens län; Skåne län; Stockholms län; Södermanlands län; Uppsala
    län; Värmlands län; Västerbottens län; Västernorrlands län; Västmanlands län; Västra Götalands län;
    Örebro län; Östergötlands län
    """
)
"""All 21."""

LANDSCAPES = _listed(
    """
    Blekinge; Bohuslän; Dalarna; Dalsland; Gotland; Gästrikland; Halland; Hälsingland; Härjedalen;
    Jämtland; Lappland; Medelpad; Norrbotten; Närke; Skåne; Småland; Södermanland; Uppland; Värmland;
    Västerbotten; Västergötland; Västmanland; Ångermanland; Öland; Östergötland
    """
)
"""All 25."""

REGIONS = _listed(
    """
    Bergslagen; Gävleborg; Götaland; Kronoberg; Mellansverige; Mälardalen; Norden; Nordsverige; Norrland;
    Roslagen; Sjuhärad; Skandinavien; Skaraborg; Storstockholm; Svealand; Sverige; Sydsverige; Sörmland;
    Tornedalen; Västernorrland; Västra Götaland; Österlen; Östra Svealand
    """
)
"""Parts of the country, and the country: nationality counts as a place (LOU 4 kap. 1 §)."""

INHABITANTS = _listed(
    """
    bohuslänsk; gotländsk; gästrikländsk; halländsk; hälsingsk; jämtländsk; lappländsk; nordisk;
    norrländsk; närkisk; roslagsk; skånsk; småländsk; svensk; sörmländsk; uppländsk; värmländsk;
    västerbottnisk; västgötsk; västmanländsk; ångermanländsk; öländsk; östgötsk
    """
)
"""Words for what comes from there, without their endings."""

ALSO_COMMON_WORDS = _listed(
    """
    Ale; Berg; Boden; Eda; Habo; Kil; Klippan; Lund; Mark; Mora; Nora; Sala; Säter; Trosa; Vara; Älvdalen
    """
)
"""Municipalities whose names are words too: they count when written as names, inside a sentence or before «kommun»."""

LOCAL_WORDS = (
    r"lokal(?!er\b|erna|vård)\w*",
    r"(?:när|hem|egen)(?:produc|odla|uppföd|fånga|tillverk|försörj)\w*",
    r"närhet\w*",
    r"när(?:mast|mare|a) (?:till|köket|kök|kommun|oss|leverant|produc|gård|odla|skol)\w*",
    r"när(?:område|miljö|belägen|beläget|belägna|liggande)\w*",
    r"(?:hem)?bygd(?:en)?s?\b",
    r"(?:hem|etablerings|ursprungs|verksamhets|produktions)?ort(?:en|er|erna)?s?\b",
    r"trakten?s?\b",
    r"region(?:en|er|al|ala|alt)?s?\b",
    r"inhemsk\w*",
    r"(?:härifrån|häromkring)\b",
    r"(?:från|inom) (?:den egna |vår |egna )?(?:kommun|kommunen|län|länet|landskapet|landet|socknen|området)\b",
    r"i (?:(?:den egna|vår|egna) kommun(?:en)?|(?:det egna )?länet|landskapet|socknen)\b",
    r"hemmahörande\b",
    r"geografisk\w*",
    r"(?:säte|belägen|beläget|belägna|lokaliserad|lokaliserat|lokaliserade)\b",
    r"postnummer\w*",
    r"ursprungsland\w*",
)
"""Patterns of words for "from here", at the beginning of a word. Premises (lokaler) are no locality."""

DISTANCE_WORDS = (
    r"\d[\d ]*(?:[.,]\d+)? ?(?:km|kilometer|mil)s?\b",
    r"(?:km|kilometer|mil)s?\b",
    r"\w*avstånd\w*",
    r"(?:transport|kör|res|bil|leverans)(?:sträck|väg)\w*",
    r"(?:transport|kör|res)(?:tid)(?!punkt)\w*",
    r"(?:min(?:uter)?s?|\w*timm(?:ar|e)s?) (?:bil|kör|res|väg)\w*",
    r"(?:kort|korta|kortare|kortast|kortaste) (?:\w+ )?(?:transport|väg|resa|sträcka|led|leveransväg)\w*",
    r"(?:mat|livsmedels)mil\b",
    r"(?:kommun|läns|landskaps|region)gräns\w*",
    r"\w*radie\w*",
    r"omkrets\w*",
    r"upptagningsområde\w*",
)
"""Patterns of words for how far. "Inom 30 dagar" is a time and is let alone."""
