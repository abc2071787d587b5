//! The process under test: started, asked, measured.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::{self, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use crate::Outcome;

/// A process under test. Killed when dropped.
pub(crate) struct Child {
    process: process::Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Where it listens on 127.0.0.1.
    pub(crate) port: u16,
}

impl Child {
    /// Starts this program again in another mode; it says its port first.
    pub(crate) fn start(mode: &[&str]) -> Outcome<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(mode)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let commands = process.stdin.take().ok_or("the child has no input")?;
        let answers = process.stdout.take().ok_or("the child has no output")?;
        let mut child = Self { process, commands, answers: BufReader::new(answers), port: 0 };
        child.port = child.answer()?.trim().parse()?;
        Ok(child)
    }

    /// Gives it a command.
    pub(crate) fn say(&mut self, command: &str) -> Outcome<()> {
        writeln!(self.commands, "{command}")?;
        Ok(self.commands.flush()?)
    }

    /// Its next line.
    pub(crate) fn answer(&mut self) -> Outcome<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("the process under test has ended".into());
        }
        Ok(line)
    }

    /// Asks for a number.
    pub(crate) fn ask(&mut self, command: &str) -> Outcome<u64> {
        self.say(command)?;
        Ok(self.answer()?.trim().parse()?)
    }

    /// CPU time of all its threads so far.
    pub(crate) fn cpu(&self) -> Outcome<Duration> {
        let mut nanoseconds = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.process.id()))? {
            let line = fs::read_to_string(task?.path().join("schedstat"))?;
            nanoseconds += line.split(' ').next().unwrap_or("0").parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Its resident memory in bytes.
    pub(crate) fn resident(&self) -> Outcome<usize> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS")?;
        let kilobytes: usize = line.split_whitespace().nth(1).unwrap_or("0").parse()?;
        Ok(kilobytes * 1024)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended by itself; nothing is lost then.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
