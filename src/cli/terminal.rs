//! The one place where anything is written to the terminal: results to stdout, everything else to stderr.
//!
//! Invariants: a reader that goes away is no fault; every other fault of writing is told in the end, so that a program
//! that reads a file never takes half an answer for a whole one. No colour where nobody looks.

use std::{
    fmt::{Arguments, Display},
    io::{self, ErrorKind, IsTerminal, Write},
};

use super::ending::{Ending, Trouble};

/// Where a command writes.
pub struct Terminal {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    colour: bool,
    lost: Option<io::Error>,
}

impl Terminal {
    /// The terminal of this process. `NO_COLOR` set to anything but nothing takes the colour away.
    pub fn of_process() -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = io::stdout().is_terminal() && !unwanted;
        Self { out: Box::new(io::stdout()), err: Box::new(io::stderr()), colour, lost: None }
    }

    /// Writes one line of the result.
    pub fn say(&mut self, line: impl Display) {
        self.write(format_args!("{line}\n"));
    }

    /// Writes a part of the result as it is, without an end of line.
    pub fn write(&mut self, text: Arguments<'_>) {
        if self.lost.is_none()
            && let Err(error) = self.out.write_fmt(text).and_then(|()| self.out.flush())
        {
            self.lost = Some(error);
        }
    }

    /// Writes one line of diagnostics. If even that fails there is nobody left to tell.
    pub fn note(&mut self, line: impl Display) {
        drop(writeln!(self.err, "{line}"));
    }

    /// The text as a heading, where there is colour.
    pub fn heading(&self, text: &str) -> String {
        if self.colour { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// True where colour is wanted.
    pub fn has_colour(&self) -> bool {
        self.colour
    }

    /// Tells what went wrong, and gives the ending of the whole command.
    pub fn end(&mut self, outcome: Result<Ending, Trouble>) -> Ending {
        let ending = match outcome {
            Ok(ending) => ending,
            Err(trouble) => {
                for (position, line) in trouble.lines.iter().enumerate() {
                    let before = if position == 0 { "omm: " } else { "" };
                    self.note(format_args!("{before}{line}"));
                }
                trouble.ending
            }
        };
        match self.lost.take() {
            Some(error) if error.kind() != ErrorKind::BrokenPipe => {
                self.note(format_args!("omm: the result cannot be written: {error}"));
                if ending == Ending::Done { Ending::Unavailable } else { ending }
            }
            Some(_) | None => ending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Closed(ErrorKind);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn terminal(kind: ErrorKind) -> Terminal {
        Terminal { out: Box::new(Closed(kind)), err: Box::new(io::sink()), colour: false, lost: None }
    }

    #[test]
    fn a_reader_that_went_away_is_no_fault_and_a_full_disk_is() {
        for (kind, ending) in [(ErrorKind::BrokenPipe, Ending::Done), (ErrorKind::StorageFull, Ending::Unavailable)] {
            let mut terminal = terminal(kind);
            terminal.say("a line");
            terminal.say("another");
            assert_eq!(terminal.end(Ok(Ending::Done)), ending, "{kind}");
        }
    }

    #[test]
    fn trouble_keeps_its_own_ending() {
        let mut terminal = terminal(ErrorKind::StorageFull);
        terminal.say("a line");
        assert_eq!(terminal.end(Err(Trouble::not_so("no"))), Ending::NotSo);
    }
}
