//! The worked example as people read it, whole, in both languages.

use super::{
    Audience, explain,
    given::worked_example,
    render::{render, render_explanation},
};
use crate::domain::{matching::texts::Texts, words::Lang};

#[test]
fn the_worked_example_in_dutch() {
    insta::assert_snapshot!(render(&Texts::v1(), &worked_example(), Lang::Nl), @r"
    VOORSTEL
      We stellen voor: OMM Zwolle. Begin: 14 juni 2026.
      Voorlopig: zonder toestemming kan geen voorstel worden verstuurd.
      Zekerheid: niet helemaal zeker. Elk gewicht mag hoogstens een factor 0.1724 verschillen. Dan
      blijft deze plek eerste. Dit kan veranderen als meer bekend is over: hulp die nodig is.
      Dit is een voorstel. CoMensha besluit. De persoon mag nee zeggen.

    ROUTE
      Volwassen, mag hier verblijven, en heeft problemen op meer gebieden. De route is de OMM. Is gewone
      opvang niet genoeg, dan kiest CoMensha een plek, legt die voor en besluit.
      Advies: komt in aanmerking voor OMM. De beoordelaar besluit.

    PAST, PLAATS VANDAAG
      1. OMM Zwolle [omm-zwolle-places]
         Score 0.81 van 1; als alles bekend is, tussen 0.735 en 0.885. Begin: 14 juni 2026. Plaatsen
         nodig: 1; vrij: 2. Cijfers bevestigd op 13 juni 2026 22:30.
         ! Vraag of intake vannacht kan: niet bekend is of dit een crisisplek is. Het aantal plaatsen is
           aangenomen, tot de opvang het opgeeft.
      2. OMM Amsterdam (crisis) [omm-amsterdam-crisis]
         Score 0.7725 van 1. Begin: 14 juni 2026. Plaatsen nodig: 1; vrij: 2. Cijfers bevestigd op 13
         juni 2026 22:30.
         Staat na OMM Zwolle: 0.0375 lager. Het grootste verschil: 'banden die blijven' (0.05).
         Hier beter: 'hulp die nodig is' (0.06).
         Komt voor OMM Zwolle als 'hulp die nodig is' voor 0.4106 of meer meetelt.
         Komt voor OMM Zwolle als 'banden die blijven' hier 0.375001 is of meer.

    MOGELIJK, EERST VRAGEN
      1. OMM Almere (doorstroom) [omm-almere-move-on]
         Score 0.6 van 1. Begin: 14 juni 2026. Plaatsen nodig: 1; vrij: 2. Cijfers bevestigd op 13 juni
         2026 22:30.
         ? Er is nu een plek nodig. Deze plek is om door te stromen. Of dat een crisis uitsluit, is niet
           bekend.

    OPZIJ GEZET NA BEZWAAR VAN DE OPVANG
      - OMM Enschede [omm-enschede-places]
         Plaatsen nodig: 1; vrij: 2. Cijfers bevestigd op 13 juni 2026 22:30.
         De opvang maakte bezwaar. Dat bezwaar staat nog.

    PAST NU NIET, EN WAAROM
      - COSM Geeuwenbrug [cosm-geeuwenbrug-places]
      - COSM Rotterdam [cosm-rotterdam-places]
        x De route leidt niet naar deze opvang (COSM) maar naar: R5, OMM.
          Dit kan hier niet veranderen.
      - OMM Rotterdam [omm-rotterdam-places]
        x Er zijn niet genoeg plaatsen vrij. Nodig: 1. Vrij: 0.
          Nodig: Er komt 1 plaats bij, uiterlijk 12 juli 2026. Dit hangt af van: de tijd.
        x Er is een conflict bekend met iemand die er woont of komt wonen.
          Nodig: De andere persoon is daar niet meer en komt er niet. Dit hangt af van: de tijd.

    WAT TE VRAGEN, EN AAN WIE
      Aan de opvang, OMM Almere (doorstroom): Neemt deze plek nu iemand in crisis op? Zo kan 1 plek
      passend worden.
      Aan de aanmelder: Geeft de persoon toestemming, en wie tekende? Zo kan 1 plek passend worden.

    BIJNA PASSEND
      OMM Rotterdam: regels in de weg: 2; niet bekend: 0. Misschien plaats vanaf 1 juli 2026; dat is
      niet zeker.

    WAT ÉÉN VERANDERING OPLEVERT
      Als de doorstroomplek een crisis opneemt, past 1 plek: OMM Almere (doorstroom).
    ");
}

#[test]
fn the_worked_example_in_english() {
    insta::assert_snapshot!(render(&Texts::v1(), &worked_example(), Lang::En), @r"
    PROPOSAL
      We propose: OMM Zwolle. Start: 14 June 2026.
      Provisional: without consent no proposal can be sent.
      Confidence: not quite certain. Every weight may be wrong by a factor of at most 0.1724. Then this
      place stays first. This may change when more is known about: help that is needed.
      This is a proposal. CoMensha decides. The person may say no.

    ROUTE
      Adult, may stay here, and has problems in several areas. The route is the OMM. If regular shelter
      is not enough, CoMensha chooses a place, proposes it and decides.
      Advice: eligible for OMM. The assessor decides.

    FITS, PLACE TODAY
      1. OMM Zwolle [omm-zwolle-places]
         Score 0.81 of 1; once everything is known, between 0.735 and 0.885. Start: 14 June 2026. Places
         needed: 1; free: 2. Figures confirmed on 13 June 2026 22:30.
         ! Ask about intake tonight: it is not known whether this is a crisis place. The number of
           places is assumed until the shelter reports it.
      2. OMM Amsterdam (crisis) [omm-amsterdam-crisis]
         Score 0.7725 of 1. Start: 14 June 2026. Places needed: 1; free: 2. Figures confirmed on 13 June
         2026 22:30.
         Stands after OMM Zwolle: 0.0375 lower. The largest difference: 'ties that stay' (0.05).
         Better here: 'help that is needed' (0.06).
         Comes before OMM Zwolle if 'help that is needed' weighs 0.4106 or more.
         Comes before OMM Zwolle if 'ties that stay' is 0.375001 or more here.

    POSSIBLE, ASK FIRST
      1. OMM Almere (move-on) [omm-almere-move-on]
         Score 0.6 of 1. Start: 14 June 2026. Places needed: 1; free: 2. Figures confirmed on 13 June
         2026 22:30.
         ? A place is needed now. This one is for moving on. Whether that rules out a crisis is not
           known.

    SET ASIDE AFTER AN OBJECTION OF THE SHELTER
      - OMM Enschede [omm-enschede-places]
         Places needed: 1; free: 2. Figures confirmed on 13 June 2026 22:30.
         The shelter objected. That objection still stands.

    DOES NOT FIT NOW, AND WHY
      - COSM Geeuwenbrug [cosm-geeuwenbrug-places]
      - COSM Rotterdam [cosm-rotterdam-places]
        x The route does not lead to this shelter (COSM) but to: R5, OMM.
          This cannot be changed here.
      - OMM Rotterdam [omm-rotterdam-places]
        x There are not enough free places. Needed: 1. Free: 0.
          Needed: 1 more place, by 12 July 2026. It depends on: time.
        x A conflict is known with somebody who lives there or will.
          Needed: The other person is no longer there and will not come. It depends on: time.

    WHAT TO ASK, AND WHOM
      To the shelter, OMM Almere (move-on): Does this place take someone in crisis now? This can make 1
      place fit.
      To the referrer: Does the person consent, and who signed? This can make 1 place fit.

    NEARLY FITS
      OMM Rotterdam: rules in the way: 2; not known: 0. Maybe a place from 1 July 2026; that is not
      certain.

    WHAT ONE CHANGE WOULD OPEN
      If the move-on place takes a crisis, 1 place fits: OMM Almere (move-on).
    ");
}

#[test]
fn the_person_reads_plain_words_and_numbers_for_places() {
    let text =
        render_explanation(&Texts::v1(), &explain(&Texts::v1(), &worked_example(), Audience::Person, None), Lang::En);
    insta::assert_snapshot!(text, @r"
    PROPOSAL
      We propose: place 1 (OMM). Start: 14 June 2026.
      Provisional: without consent no proposal can be sent.
      This is a proposal. CoMensha decides. The person may say no.

    ROUTE
      Adult, may stay here, and has problems in several areas. The route is the OMM. If regular shelter
      is not enough, CoMensha chooses a place, proposes it and decides.
      Advice: eligible for OMM. The assessor decides.

    FITS, PLACE TODAY
      1. Place 1 (OMM)
         This place fits what you need.
      2. Place 2 (OMM)
         This place fits what you need.
         Stands after place 1 (OMM). The largest difference: 'ties that stay'.
         Better here: 'help that is needed'.

    POSSIBLE, ASK FIRST
      1. Place 3 (OMM)
         This place may fit. We ask something first.
         ? A place is needed now. This one is for moving on. Whether that rules out a crisis is not
           known.

    SET ASIDE AFTER AN OBJECTION OF THE SHELTER
      - Place 4 (OMM)
         This place does not fit now.

    DOES NOT FIT NOW, AND WHY
      - Place 5 (COSM)
      - Place 6 (COSM)
        x The route does not lead to this shelter (COSM) but to: R5, OMM.
          This cannot be changed here.
      - Place 7 (OMM)
        x There are not enough free places. Needed: 1. Free: 0.
          Needed: 1 more place, by 12 July 2026. It depends on: time.
        x This is not possible now.

    WHAT TO ASK, AND WHOM
      To the referrer: Does the person consent, and who signed?
    ");
}
