"""What is said in the demonstration's cases? Sentences about nobody, all of them invented.

A text is put together of what happened and a circumstance, so that few are alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tracker.cases.texts import Section

HANDLING, LATE_INQUIRY, TELLING, FOLLOWING, CONTINUITY, MISSED, MANNER, MEDICINE, FALL, ALARM, TOGETHER = (
    "Handläggning och dokumentation", "Försenade utredningstider", "Kommunicering av beslut", "Uppföljning",
    "Kontinuitet i dokumentation", "Utebliven eller försenad insats", "Bemötande", "Läkemedel", "Fall",
    "Larm och teknik", "Samverkan",
)  # fmt: skip
OLD, DISABLED, FAMILY = "Äldreomsorg", "Funktionsstöd", "Individ- och familjeomsorg"
AREA_WEIGHTS = {OLD: 42, DISABLED: 30, FAMILY: 28}


@dataclass(frozen=True, slots=True)
class Category:
    """How often a category is reported in each area, the likely degree of severity (1–4, by weight), and what is said.
    `health` is True where health care is what went wrong.
    """

    weights: Mapping[str, int]
    severity: tuple[int, int, int, int]
    said: tuple[str, ...]
    health: bool = False


CATEGORIES = {
    HANDLING: Category({OLD: 8, DISABLED: 9, FAMILY: 18}, (30, 45, 20, 5), (
        "Beslutet saknade en underskrift och fick fattas om.",
        "Utredningen hänvisade till en bestämmelse som inte längre gäller.",
        "Ett samtal av betydelse för ärendet var inte antecknat i journalen.",
        "Genomförandeplanen hade blivit kvar i fel akt.",
        "Två beslut om samma insats låg i systemet samtidigt, med olika omfattning.",
        "Delegationen räckte inte för beslutet som fattades.",
    )),
    LATE_INQUIRY: Category({OLD: 5, DISABLED: 6, FAMILY: 20}, (15, 45, 32, 8), (
        "Utredningen blev klar flera veckor efter den tid som vi lovat.",
        "Förhandsbedömningen tog längre tid än fjorton dagar.",
        "Utredningen stod stilla under ledigheten och ingen hade tagit över den.",
        "Barnutredningen gick över fyra månader utan ett beslut om förlängning.",
        "Ansökan låg ofördelad i tre veckor.",
    )),
    TELLING: Category({OLD: 4, DISABLED: 5, FAMILY: 14}, (30, 45, 20, 5), (
        "Den enskilde fick inte del av utredningen innan beslutet fattades.",
        "Beslutet skickades utan uppgift om hur man överklagar.",
        "Beslutet gick till en adress som inte längre gällde.",
        "Den enskilde fick veta beslutet av utföraren, inte av handläggaren.",
    )),
    FOLLOWING: Category({OLD: 6, DISABLED: 9, FAMILY: 8}, (30, 45, 20, 5), (
        "Beslutet hade inte följts upp på mer än ett år.",
        "Insatsen fortsatte trots att målet var nått, eftersom uppföljningen uteblivit.",
        "Uppföljningen gjordes utan att den enskilde var med.",
        "Det planerade besöket blev inte av och ingen ny tid bokades.",
    )),
    CONTINUITY: Category({OLD: 9, DISABLED: 11, FAMILY: 6}, (35, 45, 17, 3), (
        "Journalen hade ett uppehåll på flera veckor fast insatsen gavs varje dag.",
        "Det som sagts vid överlämningen fanns inte i journalen.",
        "Anteckningarna fördes i en pärm på enheten i stället för i systemet.",
        "En ändring i stödet var känd av några i gruppen men inte nedskriven.",
    )),
    MISSED: Category({OLD: 20, DISABLED: 9, FAMILY: 3}, (20, 45, 27, 8), (
        "Morgonbesöket blev inte utfört förrän vid lunchtid.",
        "Kvällsinsatsen uteblev när schemat ändrades samma dag.",
        "Ledsagningen ställdes in utan att en ersättare erbjöds.",
        "Duschen uteblev två veckor i rad.",
        "Matlådan levererades inte och besöket hade redan strukits.",
    )),
    MANNER: Category({OLD: 6, DISABLED: 9, FAMILY: 7}, (20, 45, 27, 8), (
        "Tonen i ett samtal upplevdes som nedlåtande.",
        "Personalen talade med varandra över huvudet på den enskilde.",
        "Den enskildes önskan om vem som skulle ge stödet lyssnades inte på.",
        "Dörren till lägenheten öppnades utan att någon knackat.",
    )),
    MEDICINE: Category({OLD: 14, DISABLED: 12, FAMILY: 0}, (22, 45, 26, 7), (
        "Dosen gavs två timmar efter den ordinerade tiden.",
        "Kvällens dos låg kvar i dosetten nästa morgon.",
        "Signeringslistan var inte ifylld för helgen.",
        "Plåstret byttes en dag för sent.",
        "Läkemedlet gavs av en vikarie utan delegering.",
    ), health=True),
    FALL: Category({OLD: 13, DISABLED: 5, FAMILY: 0}, (30, 40, 22, 8), (
        "Den boende hittades på golvet bredvid sängen.",
        "Ett fall vid förflyttning mellan stol och säng.",
        "Den boende halkade i badrummet där golvet var vått.",
        "Rullstolens broms var inte åtdragen och den boende gled ned på golvet.",
    ), health=True),
    ALARM: Category({OLD: 9, DISABLED: 4, FAMILY: 0}, (25, 42, 25, 8), (
        "Larmet gick fram men besvarades först efter fyrtio minuter.",
        "Dörrlarmet var avstängt efter ett servicebesök.",
        "Trygghetslarmets batteri var slut utan att någon märkt det.",
        "Det digitala låset gick inte att öppna och besöket blev försenat.",
    )),
    TOGETHER: Category({OLD: 6, DISABLED: 5, FAMILY: 8}, (25, 45, 24, 6), (
        "Uppgifter om hemgången från sjukhuset kom fram först efter att personen kommit hem.",
        "Den samordnade planen var inte känd hos utföraren.",
        "Två enheter trodde var för sig att den andra hade ansvaret.",
        "Skolan och vi hade kallat till möte samma dag och ingen av oss kunde komma till det andra.",
    )),
}  # fmt: skip
CIRCUMSTANCES = (
    "Det upptäcktes när kollegan tog över ärendet.", "Passet var bemannat med två vikarier.",
    "Rutinen finns men var inte känd i gruppen.", "Det är andra gången på kort tid.",
    "Det märktes vid den egna kontrollen i slutet av månaden.", "En närstående hörde av sig och berättade.",
    "Det hände i samband med byte av system.", "Orsaken är inte klarlagd än.",
    "Schemat hade ändrats samma morgon.", "Ingen kom till skada.",
    "Den enskilde blev orolig men har fått en förklaring.", "Det sågs vid överlämningen mellan passen.",
)  # fmt: skip
AT_ONCE = (
    "Det rättades samma dag och den enskilde fick veta.", "Närmaste chef informerades.",
    "Sjuksköterskan kontaktades och bedömde läget.", "Besöket gjordes så snart felet upptäcktes.",
    "Kollegorna påmindes vid nästa överlämning.", "Inget mer än att det skrevs upp.",
)  # fmt: skip
FOLLOWED_UP = (
    "Rutinen är genomgången med hela gruppen. Inget liknande har hänt sedan dess.",
    "Checklistan används vid varje överlämning, och stickprovet visar att den hålls.",
    "Schemat ändras nu av två personer tillsammans. Felet har inte kommit tillbaka.",
)  # fmt: skip


CAUSES = (
    "Rutinen fanns, men vikarien hade inte fått den.",
    "Uppgiften lämnades muntligt och skrevs inte ner.",
    "Två trodde att den andra hade gjort det.",
    "Systemet visade inte att något väntade.",
    "Schemat hade ändrats samma dag och ingen såg det.",
)


class Irregularity(NamedTuple):
    """What a lex Sarah-rapport tells, and in which area it can have happened."""

    areas: tuple[str, ...]
    said: str


IRREGULARITIES = (
    Irregularity((OLD,), "En boende fick ingen hjälp till toaletten under natten trots upprepade larm."),
    Irregularity((OLD,), "Hemtjänstens besök uteblev ett helt dygn och personen hade inte fått mat."),
    Irregularity((OLD,), "En person med demenssjukdom lämnade boendet utan att någon märkte det på två timmar."),
    Irregularity((OLD,), "Trycksår upptäcktes sent eftersom vändningar under natten inte hade gjorts."),
    Irregularity((OLD, DISABLED), "Pengar saknades i en enskilds kassa och kvitton gick inte att hitta."),
    Irregularity((DISABLED,), "En boende låstes in på sitt rum medan personalen åt lunch."),
    Irregularity((DISABLED,), "Personalen höll fast en boende i ett läge där det inte fanns något stöd för det."),
    Irregularity((DISABLED,), "Den tekniska hjälp som en boende behöver för att larma var bortkopplad under helgen."),
    Irregularity((DISABLED,), "En deltagare lämnades ensam vid utflykten och hittades av en förbipasserande."),
    Irregularity((DISABLED, OLD), "Hårda ord och hot om indragna förmåner användes för att få en boende att lyda."),
    Irregularity((FAMILY,), "En orosanmälan om ett barn lästes först efter fem dagar."),
    Irregularity((FAMILY,), "Ett placerat barn hade inte fått besök av sin socialsekreterare på sju månader."),
    Irregularity((FAMILY,), "Skyddsbehovet hos en våldsutsatt vuxen bedömdes inte innan hon skickades hem."),
    Irregularity((FAMILY,), "Ett beslut om bistånd verkställdes inte och familjen stod utan boende i tre nätter."),
    Irregularity((FAMILY,), "Uppgifter om en skyddad adress fanns med i en utredning som lämnades ut."),
)
LEX_AT_ONCE = (
    "Den enskilde fick hjälp och tillsyn direkt. Chefen i beredskap informerades.",
    "Skyddet ordnades samma kväll och en extra person sattes in.",
    "Läkare kontaktades, och närstående informerades med den enskildes samtycke.",
    "Ärendet gicks igenom samma dag av två handläggare och åtgärdades.",
)
MOTIVATIONS = {
    "inget": "Händelsen avvek från rutinen men den enskilde har inte farit illa och har inte riskerat det.",
    "risk": "Ingen kom till skada, men bristen hade kunnat leda till ett missförhållande.",
    "missforhallande": "Den enskilde fick inte den omsorg som beslutet gäller, och for illa av det.",
    "risk_allvarligt": "Bristen hade kunnat leda till en allvarlig skada om den inte upptäckts i tid.",
    "allvarligt": "Den enskildes liv och hälsa var hotade, och bristen hade pågått under en längre tid.",
}
IVO_OUTCOMES = (
    "Avslutat utan vidare åtgärd", "Nämnden har fullgjort sin skyldighet", "Följs upp vid tillsyn av verksamheten",
)  # fmt: skip
INVESTIGATION_WORDS: dict[Section, tuple[str, ...]] = {
    Section.RECEIVED: ("Rapporten lämnades skriftligt av en anställd i verksamheten.",
                       "Rapporten kom från arbetsledningen dagen efter händelsen."),
    Section.EVENT: ("Stöd som den enskilde har rätt till gavs inte, och ingen i passet uppfattade att det var deras.",
                    "Ansvaret var oklart mellan två enheter och ingen agerade."),
    Section.NOTICED: ("Det uppmärksammades vid överlämningen på morgonen.",
                      "En kollega läste journalen i efterhand och reagerade."),
    Section.CONSEQUENCES: ("Den enskilde mådde dåligt under natten och blev orolig för att bli lämnad igen.",
                           "Den enskilde fick ingen bestående skada, men förtroendet för oss är skadat."),
    Section.MEASURES_AT_ONCE: ("Extra tillsyn sattes in samma dag.", "Larm och bemanning sågs över direkt."),
    Section.CAUSES: ("Bemanningen var lägre än planerat.\nRutinen för larm var skriven men inte inövad.\n"
                     "Överlämningen gjordes muntligt.",
                     "Uppgiften fördelades till en tjänst som var vakant.\nDet fanns ingen bevakning som varnade."),
    Section.EARLIER: ("En liknande avvikelse rapporterades förra året på samma enhet.",
                      "Ingen liknande händelse har hittats de senaste två åren."),
    Section.AGAIN: ("Det kan hända igen om bemanningen är låg. Risken bedöms som måttlig.",
                    "Risken är liten när bevakningen finns på plats."),
    Section.MEASURES: ("Larmrutinen övas vid varje introduktion.\nÖverlämningen skrivs i journalen.",
                       "Ofördelade ärenden gås igenom varje morgon."),
    Section.PERSON: ("Den enskilde vill att samma personal kommer, och att någon ringer om det blir sent.",
                     "Närstående har fått tillfälle att berätta och har inga invändningar mot beskrivningen."),
    Section.HEARD: ("Fyra anställda och arbetsledningen. Journal, schema och larmlogg är genomgångna.",
                    "Handläggaren, två kollegor och den enskilde. Akten är läst."),
    Section.ASSESSMENT: ("Bristen ligger i hur arbetet var ordnat, inte hos någon enskild.",
                         "Händelsen är ett avsteg från god kvalitet, och den hade gått att förebygga."),
}  # fmt: skip
COMPLAINTS: dict[str, tuple[str, ...]] = {
    "klagomål": (
        "Personalen kommer på olika tider varje dag, och ingen ringer när det blir sent.",
        "Jag har ringt fyra gånger och ingen har ringt tillbaka.",
        "Maten var kall tre dagar i rad.",
        "Min mamma får träffa nya människor hela tiden. Det gör henne orolig.",
        "Beslutet är skrivet så att jag inte förstår det.",
        "Det tog två månader innan jag fick veta vem min handläggare är.",
        "Städningen hoppades över och skrevs ändå upp som gjord.",
    ),
    "synpunkt": (
        "Det vore bra om man kunde boka tid på webben.",
        "Skyltarna till dagverksamheten är svåra att hitta.",
        "Kan ni skicka en påminnelse dagen före mötet?",
        "Öppna gärna mottagningen en kväll i veckan.",
    ),
    "beröm": (
        "Personalen på korttidsboendet tog så fint hand om min pappa.",
        "Tack till den som tog sig tid att förklara beslutet för mig.",
        "Ledsagaren är alltid i tid och på gott humör.",
    ),
}
ANSWERS = (
    "Tack för att du hörde av dig. Vi har gått igenom schemat med gruppen, och från och med nu ringer vi om det blir "
    "sent.",
    "Vi beklagar att du fick vänta. Du har nu en handläggare, och telefontiden är utökad.",
    "Vi har tagit upp det med verksamheten, som har ändrat hur arbetet fördelas.",
)
