"""Swedish for the EU's own texts of criteria on qualification, which requests bring in English, by criterion.

What the buyer demands of each stands beside it, in the buyer's words. The law is LOU chapters 14 and 15.
"""

from __future__ import annotations

from collections.abc import Mapping

CRITERIA: Mapping[str, str] = {
    "prof-regist": "Är ni inskrivna i de yrkesregister som gäller för er i det land där ni är etablerade?",
    "trade-regist": "Är ni inskrivna i handelsregistret i det land där ni är etablerade? I Sverige är det "
    "Bolagsverkets register.",
    "autorisation": "Krävs det en särskild auktorisation i ert land för att få utföra tjänsten, och har ni den?",
    "membership": "Krävs det medlemskap i en viss organisation i ert land för att få utföra tjänsten, och är ni "
    "medlem?",
    "gen-year-to": "Hur stor har er omsättning varit varje år, under så många räkenskapsår som köparen begär?",
    "aver-year-to": "Hur stor har er omsättning i genomsnitt varit per år, under så många år som köparen begär?",
    "spec-aver-to": "Hur stor har er omsättning i genomsnitt varit per år på det område som kontraktet gäller?",
    "spec-year-to": "Hur stor har er omsättning varit varje år på det område som kontraktet gäller?",
    "finan-rat": "Vilka är era värden för de nyckeltal som köparen begär?",
    "indem-insu": "Vilket belopp har ni i er ansvarsförsäkring för verksamheten?",
    "finan-requ": "Hur uppfyller ni köparens andra ekonomiska eller finansiella krav?",
    "work-perform": "Vilka byggentreprenader av det angivna slaget har ni utfört under den tid som köparen anger?",
    "supply-perform": "Vilka leveranser av det angivna slaget har ni gjort under den tid som köparen anger?",
    "service-perform": "Vilka tjänster av det angivna slaget har ni utfört under den tid som köparen anger?",
    "qual-cont-tech": "Vilka tekniker eller tekniska organ har ni tillgång till, särskilt för kvalitetskontroll? För "
    "dem som hör till ett annat företag vars kapacitet ni åberopar lämnas en egen ESPD.",
    "work-tech": "Vilka tekniker eller tekniska organ har ni tillgång till för att utföra byggentreprenaden?",
    "qual-facil": "Vilken teknisk utrustning och vilka åtgärder har ni för att säkra kvaliteten?",
    "research-fac": "Vilka resurser har ni för undersökning och forskning?",
    "chain-manage": "Hur följer och styr ni leveranskedjan när ni fullgör kontraktet?",
    "qualification": "Vilken utbildning och vilka yrkeskvalifikationer har ni eller era chefer, enligt det som "
    "köparen begär?",
    "envir-measure": "Vilka åtgärder för miljön kan ni vidta när ni fullgör kontraktet?",
    "tech-equip": "Vilka verktyg, maskiner och vilken teknisk utrustning har ni för att fullgöra kontraktet?",
    "spec-req-check": "Tillåter ni att köparen kontrollerar er produktionskapacitet eller tekniska kapacitet och, om "
    "det behövs, era resurser för undersökning och forskning och er kvalitetskontroll? Det gäller varor och tjänster "
    "som är komplexa eller avsedda för ett särskilt ändamål.",
    "manage-staff": "Hur många personer i ledande ställning har ni haft vart och ett av de tre senaste åren?",
    "year-manpower": "Hur många anställda har ni haft i medeltal vart och ett av de tre senaste åren?",
    "suncont-port": "Hur stor del av kontraktet, i procent, tänker ni kanske lägga ut på underleverantörer? En "
    "underleverantör vars kapacitet ni åberopar lämnar en egen ESPD.",
    "wo-autent": "Kan ni lämna de prover, beskrivningar eller fotografier av varorna som köparen begär? Äkthetsintyg "
    "behövs inte.",
    "w-autent": "Kan ni lämna de prover, beskrivningar eller fotografier av varorna som köparen begär, och "
    "äkthetsintyg där det behövs?",
    "qa-certif-inst": "Kan ni lämna intyg från ett officiellt institut för kvalitetskontroll om att varorna stämmer "
    "med de specifikationer eller standarder som köparen hänvisar till?",
    "qu-certif-indep": "Kan ni lämna intyg från ett oberoende organ om att ni uppfyller de standarder för "
    "kvalitetssäkring som krävs, också i fråga om tillgänglighet för personer med funktionsnedsättning?",
    "envir-certif-indep": "Kan ni lämna intyg från ett oberoende organ om att ni uppfyller de system eller standarder "
    "för miljöledning som krävs?",
    "staff-red": "Uppfyller ni de objektiva och icke-diskriminerande kriterier som köparen begränsar antalet "
    "anbudssökande med? Om intyg eller andra bevis begärs: säg för vart och ett om ni har det.",
}
CRITERIA_ALSO = {"authorisation": CRITERIA["autorisation"]}

YOUR_ANSWER: Mapping[str, str] = {
    "prof-regist": "Är ni inskrivna i registret?",
    "trade-regist": "Är ni inskrivna i handelsregistret?",
    "autorisation": "Har ni auktorisationen?",
    "authorisation": "Har ni auktorisationen?",
    "membership": "Är ni medlem i organisationen?",
}
"""What "Your answer" answers where another question stands above it."""
