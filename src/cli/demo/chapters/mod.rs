//! The story, one chapter after the other. Each checks that what it tells holds.

mod capacity;
mod elsewhere;
mod opening;
mod placing;
mod proof;

use super::{super::ending::Trouble, stage::Stage};

/// Tells the whole story.
pub(super) async fn tell(stage: &mut Stage<'_>) -> Result<(), Trouble> {
    opening::introduce(stage);
    opening::open(stage).await?;
    opening::fill(stage).await?;
    let arrived = Box::pin(placing::first_rank(stage)).await?;
    Box::pin(placing::departure(stage)).await?;
    Box::pin(placing::objection(stage)).await?;
    Box::pin(placing::family(stage)).await?;
    Box::pin(placing::too_late(stage)).await?;
    Box::pin(elsewhere::other_routes(stage)).await?;
    let mut waiting = Box::pin(capacity::full_house(stage)).await?;
    Box::pin(capacity::bed_update(stage, &mut waiting)).await?;
    proof::police_asks(stage).await?;
    proof::exit(stage, &arrived, waiting).await?;
    proof::trail(stage, &arrived).await
}
