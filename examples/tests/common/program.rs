//! The programs of this package as processes: what scripts rely on in their output.
#![allow(dead_code, unreachable_pub, reason = "every test file uses its own part")]

use std::{
    cell::RefCell,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// How long a line that must come may take; a loaded machine needs seconds, a good one milliseconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program that is typed to and read from. It is killed when the test ends, whatever happens.
pub struct Program {
    child: Child,
    input: Option<ChildStdin>,
    lines: mpsc::Receiver<String>,
    /// Lines that nobody has expected yet.
    seen: RefCell<Vec<String>>,
}

impl Program {
    pub fn start(path: &str, arguments: &[&str]) -> Self {
        Self::start_in(Path::new("."), path, arguments)
    }

    pub fn start_in(directory: &Path, path: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(path);
        command.args(arguments).current_dir(directory).env_remove("RUST_LOG");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (send, lines) = mpsc::channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        #[expect(clippy::disallowed_methods, reason = "a test of programs")]
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Self { input: child.stdin.take(), child, lines, seen: RefCell::default() }
    }

    pub fn say(&self, command: &str) {
        writeln!(self.input.as_ref().unwrap(), "{command}").unwrap();
    }

    /// The first line that begins like this, of those that were not expected before: events and answers come in
    /// either order.
    pub fn expect(&self, beginning: &str) -> String {
        let mut seen = self.seen.borrow_mut();
        loop {
            if let Some(at) = seen.iter().position(|line| line.starts_with(beginning)) {
                return seen.remove(at);
            }
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => seen.push(line),
                Err(_) => panic!("no line begins with `{beginning}`; there were {seen:#?}"),
            }
        }
    }

    pub fn ask(&self, command: &str, beginning: &str) -> String {
        self.say(command);
        self.expect(beginning)
    }

    pub fn end_input(&mut self) {
        drop(self.input.take());
    }

    /// Ends the input, and waits for the program.
    pub fn ends_well(self) -> Vec<String> {
        self.ends(0)
    }

    pub fn ends(mut self, status: i32) -> Vec<String> {
        self.end_input();
        assert_eq!(self.child.wait().unwrap().code(), Some(status));
        self.seen.borrow_mut().extend(self.lines.iter());
        std::mem::take(&mut self.seen.borrow_mut())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A directory of its own, gone at the end.
pub struct Directory(pub PathBuf);

impl Directory {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lwm2m programs {name} {}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        path
    }

    pub fn keys(&self, arguments: &[&str]) -> String {
        let output =
            Command::new(env!("CARGO_BIN_EXE_keys")).args(arguments).current_dir(&self.0).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn server(&self, arguments: &[&str]) -> (Program, String) {
        let listen = ["--listen", "coaps://127.0.0.1:0", "--keep-running"];
        let arguments = [&listen[..], arguments].concat();
        let server = Program::start_in(&self.0, env!("CARGO_BIN_EXE_server"), &arguments);
        let uri = server.expect("listening on coaps://127.0.0.1:").replace("listening on ", "");
        (server, uri)
    }

    pub fn client(&self, uri: &str, endpoint: &str, arguments: &[&str]) -> Program {
        let arguments = [&["--server", uri, "--endpoint", endpoint], arguments].concat();
        Program::start_in(&self.0, env!("CARGO_BIN_EXE_client"), &arguments)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
