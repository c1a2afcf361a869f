//! `omm serve` from its start to its end, and what may happen beside it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command},
};

use rustix::process::{Pid, Signal, kill_process};

use super::{
    Ran, a_file, a_folder, omm,
    refused::{KEYS, with_issuer},
    run,
};

/// A service that has said where it listens.
struct Serving {
    child: Child,
    address: String,
    err: BufReader<std::process::ChildStderr>,
    said: String,
}

impl Serving {
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        let mut serving = Self { child, address: String::new(), err, said: String::new() };
        while serving.address.is_empty() {
            let mut line = String::new();
            assert!(serving.err.read_line(&mut line).unwrap() > 0, "it ended:\n{}", serving.said);
            serving.said.push_str(&line);
            if let Some((_, rest)) = line.split_once("serving on http://") {
                rest.split(';').next().unwrap().trim().clone_into(&mut serving.address);
            }
        }
        serving
    }

    /// Waits for its end.
    fn ended(&mut self) -> Ran {
        self.err.read_to_string(&mut self.said).unwrap();
        Ran { code: self.child.wait().unwrap().code(), out: String::new(), err: std::mem::take(&mut self.said) }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn told_to_stop(mut self) -> Ran {
        let process = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(process, Signal::TERM).unwrap();
        self.ended()
    }
}

impl Drop for Serving {
    /// A test that fails leaves no service behind.
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn it_serves_lets_commands_work_beside_it_refuses_a_second_service_and_stops_in_order() {
    let (folder, keys) = (a_folder(), a_file(KEYS));
    let (data, keys) = (folder.path().join("data"), keys.path().to_str().unwrap().to_owned());
    let data = data.to_str().unwrap();
    let serve = || with_issuer(omm(&["serve", "--listen", "127.0.0.1:0", "--data", data]), &keys);

    let first = Serving::start(serve());
    assert!(first.said.contains("the catalogue is empty") && first.said.contains("no policy is in force"));
    assert!(first.get("/v1/openapi.json").starts_with("HTTP/1.1 200"));
    assert!(first.get("/v1/waiting-list").starts_with("HTTP/1.1 401"));

    run(serve()).ended(3).names("another omm service").names(data);
    run(omm(&["catalogue", "import", "--shipped", "--data", data])).ended(0);
    run(omm(&["policy", "adopt", "--shipped", "--data", data])).ended(0);
    let head = run(omm(&["audit", "head", "--data", data])).ended(0).out;
    first.told_to_stop().ended(0).names("stopped");

    // Nothing is lost, and what was missing is no longer.
    assert_eq!(run(omm(&["audit", "head", "--data", data])).ended(0).out, head);
    let second = Serving::start(serve());
    assert!(!second.said.contains("is empty") && !second.said.contains("no policy"), "{}", second.said);
    second.told_to_stop().ended(0);
}

#[test]
fn without_its_database_it_ends_and_says_so() {
    let (folder, keys) = (a_folder(), a_file(KEYS));
    let data = folder.path().join("data");
    let command = omm(&["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()]);
    let mut serving = Serving::start(with_issuer(command, keys.path().to_str().unwrap()));
    let file = std::fs::read_to_string(data.join("postgres/data/postmaster.pid")).unwrap();
    let server = Pid::from_raw(file.lines().next().unwrap().parse().unwrap()).unwrap();
    kill_process(server, Signal::KILL).unwrap();
    serving.ended().ended(3).names("the database ended by itself");
}

#[test]
fn an_issuer_that_does_not_answer_yet_keeps_nobody_from_starting() {
    let folder = a_folder();
    let data = folder.path().join("data");
    let mut command = omm(&["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()]);
    command.env("OMM_ISSUER", "https://issuer.invalid").env("OMM_AUDIENCE", "omm");
    command.env("OMM_JWKS_URL", "http://127.0.0.1:1/keys");
    let serving = Serving::start(command);
    assert!(serving.said.contains("the keys of https://issuer.invalid cannot be had yet"), "{}", serving.said);
    assert!(serving.get("/v1/waiting-list").starts_with("HTTP/1.1 401"));
    serving.told_to_stop().ended(0);
}
