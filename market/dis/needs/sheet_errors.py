"""What can be wrong with a sheet that comes back, each with what to do about it. Pure."""

from __future__ import annotations

from market.values import Refused, msg


class OtherRound(Refused):
    message = msg(
        "Filen hör inte till den här omgången. Hämta mallen här på sidan, så att veckor och varor stämmer."
    )


MERGED = msg(
    "Cellerna är sammanfogade (%(cells)s). Markera dem, välj att dela dem igen, och skriv en mängd i varje cell."
)
UNKNOWN_KITCHEN = msg(
    "Köket %(name)s hör inte till dem som du svarar för. Rätta namnet så att det står som i mallen, eller ta bort raden."
)
NO_KITCHEN = msg("Raden har mängder men inget kök. Skriv kökets namn som det står i mallen.")
UNKNOWN_PRODUCT = msg(
    "Varan %(name)s finns inte i omgången. Rätta namnet så att det står som i mallen, eller ta bort raden."
)
NO_PRODUCT = msg("Raden har mängder men ingen vara. Skriv varans namn som det står i mallen.")
ROW_TWICE = msg("Samma kök och vara står också på rad %(first)s. Ta bort den ena raden.")
UNKNOWN_WEEK = msg(
    "Rubriken %(name)s är ingen vecka i omgången. Skriv den som i mallen, eller ta bort kolumnen."
)
NO_WEEK = msg("Kolumnen har mängder men ingen rubrik. Skriv veckan som i mallen, eller ta bort kolumnen.")
WEEK_TWICE = msg("Veckan står också i kolumn %(first)s. Ta bort den ena kolumnen.")
WRONG_UNIT = msg("Enheten ska vara %(unit)s. Rätta den, och kontrollera att mängderna är i den enheten.")
FORMULA = msg(
    "Cellen har en formel. Kopiera den och välj att klistra in värden, eller skriv mängden som ett tal."
)
FAULTY = msg("Det är ett fel som Excel visar. Skriv mängden som ett tal.")
IS_DATE = msg(
    "Excel har gjort ett datum av mängden. Ändra cellens format till Tal och skriv den igen, med komma: 12,5."
)
IS_PERCENT = msg("Cellen är i procent. Ändra cellens format till Tal och skriv mängden igen.")
IS_TRUTH = msg("Cellen är ett ja eller nej. Skriv mängden som ett tal.")
NO_NUMBER = msg("Det är inget tal. Skriv bara mängden med siffror, till exempel 12,5.")
