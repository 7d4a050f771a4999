//! A real power cut: the program is killed in the middle of a practised sale, starts again, and finds the order.

mod program;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use program::text;
use serde_json::{Value, json};

/// A demo shop that is started again when it is killed.
struct Demo {
    child: Child,
    port: u16,
    cookie: String,
    _folder: tempfile::TempDir,
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Its end closes the pipe that the program it started listens to.
        self.child.kill().expect("it can be ended");
        self.child.wait().expect("it has ended");
    }
}

impl Demo {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
        let listen = format!("127.0.0.1:{port}");
        let mut child = Command::new(env!("CARGO_BIN_EXE_tillbridge-headless"))
            .args(["demo", "--headless", "--supervised", "--json", "--listen", &listen, "--data", &text(folder.path())])
            .env("TILLBRIDGE_KEYS", "file")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut said = BufReader::new(child.stdout.take().expect("its output is piped"));
        let mut line = String::new();
        while !line.contains("address") {
            line.clear();
            assert!(said.read_line(&mut line).expect("it speaks") > 0, "it ended before it served");
        }
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self { child, port, cookie: String::new(), _folder: folder }
    }

    /// A command as a browser sends it; none while nobody answers.
    fn try_call(&mut self, name: &str, args: &Value) -> Option<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
        let body = args.to_string();
        let (port, cookie, length) = (self.port, &self.cookie, body.len());
        let request = format!(
            "POST /api/{name} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Tillbridge: 1\r\nContent-Type: application/json\r\n\
             Cookie: {cookie}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        if let Some(set) = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")) {
            self.cookie = set.split(';').next().unwrap_or_default().to_owned();
        }
        serde_json::from_str(body).ok()
    }

    #[track_caller]
    fn call(&mut self, name: &str, args: &Value) -> Value {
        self.try_call(name, args).unwrap_or_else(|| panic!("{name} was not answered"))
    }
}

#[test]
fn a_power_cut_in_a_practised_sale_loses_nothing_and_is_measured() {
    let mut demo = Demo::start();
    demo.call("sign_in", &json!({ "staff": "mei", "pin": "2222" }));
    assert!(demo.call("begin_training", &json!({}))["training"].is_object());
    let rung_up = demo.call("scan", &json!({ "code": "6999017480018", "quantity": "" }));
    assert_eq!(rung_up["count"], 1, "{rung_up}");
    demo.call("begin_drill", &json!({ "fault": "power_cut" }));
    // Gone, then there again with the drill over: its result is measured before anybody is answered.
    let started = Instant::now();
    let app = loop {
        assert!(started.elapsed() < Duration::from_mins(2), "it did not come back");
        std::thread::sleep(Duration::from_millis(50));
        if let Some(app) = demo.try_call("app", &json!({}))
            && app["training"]["fault"] == ""
        {
            break app;
        }
    };
    assert!(app["signed_in"].is_null());
    let back = demo.call("sign_in", &json!({ "staff": "lin", "pin": "1111" }));
    assert_eq!(back["cart"]["count"], 1, "the order is there");
    let result = demo.call("drills", &json!({}))[0].clone();
    assert_eq!(
        (&result["fault"], &result["passed"], &result["lost"]),
        (&json!("power_cut"), &json!(true), &json!(0)),
        "{result}"
    );
}
