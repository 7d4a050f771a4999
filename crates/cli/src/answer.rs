//! What a verb says at its end: a sentence for people, JSON for programs, and whether all is well.

use std::io::Write;

use serde::Serialize;
use serde_json::json;

use crate::words::{CliError, Language, Sentence, language_of_environment};

/// Whether the exit code is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clean {
    /// Done, nothing left to repair.
    Yes,
    /// Done, and something is not as it should be.
    No,
}

impl From<bool> for Clean {
    fn from(clean: bool) -> Self {
        if clean { Self::Yes } else { Self::No }
    }
}

/// How a verb ends.
pub(crate) type Ending = Result<Clean, CliError>;

/// Where answers go.
#[derive(Debug)]
pub(crate) struct Output {
    json: bool,
    language: Language,
}

impl Output {
    /// Answers in JSON or in the language of the environment.
    pub(crate) fn new(json: bool) -> Self {
        Self { json, language: language_of_environment() }
    }

    /// The reader's language.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// Gives the answer: `value` to programs, the sentence to people.
    pub(crate) fn answer(&self, value: &impl Serialize, zh: &str, en: &str) {
        let text = if self.json { json_text(value) } else { self.choose(zh, en).to_owned() };
        // A reader that went away has nothing more to be told.
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    }

    /// Says something on the way, on standard error.
    pub(crate) fn say(&self, zh: &str, en: &str) {
        let _ = writeln!(std::io::stderr(), "{}", self.choose(zh, en));
    }

    /// Says what failed: a sentence on standard error, with JSON also the answer on standard output.
    pub(crate) fn failure(&self, error: &CliError) {
        let sentence = error.sentence(self.language);
        if self.json {
            let value = json!({ "error": { "code": error.code, "detail": sentence } });
            let _ = writeln!(std::io::stdout(), "{}", json_text(&value));
        }
        let _ = writeln!(std::io::stderr(), "{sentence}");
    }

    /// One of two texts by the reader's language.
    pub(crate) fn choose<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

fn json_text(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("answers are plain data with text keys")
}
