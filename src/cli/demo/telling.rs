//! How the story is told: short paragraphs, and a check behind every claim.

use std::fmt::Display;

use super::super::{ending::Trouble, terminal::Terminal};

/// No line is longer, so that it reads well in any terminal.
const WIDTH: usize = 108;

/// Tells the story on a terminal.
pub(super) struct Telling<'t> {
    terminal: &'t mut Terminal,
    step: String,
    steps: usize,
}

impl<'t> Telling<'t> {
    /// A story that has not begun.
    pub fn new(terminal: &'t mut Terminal) -> Self {
        Self { terminal, step: "opening".to_owned(), steps: 0 }
    }

    /// Begins a step.
    pub fn step(&mut self, title: &str) {
        self.steps += 1;
        self.step = format!("{}. {title}", self.steps);
        let heading = self.terminal.heading(&self.step);
        self.terminal.say("");
        self.terminal.say(heading);
    }

    /// A paragraph.
    pub fn tell(&mut self, text: impl Display) {
        self.indented(&text.to_string(), "  ", "  ");
    }

    /// A line of a list.
    pub fn item(&mut self, text: impl Display) {
        self.indented(&text.to_string(), "  - ", "    ");
    }

    /// A line as it is.
    pub fn raw(&mut self, text: impl Display) {
        self.terminal.say(text);
    }

    /// What was just told holds, or the story ends here and says which step did not.
    pub fn check(&self, claim: &str, holds: bool) -> Result<(), Trouble> {
        if holds { Ok(()) } else { Err(self.failed(claim)) }
    }

    /// The value that a step needs, or the story ends here.
    pub fn need<T>(&self, claim: &str, value: Option<T>) -> Result<T, Trouble> {
        value.ok_or_else(|| self.failed(claim))
    }

    /// The value of an operation that must succeed, or the story ends here.
    pub fn done<T, E: Display>(&self, claim: &str, outcome: Result<T, E>) -> Result<T, Trouble> {
        outcome.map_err(|error| self.failed(&format!("{claim}: {error}")))
    }

    /// The end of a story that did not hold.
    pub fn failed(&self, claim: &str) -> Trouble {
        Trouble::not_so(format!("the story did not hold at step \"{}\": {claim}", self.step))
    }

    /// How many steps were told.
    pub fn steps(&self) -> usize {
        self.steps
    }

    fn indented(&mut self, text: &str, first: &str, rest: &str) {
        let mut line = first.to_owned();
        let mut is_empty = true;
        for word in text.split_whitespace() {
            if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.terminal.say(&line);
                rest.clone_into(&mut line);
                is_empty = true;
            }
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
        self.terminal.say(&line);
    }
}
