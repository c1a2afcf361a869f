"""What a running `omm demo` printed: where it serves, and tokens for invented people."""

import json
import pathlib
import re
import subprocess
import urllib.request
import uuid


class Demo:
    """A running demo, known by what it printed."""

    def __init__(self, log: str, program: str):
        text = pathlib.Path(log).read_text(encoding="utf-8")
        self.api = re.search(r"API (http://\S+/v1) ", text).group(1)
        self._key = re.search(r"omm token --key (\S+) ", text).group(1)
        self._program = program

    def token(self, role: str, organisation: str | None = None) -> str:
        """A token for somebody in this role."""
        of = ["--organisation", organisation] if organisation else []
        command = [self._program, "token", "--key", self._key, "--role", role, "--minutes", "360", *of]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def read(self, token: str, path: str) -> dict:
        """What a GET of this path gives to whom the token speaks for."""
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", "Accept-Language": "en"}
        with urllib.request.urlopen(urllib.request.Request(self.api + path, headers=headers)) as answer:
            return json.load(answer)


def new_key() -> str:
    """A key under which a request takes effect once."""
    return str(uuid.uuid4())
