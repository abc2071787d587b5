//! Lines from a terminal, with editing and history, or from a pipe.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    sync::{Arc, Mutex, PoisonError, mpsc as blocking},
    thread,
};

use rustyline::{
    Config, Context, Editor, ExternalPrinter, Helper, completion::Completer, highlight::Highlighter,
    hint::Hinter, history::MemHistory, validate::Validator,
};
use tokio::sync::mpsc;

use super::NAMES;

type Printer = Box<dyn ExternalPrinter + Send>;

/// Where lines come from: standard input. The next line is read when it is asked for, so that the answer to one
/// command is printed before the prompt of the next.
pub struct Input {
    lines: mpsc::Receiver<String>,
    more: blocking::Sender<()>,
    terminal: bool,
}

/// Where lines go to: standard output. Clones are the same screen.
#[derive(Clone, Default)]
pub struct Screen(Arc<Mutex<Option<Printer>>>);

impl Screen {
    /// Prints a line. One that is being typed on the terminal is drawn again below it.
    pub fn line(&self, line: impl AsRef<str>) {
        let line = line.as_ref();
        let mut printer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // When the reader of the output is gone there is nobody to tell.
        let printed = printer.as_mut().is_some_and(|printer| printer.print(format!("{line}\n")).is_ok());
        if !printed {
            let mut out = io::stdout().lock();
            let _ = writeln!(out, "{line}").and_then(|()| out.flush());
        }
    }
}

/// Opens standard input and output: with a prompt, editing and history if a person types.
///
/// # Errors
/// The terminal refuses, or no thread can be started.
pub fn open(prompt: &'static str) -> io::Result<(Input, Screen)> {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return plain();
    }
    let mut editor = Editor::with_history(Config::default(), MemHistory::new()).map_err(io::Error::other)?;
    editor.set_helper(Some(Words));
    let printer: Printer = Box::new(editor.create_external_printer().map_err(io::Error::other)?);
    let input = reader(true, move || {
        let line = editor.readline(prompt).ok()?;
        let _ = editor.add_history_entry(&line);
        Some(line)
    })?;
    Ok((input, Screen(Arc::new(Mutex::new(Some(printer))))))
}

/// Opens standard input and output without a prompt.
///
/// # Errors
/// No thread can be started.
pub fn plain() -> io::Result<(Input, Screen)> {
    Ok((reader(false, piped)?, Screen::default()))
}

/// A thread that reads a line whenever one is wanted, until there is none.
fn reader(terminal: bool, mut line: impl FnMut() -> Option<String> + Send + 'static) -> io::Result<Input> {
    let (send, lines) = mpsc::channel(1);
    let (more, wanted) = blocking::channel();
    thread::Builder::new().name("console".to_owned()).spawn(move || {
        while wanted.recv().is_ok() {
            let Some(line) = line() else { return };
            if send.blocking_send(line).is_err() {
                return;
            }
        }
    })?;
    Ok(Input { lines, more, terminal })
}

impl Input {
    /// The next line; `None` at the end of the input, and at ctrl-c on a terminal.
    pub async fn line(&mut self) -> Option<String> {
        self.more.send(()).ok()?;
        self.lines.recv().await
    }

    /// Does a person type?
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        self.terminal
    }
}

fn piped() -> Option<String> {
    let mut line = Vec::new();
    let read = io::stdin().lock().read_until(b'\n', &mut line).ok()?;
    (read > 0).then(|| String::from_utf8_lossy(&line).into_owned())
}

/// Completes the names of commands.
struct Words;

impl Helper for Words {}
impl Highlighter for Words {}
impl Validator for Words {}
impl Hinter for Words {
    type Hint = String;
}

impl Completer for Words {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let typed = line.get(..at).unwrap_or(line);
        let names = NAMES.iter().filter(|name| name.starts_with(typed)).map(|name| format!("{name} "));
        Ok((0, names.collect()))
    }
}
