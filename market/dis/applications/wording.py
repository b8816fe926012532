"""The words and tones that applications and what is asked of suppliers are shown with."""

from __future__ import annotations

from market.dis.applications.rules import Ground, InquiryKind, Lacking
from market.dis.rules import ApplicationEvent, ApplicationState
from market.values import msg

STATE_NAMES = {
    ApplicationState.DRAFT: msg("Påbörjad"),
    ApplicationState.SUBMITTED: msg("Skickad, prövas"),
    ApplicationState.ADMITTED: msg("Godkänd"),
    ApplicationState.REJECTED: msg("Inte godkänd"),
    ApplicationState.WITHDRAWN: msg("Återkallad"),
    ApplicationState.EXCLUDED: msg("Utesluten"),
    ApplicationState.LAPSED: msg("Förfallen"),
}
STATE_TONES = {
    ApplicationState.DRAFT: "neutral",
    ApplicationState.SUBMITTED: "note",
    ApplicationState.ADMITTED: "good",
    ApplicationState.REJECTED: "bad",
    ApplicationState.WITHDRAWN: "neutral",
    ApplicationState.EXCLUDED: "bad",
    ApplicationState.LAPSED: "neutral",
}
EVENT_NAMES = {
    ApplicationEvent.BEGIN: msg("Ansökan påbörjad"),
    ApplicationEvent.SUBMIT: msg("Ansökan skickad"),
    ApplicationEvent.TAKE_BACK: msg("Ansökan tagen tillbaka för ändring"),
    ApplicationEvent.ADMIT: msg("Leverantören godkänd"),
    ApplicationEvent.REJECT: msg("Ansökan inte godkänd"),
    ApplicationEvent.WITHDRAW: msg("Ansökan återkallad av leverantören"),
    ApplicationEvent.EXCLUDE: msg("Leverantören utesluten"),
    ApplicationEvent.LAPSE: msg("Systemet upphörde innan ansökan var prövad"),
}
GROUND_NAMES = {
    Ground.REQUIREMENT: msg("Ett kvalificeringskrav är inte uppfyllt"),
    Ground.BANKRUPTCY: msg("Konkurs eller likvidation"),
    Ground.TAXES: msg("Obetalda skatter eller socialavgifter"),
    Ground.CRIME: msg("Brott som leder till uteslutning"),
    Ground.MISCONDUCT: msg("Allvarligt fel eller missförhållande"),
    Ground.DECLARATION: msg("Egenförsäkran är oriktig eller inte förnyad"),
}
INQUIRY_NAMES = {
    InquiryKind.DECLARATION: msg("Ny egenförsäkran"),
    InquiryKind.HEARING: msg("Tillfälle att yttra sig"),
}
LACK_TEXTS = {
    Lacking.CATEGORY: msg("Välj minst en kategori."),
    Lacking.AUTHORITY: msg("Kryssa i vilka ni kan leverera till."),
    Lacking.CONTACT_NAME: msg("Skriv vem vi ska prata med."),
    Lacking.CONTACT_WAY: msg("Skriv en e-postadress eller ett telefonnummer."),
    Lacking.DECLARED: msg("Kryssa i försäkran längst ned när allt annat är klart."),
}
