"""The words and tones that agreements' states, events, kinds and methods are shown with."""

from __future__ import annotations

from datetime import date

from market.agreements.models import Agreement
from market.agreements.rules import AgreementEvent, AgreementKind, AgreementState, Method, Side
from market.values import msg

STATE_NAMES = {
    AgreementState.DRAFT: msg("Utkast"),
    AgreementState.SENT: msg("Väntar på båda"),
    AgreementState.SIGNED_BY_PRODUCER: msg("Väntar på kommunen"),
    AgreementState.SIGNED_BY_AUTHORITY: msg("Väntar på producenten"),
    AgreementState.IN_FORCE: msg("Gäller"),
    AgreementState.DECLINED: msg("Avböjt"),
    AgreementState.WITHDRAWN: msg("Tillbakadraget"),
    AgreementState.TERMINATED: msg("Uppsagt"),
}
STATE_TONES = {
    AgreementState.DRAFT: "neutral",
    AgreementState.SENT: "warn",
    AgreementState.SIGNED_BY_PRODUCER: "warn",
    AgreementState.SIGNED_BY_AUTHORITY: "warn",
    AgreementState.IN_FORCE: "good",
    AgreementState.DECLINED: "bad",
    AgreementState.WITHDRAWN: "bad",
    AgreementState.TERMINATED: "bad",
}
IS_OVER = msg("Avslutat")
NOT_YET = msg("Undertecknat, börjar senare")
EVENT_NAMES = {
    AgreementEvent.DRAFT: msg("Kommunen gjorde ett utkast"),
    AgreementEvent.SEND: msg("Kommunen skickade avtalet"),
    AgreementEvent.SIGN_AS_PRODUCER: msg("Producenten skrev under"),
    AgreementEvent.SIGN_AS_AUTHORITY: msg("Kommunen skrev under"),
    AgreementEvent.DECLINE: msg("Producenten avböjde"),
    AgreementEvent.WITHDRAW: msg("Kommunen drog tillbaka avtalet"),
    AgreementEvent.EXTEND: msg("Kommunen förlängde avtalet"),
    AgreementEvent.TERMINATE: msg("Avtalet sades upp"),
}
KIND_NAMES = {AgreementKind.FRAME: msg("Ramavtal"), AgreementKind.ONE_OFF: msg("Engångsavtal")}
METHOD_NAMES = {
    Method.PASSWORD: msg("lösenord"),
    Method.PASSKEY: msg("passkey"),
    Method.OIDC: msg("inloggningstjänst"),
}
SIDE_NAMES = {Side.AUTHORITY: msg("För kommunen"), Side.PRODUCER: msg("För producenten")}


def standing(agreement: Agreement, *, on: date) -> tuple[str, str]:
    """Where an agreement stands on a day, as words to translate and a tone."""
    if agreement.is_over(on):
        return IS_OVER, "neutral"
    if agreement.state is AgreementState.IN_FORCE and on < agreement.valid_from:
        return NOT_YET, "note"
    return STATE_NAMES[agreement.state], STATE_TONES[agreement.state]
