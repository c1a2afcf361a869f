//! A page of plain text for a terminal: headings, marked lines, lines broken at words. It knows nothing of the field.

use super::words::{Lang, Words};

/// Longest line; wider ones are hard to read and break in a small window.
const LINE_MAX: usize = 100;

/// Text in one language, line by line.
pub(crate) struct Page {
    text: String,
    lang: Lang,
}

impl Page {
    pub(crate) fn new(lang: Lang) -> Self {
        Self { text: String::new(), lang }
    }

    /// Everything written so far.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// A heading with its lines; nothing at all without lines.
    pub(crate) fn section(&mut self, title: &Words, lines: &[Words]) {
        if lines.is_empty() {
            return;
        }
        self.heading(title);
        for line in lines {
            self.line("  ", line);
        }
    }

    /// A heading, with an empty line before it.
    pub(crate) fn heading(&mut self, title: &Words) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&title.get(self.lang).to_uppercase());
        self.text.push('\n');
    }

    /// One text behind a mark, broken at words; later lines stand under the first. Nothing for an empty text.
    pub(crate) fn line(&mut self, mark: &str, words: &Words) {
        let indent = " ".repeat(mark.chars().count());
        let mut line = mark.to_owned();
        let mut is_empty = true;
        for word in words.get(self.lang).split_whitespace() {
            if !is_empty && line.chars().count() + 1 + word.chars().count() > LINE_MAX {
                self.text.push_str(&line);
                self.text.push('\n');
                line.clone_from(&indent);
                is_empty = true;
            }
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
        if !is_empty {
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_breaks_at_words_and_stands_under_its_beginning() {
        let mut page = Page::new(Lang::En);
        page.line("  - ", &Words::same("word ".repeat(25)));
        let lines = page.into_text();
        let lines: Vec<&str> = lines.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("  - word") && lines[1].starts_with("    word"));
        assert!(lines.iter().all(|line| line.chars().count() <= LINE_MAX));
    }

    #[test]
    fn nothing_is_written_for_nothing() {
        let mut page = Page::new(Lang::Nl);
        page.section(&Words::same("title"), &[]);
        page.line("- ", &Words::default());
        assert_eq!(page.into_text(), "");
    }
}
