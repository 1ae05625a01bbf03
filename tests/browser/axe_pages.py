"""The pages that axe looks at, by who sees them."""

QUARTER = "/rapporter/kvartal/2021/4?avstamning=2022-01-31&foregaende=2021-10-31"
# Addresses by who opens them; `{code}`, `{record_id}` and `{clock_id}` are what the server's database holds.
VISITOR_PAGES = (
    "/logga-in", "/engangskod", "/engangskod/{code}", "/engangskod/valj", "/engangskod/fel", "/finns-inte", "/synpunkt",
    "/synpunkt/folj",
)  # fmt: skip
OFFICER_PAGES = (
    "/",
    "/sok",
    "/sok?q=b",
    "/sok?q=finns inte",
    "/konto",
    "/konto/paminnelser",
    "/konto/kalender",
    "/vyer",
    "/vyer/ny?register=/beslut&status=ej-verkstallda",
    "/nytt",
    "/exporter",
    "/bekrafta",
    "/beslut",
    "/beslut?kolumner=beslut,dagar,verkstalld,annan&ordning=beslut",
    "/beslut?status=ej-verkstallda",
    "/beslut?status=verkstallda",
    "/beslut/{record_id}",
    "/beslut/nytt",
    "/beslut/{record_id}/ersatter",
    *(
        f"/beslut/{{record_id}}/klocka/{{clock_id}}/{what}"
        for what in ("verkstall", "avsluta", "erbjudande", "under-tiden")
    ),
    "/beslut/{record_id}/ratta",
    "/beslut/{record_id}/klocka/{clock_id}/ratta",
    "/beslut/{record_id}/makulera",
    "/beslut/{record_id}/atkomst",
    "/beslut/{record_id}/person",
    "/beslut/uppdatering",
    "/beslut/{record_id}/ivo",
    "/beslut/{record_id}/ivo/ny",
    "/beslut/makulerade",
    "/beslut/skyddade",
    "/beslut/inlasning",
    "/beslut/inlasning/tabell",  # where no file waits
    "/beslut/inlasning/kolumner",
    "/beslut/inlasning/varden",
    "/beslut/inlasning/granska",
    "/beslut/999999",
    "/rapporter",
    "/rapporter/kvartal/2021/4",
    QUARTER,
    "/rapporter/kvartal/2021/4/granskning",
    "/rapporter/kvartal/2021/4/jamforelse",
    "/rapporter/kvartal/2021/4/klar",
    "/rapporter/kvartal/2021/4/las",
    "/rapporter/kvartal/2021/4/sekretess",
    "/rapporter/kvartal/2021/2",  # locked
    "/rapporter/kvartal/2021/2/las",
    "/rapporter/kvartal/2021/4/uppdatering",
    "/rapporter/kvartal/2021/4/uppdatering/avsluta",
    "/rapporter/kvartal/2021/3/ivo",
    "/rapporter/kvartal/2022/1/ivo?visa=nu",
    "/rapporter/kvartal/2021/3/ivo/efterhand",
    "/admin",  # the page that says one may not
)
# Of the one decision that the officer's quarter is locked with, and that IVO has asked about.
SENDING_PAGES = (
    "/rapporter/kvartal/2021/3/ivo/{clock_id}/ny",
    "/rapporter/kvartal/2021/3/ivo/{clock_id}/ny/angra",
    "/beslut/{record_id}/ivo",
    "/beslut/{record_id}/ivo/1",
)
ADMINISTRATOR_PAGES = (
    "/",
    "/konto",
    "/admin",
    "/admin/anvandare/ny",
    "/admin/anvandare/1",
    "/admin/anvandare/2",  # one's own
    "/admin/anvandare/1/avslut",
    "/admin/anvandare/1/uppgifter",
    "/admin/anvandare/1/roll/1",
    "/admin/roller",
    "/admin/enheter",
    "/admin/enheter?q=finns+inte",
    "/admin/enheter/ny",
    "/admin/enheter/1",
    "/admin/begaran",
    "/admin/begaran/1/godkann",
    "/admin/begaran/1/avsla",
    "/admin/installningar",
    "/admin/gallring",
    "/admin/installningar/mas",
    "/admin/rapporteringsperioder",
    "/admin/rapporteringsperioder/2026/3",
    "/admin/mallar",
    "/admin/start",
    "/admin/kodlistor",
    "/admin/kodlistor/skal",
    "/admin/kodlistor/skal/1",
    "/admin/kodlistor/skal/1/sla-ihop",
)
CONTROL_PAGES = (
    "/risker",
    "/risker?ar=2021&kolumner=ref,agare,niva,annan&ordning=ref",
    "/risker?ar=2021&sannolikhet=4&konsekvens=3",
    "/risker?ar=2021&sannolikhet=1&konsekvens=1",
    "/risker?ar=2021&konsekvens=3",
    "/risker?ar=2021&lista=utanfor",
    "/risker?ar=2030",
    "/risker/kopiera?ar=2022",
    "/risker/jamfor?ar=2022",
    "/internkontroll",
    "/internkontroll/2021",
    "/internkontroll/2030",
    "/internkontroll/2021/moment",
    "/internkontroll/2021/moment?utfall=forsenat&kolumner=ref,bedomning,aret-fore,annan&ordning=-ref",
    "/internkontroll/2021/moment?utfall=inget-resultat&enhet=999",
    "/internkontroll/2030/moment",
    "/risker/ny?ar=2022",
    "/internkontroll/2022/moment/nytt",
    "/internkontroll/2021/plan",
    "/internkontroll/2021/skala",
    "/internkontroll/2021/aktiviteter",
    "/internkontroll/2022/aktiviteter/ny",
    "/internkontroll/2022/skala?fran=5",
    "/internkontroll/2021/plan/steg/dra-tillbaka",
    "/internkontroll/2021/plan/steg/foresla",
    "/internkontroll/2021/plan/version/1",
    "/rapporter/internkontroll/2021",
    "/rapporter/internkontroll/2021/las",
    "/rapporter/internkontroll/2030",
    "/rapporter/internkontroll/2021/text",
    "/internkontroll/foljd/1",
)
RISK_PAGES = tuple(f"/risker/{{record_id}}{what}" for what in ("", "/andra", "/makulera"))
MOMENT_PAGES = tuple(
    f"/internkontroll/moment/{{record_id}}{what}"
    for what in ("", "/stickprov", "/foljd", "/andra", "/resultat", "/bedomning", "/makulera")
)
SAMPLE_PAGES = tuple(f"/internkontroll/stickprov/{{record_id}}{what}" for what in ("", "/dra", "/granska", "/beslut"))
ACTIVITY_PAGES = (
    "/internkontroll/2022/aktiviteter/ny",
    "/internkontroll/2022/aktiviteter",
    *(f"/internkontroll/aktivitet/{{record_id}}{what}" for what in ("", "/andra", "/status", "/makulera")),
)
ACTION_PAGES = (
    "/atgarder?lista=alla&kolumner=nummer,effekt,annan&ordning=-nummer",
    "/atgarder",
    "/atgarder?lista=alla&vems=alla",
    "/atgarder/eskalerade",
    *(f"/atgarder/flera/{what}?val={{record_id}}" for what in ("klar", "ny-dag", "overlat")),
    "/atgarder?vems=mina&lista=klara",
    *(f"/atgarder/{{record_id}}{what}" for what in ("", "/andra", "/lage", "/effekt")),
    *(f"/atgarder/{{record_id}}{what}" for what in ("/overlat", "/ny-dag", "/makulera", "/hor-till")),
)
GUARANTEE_PAGES = (
    "/garantier",
    "/garantier/overskridna",
    "/garantier/ny",
    *(
        f"/garantier/forhandsbedomning{what}"
        for what in ("", "?lage=missade&manad=2021-01", "/manader", "/ny", "/andra")
    ),
    "/garantier/synpunkt/manader?ar=2025",
)
OCCASION_PAGES = (
    *(
        f"/garantier/tillfallen/{{record_id}}{what}"
        for what in ("", "/ratta", "/avbryt", "/forlang", "/klart", "/avvikelse")
    ),
    "/garantier/forhandsbedomning?kolumner=grans,klart,for-sent&ordning=-referens",
)
ITEM_PAGES = ("/internkontroll/stickprov/{record_id}/post/{clock_id}",)
CASE_PAGES = (
    "/rapportera",
    "/gallring",
    "/gallring/synpunkter",
    "/synpunkter/ny",
    "/avvikelser/monster",
    "/avvikelser/monster?till=2015-01",
    "/avvikelser?slag=tillbud",
    "/trender",
    "/trender?per=enhet",
    "/trender?per=kategori",
    "/trender?matt=lex-sarah-mal&per=enhet",
    "/trender?matt=lex-sarah&per=kategori",
    "/trender?till=2001-K1",
    "/trender?enhet=999999",
    "/avvikelser?kolumner=nummer,allvarlighet,annan&ordning=annan",
    "/rapporter/kvalitet/2025",
    "/rapporter/kvalitet/2025/berattelse",
    "/rapporter/kvalitet/2025/berattelse/text",
    "/rapporter/kvalitet/2025/las",
    "/rapporter/kvalitet/anmalningsarenden",
    *(
        f"/{name}{query}"
        for name in ("avvikelser", "lex-sarah", "synpunkter")
        for query in ("", "?status=oppna", "?ref=X")
    ),
)
# Of the first in each register; a lex Sarah-rapport as its ansvarig sees it.
CASE_OWN_PAGES = {
    "/avvikelser": (
        "/avvikelser/{record_id}",
        "/avvikelser/{record_id}/steg/gor-till-lex-sarah",
        "/avvikelser/{record_id}/ratta",
        "/rapportera/{record_id}",
        "/avvikelser/{record_id}/atkomst",
        "/avvikelser/{record_id}/filer",
    ),
    "/synpunkter": (
        "/synpunkter/{record_id}",
        "/synpunkter/{record_id}/steg/ta-emot",
        "/synpunkter/{record_id}/ratta",
        "/synpunkter/{record_id}/atkomst",
        "/synpunkter/{record_id}/filer",
        "/garantier/synpunkter/{record_id}/avvikelse",
    ),
}
LEX_SARAH_PAGES = (
    "/lex-sarah/{record_id}",
    *(
        f"/lex-sarah/{{record_id}}/{what}"
        for what in ("utredning", "utredning/orsaker", "anmalan", "atkomst", "ratta", "filer")
    ),
    *(f"/lex-sarah/{{record_id}}/steg/{step}" for step in ("bedom", "ge-till-utredare")),
)
DUTY_PAGES = tuple(
    f"/lex-sarah/{what}"
    for what in ("skyddade", "information", "information/1", "information/1/anstallda", "information/installning")
)
PROVIDER_PAGES = tuple(f"/lex-sarah/fran-utforare{what}" for what in ("", "?status=avslutad", "/ny"))
SECRETARY_PAGES = ("/internkontroll", "/internkontroll/2021/plan/beslut/faststall")
REVIEWER_PAGES = (
    "/logg",
    "/logg?fran=2025-01-01",
    "/logg?fran=nonsens",
    "/logg/post/{record_id}?flik=exporter&fran=2025-01-01",
    "/logg/person/5?fran=2025-01-01",
    "/logg/kontroller",
    "/logg/kontroller?ar=2025",
    "/logg/kontroller/plan",
    "/logg/kontroller/plan/1",
    "/logg/kontroller/1",
    "/logg/kontroller/1/dra",
    "/logg/kontroller/1/bedom",
    "/logg/kontroller/1/signera",
    "/logg/kontroller/1/dragning/1",
)
NO_PAGES = {
    "health.alive", "health.ready", "static", "bootstrap.static", "reports.locked_file", "reports.control_file",
    "cases.deviation_file", "cases.lex_sarah_file", "cases.complaint_file", "cases.own_file",
    "reports.plan_file", "reports.anmalan_file", "reports.quality_file", "reports.story_file",
    "reports.report_list_file", "stickprov.attachment", "reminders.feed",
}  # fmt: skip
