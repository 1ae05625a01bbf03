"""What has the demonstration municipality written in last year's kvalitetsberättelse?"""

from datetime import date

from tracker.reports.story_texts import TEXTS
from tracker.reports.year_texts import Written
from tracker.rules.story import StorySection

WORDS = {
    StorySection.GOALS: (
        "Nämndens mål är att den enskilde får den hjälp som har beslutats, i tid och av någon som är "
        "känd.\n"
        "Två strategier har burit arbetet: färre byten av personal, och uppföljning av varje beslut efter "
        "tre månader."
    ),
    StorySection.RESPONSIBILITY: (
        "Nämnden ansvarar för att ledningssystemet finns. Förvaltningschefen fördelar arbetet, "
        "verksamhetscheferna leder det, och enhetscheferna tar emot och utreder avvikelser. "
        "Kvalitetsledaren håller samman uppföljningen."
    ),
    StorySection.STRUCTURE: (
        "Varje enhet går igenom sina avvikelser en gång i månaden. Kvalitetsrådet möts varje kvartal och "
        "ser till att åtgärderna följs upp. Nämnden får kvartalsrapporter och den här berättelsen."
    ),
    StorySection.RISK_ANALYSES: (
        "Riskerna gicks igenom i november tillsammans med enheterna. De största gäller bemanning under "
        "sommaren och dokumentation vid byte av handläggare."
    ),
    StorySection.SELF_CHECKS: (
        "Egenkontrollerna följde planen. Där en kontroll inte blev av står skälet i uppföljningen av internkontrollen."
    ),
    StorySection.DEVIATIONS: (
        "Fler avvikelser rapporteras än året innan. Det beror på det nya formuläret, som går att fylla i "
        "på telefonen. De flesta gäller insatser som har blivit sena."
    ),
    StorySection.LEX_SARAH: (
        "Rapporterna handlar oftast om utebliven hjälp och om brister i dokumentationen. Två enheter har "
        "fått stöd att gå igenom sina rutiner för larm."
    ),
    StorySection.COMPLAINTS: (
        "De flesta synpunkter gäller bemötande och information om tider. Den som lämnar en synpunkt får "
        "svar inom tio dagar. Under sommaren hölls inte det löftet fullt ut."
    ),
    StorySection.UNEXECUTED: (
        "Det är brist på kontaktpersoner som gör att beslut väntar. En värvning började i september."
    ),
    StorySection.INTERNAL_CONTROL: ("Planen antogs i december och följdes upp i januari."),
    StorySection.ACTIONS: (
        "Åtgärder följs upp av någon annan än den som har gjort dem. De förs numera i samma register som det de gäller."
    ),
    StorySection.TRAINING: (
        "All ny personal har gått introduktionen om lex Sarah och dokumentation. Cheferna har gått en dag "
        "om riskanalys."
    ),
    StorySection.SURVEYS: (
        "I brukarundersökningen svarade något fler än förra året. Tryggheten är oförändrad. Fler vill "
        "veta i förväg vem som kommer."
    ),
    StorySection.RESULTS: (
        "Siffrorna visar att utredningarna blir klara i tid oftare, men att samma orsaker återkommer. "
        "Rutiner har ändrats utan att alla har fått veta det."
    ),
    StorySection.RISKS: ("Bemanningen under sommaren är den största risken. Den följs varje vecka från maj."),
    StorySection.NEXT_YEAR: (
        "Alla lex Sarah-utredningar är klara inom två månader.\n"
        "Varje ändrad rutin gås igenom på ett arbetsplatsmöte inom en månad."
    ),
}


def write_story(today: date) -> None:
    """Last year's kvalitetsberättelse, in the caller's transaction."""
    TEXTS.save(today.year - 1, {section: Written(text, 0) for section, text in WORDS.items()})
