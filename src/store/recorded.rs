//! A value together with what the trail says about it.

use crate::domain::audit::Event;

/// What a write gives back: its value and at least one event. One without an event cannot be made.
#[derive(Clone, Debug)]
#[must_use = "a write is only done when the store has recorded it"]
pub struct Recorded<T> {
    value: T,
    events: Vec<Event>,
    answer: Option<String>,
}

/// A value, its events, and the answer that is kept.
pub(super) type Parts<T> = (T, Vec<Event>, Option<String>);

impl<T> Recorded<T> {
    /// The value, and the event that tells of it.
    pub fn new(value: T, event: Event) -> Self {
        Self { value, events: vec![event], answer: None }
    }

    /// One more event.
    pub fn and(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    /// More events, if there are any.
    pub fn and_all(mut self, events: impl IntoIterator<Item = Event>) -> Self {
        self.events.extend(events);
        self
    }

    /// What is answered if the same request comes again: kept with the effect, where the call carries a key.
    pub fn answering(mut self, answer: String) -> Self {
        self.answer = Some(answer);
        self
    }

    /// The same events with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Recorded<U> {
        Recorded { value: change(self.value), events: self.events, answer: self.answer }
    }

    pub(super) fn into_parts(self) -> Parts<T> {
        (self.value, self.events, self.answer)
    }
}
