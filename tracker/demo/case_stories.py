"""Which cases does the demonstration take through the program's own steps? Pure: told by days before today.

Every state of each register is here, and what an inspection looks for: one past its two months, one notified to IVO
before its investigation was done, one that has been given to the demonstration's utredare.
"""

from dataclasses import dataclass

from tracker.demo.case_words import ALARM, FALL, FOLLOWING, HANDLING, MANNER, MEDICINE, MISSED, TELLING
from tracker.demo.municipality import MANAGED_UNIT
from tracker.rules.case_workflow import Assessment, CaseKind, CaseStep

T = CaseStep
HOME, NORTH, SOUTH, OAK = MANAGED_UNIT, "Hemtjänst Norr", "Hemtjänst Söder", "Särskilt boende Ekbacken"
CHILDREN, ADULTS, DAILY, SHORT = (
    "Barn och unga",
    "Vuxna och boende",
    "Daglig verksamhet",
    "Korttidsvård och dagverksamhet",
)
RISK, IRREGULAR, SERIOUS, SERIOUS_RISK = (
    Assessment.RISK, Assessment.IRREGULARITY, Assessment.SERIOUS, Assessment.SERIOUS_RISK,
)  # fmt: skip
_D, _L, _C = CaseKind.DEVIATION, CaseKind.LEX_SARAH, CaseKind.COMPLAINT


@dataclass(frozen=True, slots=True)
class Taken:
    """A step, so many days after the case was reported; `degree`: what an assessment or a decision came to."""

    step: CaseStep
    after: int
    degree: Assessment | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A case: in which register and unit, reported how many days ago, what was said, and its steps. `sort`: an
    avvikelse's category, a lex Sarah-rapport's law, a synpunkt's kind. `written`: how many of the headings of the
    investigation are written. `contact`: what somebody outside has left.
    """

    kind: CaseKind
    unit: str
    days_ago: int
    what: str
    sort: str
    steps: tuple[Taken, ...] = ()
    severity: int | None = None
    at_once: str = ""
    person: str = ""
    written: int = 0
    contact: str = ""


def _through(*steps: tuple[CaseStep, int]) -> tuple[Taken, ...]:
    return tuple(Taken(step, after) for step, after in steps)


_INVESTIGATING = ((T.RECEIVE, 1), (T.INVESTIGATE, 3))
_ACTING = (*_INVESTIGATING, (T.ACT, 9))
_FOLLOWED_UP = (*_ACTING, (T.FOLLOW_UP, 30))
_CLOSED = (*_FOLLOWED_UP, (T.CLOSE, 33))
DEVIATIONS = (
    Story(_D, HOME, 72, "Kvällens medicin gavs dubbelt när två i personalen trodde att det var deras uppgift.",
          MEDICINE, _through(*_CLOSED), 3, "Sjuksköterskan ringdes upp och såg till den boende samma kväll."),
    Story(_D, NORTH, 70, "Besöket på morgonen blev två timmar sent när bilen inte startade.", MISSED,
          _through(*_CLOSED), 2, "Den enskilde ringdes upp och fick veta när vi kunde komma."),
    Story(_D, CHILDREN, 66, "Beslutet om kontaktfamilj skickades till fel förälder.", TELLING, _through(*_CLOSED), 3,
          "Brevet hämtades tillbaka oöppnat."),
    Story(_D, HOME, 61, "Genomförandeplanen hade inte följts upp sedan i våras.", FOLLOWING, _through(*_FOLLOWED_UP), 2,
          "Ett möte bokades in samma vecka."),
    Story(_D, OAK, 58, "Den boende föll vid uppresning ur fåtöljen.", FALL, _through(*_FOLLOWED_UP), 2,
          "Lyft gjordes med två, och sjuksköterskan tillkallades."),
    Story(_D, SOUTH, 55, "Larmet från badrummet gick inte fram.", ALARM, _through(*_INVESTIGATING), 3,
          "Ett reservlarm sattes in."),
    Story(_D, DAILY, 50, "En deltagare fick vänta ensam på bussen i fyrtio minuter.", MISSED, _through(*_ACTING), 2,
          "Närstående ringdes upp och bussbolaget kontaktades."),
    Story(_D, HOME, 44, "Samma aktivitet ställdes in tredje veckan i rad på grund av bemanningen.", MISSED,
          _through(*_ACTING), 2, "De boende fick välja en annan dag."),
    Story(_D, ADULTS, 38, "En anteckning om ett samtal saknades när ärendet byttes mellan handläggare.", HANDLING,
          _through(*_ACTING), 1, "Anteckningen skrevs i efterhand av den som höll samtalet."),
    Story(_D, HOME, 33, "Den boende blev utan frukost när passet bytte lokal.", MISSED, _through(*_INVESTIGATING), 2,
          "Frukost ordnades så snart felet märktes."),
    Story(_D, SHORT, 29, "Hjälpmedlet följde inte med hem efter korttidsvistelsen.", MISSED, _through(*_INVESTIGATING),
          1, "Hjälpmedlet kördes ut samma eftermiddag."),
    Story(_D, HOME, 24, "En vikarie talade om den boende med någon annan i hallen så att det hördes.", MANNER,
          _through(*_INVESTIGATING), 2, "Arbetsledaren pratade med vikarien."),
    Story(_D, HOME, 19, "En boende fick inte hjälp med insulinet på kvällen och hittades trött nästa morgon.", MEDICINE,
          (Taken(T.RECEIVE, 1), Taken(T.MAKE_LEX_SARAH, 3)), 4, "Ambulans tillkallades. Den boende är hemma igen."),
    Story(_D, NORTH, 16, "Nyckelskåpet gick inte att öppna och besöket blev försenat.", ALARM, _through((T.RECEIVE, 2)),
          1, "Låssmed ringdes."),
    Story(_D, HOME, 12, "Dörren till medicinskåpet stod olåst över natten.", MEDICINE, _through((T.RECEIVE, 1)), 2,
          "Skåpet låstes och innehållet räknades."),
    Story(_D, CHILDREN, 9, "Kallelsen till mötet gick ut två dagar för sent.", TELLING, _through((T.RECEIVE, 2)), 1,
          "Mötet flyttades."),
    Story(_D, OAK, 7, "Två boende fick varandras matlådor.", HANDLING, (), 2, "Lådorna byttes innan någon ätit."),
    Story(_D, HOME, 5, "Signeringslistan var inte ifylld för lördag och söndag.", MEDICINE, (), 1,
          "Dosetten räknades. Allt var givet."),
    Story(_D, HOME, 2, "Spisvakten var urkopplad när kvällspasset kom.", ALARM, (), 2, "Spisvakten kopplades in igen."),
    Story(_D, SOUTH, 1, "Ledsagningen ställdes in en timme före.", MISSED, (), 1, "En ny tid bokades."),
)  # fmt: skip
_GIVEN = (Taken(T.RECEIVE, 1), Taken(T.ASSESS, 2, RISK), Taken(T.ASSIGN, 4))
_DECIDED = (*_GIVEN, Taken(T.COMPLETE, 34), Taken(T.DECIDE, 38, IRREGULAR))
_TOLD = (*_DECIDED, Taken(T.INFORM_PERSON, 40), Taken(T.TELL_REPORTER, 41))
_SERIOUS = (
    Taken(T.RECEIVE, 0), Taken(T.ASSESS, 1, SERIOUS), Taken(T.ASSIGN, 1), Taken(T.COMPLETE, 30),
    Taken(T.DECIDE, 34, SERIOUS), Taken(T.NOTIFY_IVO, 35), Taken(T.INFORM_PERSON, 36), Taken(T.TELL_REPORTER, 37),
    Taken(T.ACT, 40), Taken(T.FOLLOW_UP, 80), Taken(T.CLOSE, 90),
)  # fmt: skip
LEX_SARAH = (
    Story(_L, OAK, 125, "En boende låg kvar på golvet i flera timmar innan någon kom.", "SoL", _SERIOUS,
          at_once="Ambulans tillkallades, och extra tillsyn sattes in.", person="Akt 4417", written=12),
    Story(_L, HOME, 112, "En boende fick inte komma ut på nio dagar eftersom ledsagning saknades.", "LSS",
          (*_TOLD, Taken(T.ACT, 45), Taken(T.FOLLOW_UP, 88)),
          at_once="Ledsagning ordnades samma dag.", person="Akt 2093", written=12),
    Story(_L, CHILDREN, 96, "En orosanmälan blev liggande i funktionsbrevlådan i två veckor.", "SoL",
          (*_TOLD, Taken(T.ACT, 47)),
          at_once="Barnet besöktes samma dag som anmälan hittades.", person="Akt 3318", written=12),
    Story(_L, NORTH, 86, "Hemtjänsten uteblev i ett dygn när ett telefonnummer hade ändrats.", "SoL",
          (Taken(T.RECEIVE, 2), Taken(T.ASSESS, 4, RISK), Taken(T.ASSIGN, 6)),  # past its two months
          at_once="Personen besöktes och mådde efter omständigheterna väl.", person="Akt 1760", written=7),
    Story(_L, HOME, 74, "Ett rum låstes utifrån under natten.", "LSS", _TOLD,
          at_once="Låset togs bort.", person="Akt 2105", written=12),
    Story(_L, DAILY, 68, "En deltagare lämnades kvar i bussen efter resan.", "LSS", _DECIDED,
          at_once="Chauffören hittade deltagaren, som kördes hem.", person="Akt 2611", written=12),
    Story(_L, SOUTH, 57, "Fel medicin delades ut till två personer i samma trappuppgång.", "SoL",
          (Taken(T.RECEIVE, 0), Taken(T.ASSESS, 1, SERIOUS_RISK), Taken(T.ASSIGN, 2), Taken(T.COMPLETE, 41)),
          at_once="Läkare kontaktades för båda.", person="Akt 1822", written=12),
    Story(_L, HOME, 47, "En boende nekades att ringa sina närstående under en hel helg.", "LSS",
          (Taken(T.RECEIVE, 1), Taken(T.ASSESS, 1, SERIOUS), Taken(T.ASSIGN, 2), Taken(T.NOTIFY_IVO, 5)),
          at_once="Den boende fick ringa. Den anställde arbetar inte på enheten under tiden.", person="Akt 2099",
          written=5),
    Story(_L, ADULTS, 33, "Ett skyddat boende avslutades fast hotet kvarstod.", "SoL", _GIVEN,
          at_once="En ny plats ordnades samma kväll.", person="Akt 3977", written=3),
    Story(_L, SHORT, 26, "Utföraren lät en person vara utan tillsyn under en natt.", "SoL",
          (Taken(T.RECEIVE, 1), Taken(T.HAND_OVER, 6)), at_once="Vi ringde utföraren, som satte in personal."),
    Story(_L, HOME, 13, "Handkassan för två boende stämmer inte, och kvitton saknas.", "LSS",
          (Taken(T.RECEIVE, 1), Taken(T.ASSESS, 4, RISK)), at_once="Kassorna är inlåsta.", person="Akt 2101"),
    Story(_L, OAK, 8, "En boende hade blåmärken på armarna som ingen kan förklara.", "SoL",
          (Taken(T.RECEIVE, 1),), at_once="Läkare har tittat på armarna.", person="Akt 4402"),
    Story(_L, HOME, 1, "Den boendes larm låg utom räckhåll när morgonpasset kom.", "LSS", (),
          at_once="Larmet sattes tillbaka.", person="Akt 2093"),
)  # fmt: skip
COMPLAINTS = (
    Story(_C, NORTH, 38, "Ni kommer en timme senare än vad vi kom överens om.", "klagomål",
          _through((T.RECEIVE, 1), (T.ANSWER, 8)), contact="Närstående, nås på 070-174 06 05"),
    Story(_C, HOME, 35, "Vi får inte veta när personalen slutar eller börjar.", "klagomål",
          _through((T.RECEIVE, 2), (T.ANSWER, 19)), contact="anhorig@demo.example"),
    Story(_C, SHORT, 31, "Tack för den fina utflykten!", "beröm", _through((T.RECEIVE, 1), (T.ANSWER, 3)),
          contact="Vill ha svar med brev"),
    Story(_C, OAK, 27, "Det luktar illa i trapphuset.", "synpunkt", _through((T.RECEIVE, 1), (T.CLOSE_UNANSWERED, 5))),
    Story(_C, HOME, 24, "Tvätten blandas ihop och plagg försvinner.", "klagomål",
          _through((T.RECEIVE, 1), (T.ANSWER, 6)), contact="Närstående, nås på 070-174 06 09"),
    Story(_C, CHILDREN, 21, "Jag får olika besked beroende på vem som svarar.", "klagomål",
          _through((T.RECEIVE, 2), (T.ANSWER, 9)), contact="Vill bli uppringd, 070-174 06 12"),
    Story(_C, HOME, 18, "Grannen till boendet störs av leveranser före klockan sex.", "klagomål",
          _through((T.RECEIVE, 1)), contact="granne@demo.example"),
    Story(_C, ADULTS, 15, "Väntrummet saknar platser för den som inte kan stå länge.", "synpunkt",
          _through((T.RECEIVE, 3))),
    Story(_C, SOUTH, 8, "Personalen har inte tid att prata, fast det står i planen.", "klagomål",
          _through((T.RECEIVE, 1)), contact="Brukare, nås på 070-174 06 21"),
    Story(_C, HOME, 4, "Kan ni visa matsedeln på anslagstavlan?", "synpunkt", _through((T.RECEIVE, 1))),
    Story(_C, HOME, 2, "Min bror har inte fått sin utevistelse den här veckan.", "klagomål",
          contact="Närstående, nås på 070-174 06 33"),
    Story(_C, DAILY, 1, "Bra att ni ringer när det blir ändrade tider.", "beröm"),
)  # fmt: skip
STORIES = DEVIATIONS + LEX_SARAH + COMPLAINTS
