//! Two people for whom the OMM is not the way, and where they go instead.

use super::super::{super::ending::Trouble, people::POLICE, stage::Stage};
use crate::{
    app::decide_placement::Choice,
    domain::{
        advice::card::Standing,
        fact::Verdict,
        placement::decision::Outcome,
        referral::{lifecycle::Judgement, reasons::TargetRoute},
        words::Lang,
    },
};

const DEMO_E: &str = include_str!("../../../../demo/demo-e.json");
const DEMO_F: &str = include_str!("../../../../demo/demo-f.json");

/// A minor goes to Nidos; someone in the reflection period without multiple problems to the COSM.
pub(super) async fn other_routes(stage: &mut Stage<'_>) -> Result<(), Trouble> {
    stage.telling.step("DEMO-E and DEMO-F: not for the OMM, and sent the right way");
    for (body, who, target) in [
        (DEMO_E, "A girl of 16, alone in the country", TargetRoute::Nidos),
        (
            DEMO_F,
            "A woman of 24 in the reflection period (three months to consider a declaration to the police)",
            TargetRoute::Cosm,
        ),
    ] {
        let referral = stage.refer(POLICE, body).await?;
        stage.complete(referral).await?;
        let matched = stage.matched(referral).await?;
        let mut omm = matched.result.cards().filter(|card| card.code.as_str().starts_with("omm-"));
        let nobody = omm.all(|card| card.failed != 0);
        stage.telling.check("no OMM place is offered", nobody && matched.result.route.omm != Verdict::Yes)?;
        stage.judge(referral, Judgement::NotEligible, "Another route comes first.").await?;
        let decision = stage.decide(referral, Choice::Redirect(target), "As the route says.").await?;
        stage.telling.check("the way is recorded", decision.outcome == (Outcome::Redirected { target }))?;
        let fits = matched.advice.cards.iter().filter(|card| card.standing == Standing::Fits);
        let names: Vec<&str> = fits.map(|card| card.name.get(Lang::En)).collect();
        let advice =
            if names.is_empty() { String::new() } else { format!(" On the advice list: {}.", names.join(", ")) };
        stage.telling.item(format_args!("{who}. {}{advice}", matched.result.route.text_en));
    }
    stage.telling.tell(
        "Both stay registered; the decision names the way and the reason. Nidos is the guardian of minors who are alone; \
         the COSM (categorale opvang slachtoffers mensenhandel) shelters people in the reflection period.",
    );
    Ok(())
}
