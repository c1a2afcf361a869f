//! Whether the desk can work: asked by whatever decides where calls go. It shows nothing and records nothing.

use crate::app::Desk;

/// True if the database answers, its schema is that of this version, and the trail has its head.
pub async fn is_ready(desk: &Desk) -> bool {
    desk.store.is_ready().await
}
