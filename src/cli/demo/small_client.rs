//! An HTTP client of one page, for the few calls of the story that really go over the network. One call, one connection.

use std::{io, net::SocketAddr};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// An answer.
pub(super) struct HttpAnswer {
    /// Its status.
    pub status: u16,
    /// Its body; null if it is no JSON.
    pub body: Value,
}

impl HttpAnswer {
    /// A text of the body; empty where there is none.
    pub fn says(&self, pointer: &str) -> &str {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }
}

/// Calls the service as a browser or `curl` would.
pub(super) async fn call(
    address: SocketAddr,
    method: &str,
    path: &str,
    token: &str,
    body: Option<&Value>,
) -> io::Result<HttpAnswer> {
    let text = body.map(Value::to_string).unwrap_or_default();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let odd = || io::Error::other("the answer is no HTTP");
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(odd)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(odd)?;
    Ok(HttpAnswer { status, body: serde_json::from_str(body).unwrap_or(Value::Null) })
}
