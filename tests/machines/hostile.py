"""Tries a running demo with schemathesis: all checks, all phases, once per role.

    hostile.py LOG PROGRAM [--cases N] [--cases-of-others N] [--role ROLE]

LOG is what `omm demo` printed, PROGRAM the program itself. The coordinator, who may do most, gets N cases per operation,
each other role its own number; the long look of a release is `--cases 200 --cases-of-others 200`. Exits with 1 if any
check failed for any role, or the service did not outlive it.
"""

import argparse
import pathlib
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor

from demo import Demo

HERE = pathlib.Path(__file__).parent
COORDINATOR = ("coordinator", "comensha")
# Whoever can hold a token: the role, and for whom.
OTHERS = [
    ("shelter", "hvo-querido"),
    ("police", "police-rotterdam"),
    ("care_coordinator", "blijf-groep"),
    ("auditor", None),
    ("admin", None),
    ("kmar", "kmar"),
    ("nla", "nla"),
    ("om", "om"),
    ("referrer", "blijf-groep"),
    ("guardian", "nidos"),
    ("aggregate_reader", None),
    ("rapporteur", None),
]


def ids(demo: Demo) -> dict[str, list[str]]:
    """The ids of the demo by the parameters that take them, so that calls reach what lies behind a 404."""
    token = demo.token(*COORDINATOR)
    found = {name: [] for name in ("referralId", "resultId", "proposalId", "placementId", "unitId", "placeId")}
    for referral in demo.read(token, "/referrals")["referrals"]:
        at = f"/referrals/{referral['id']}"
        found["referralId"].append(referral["id"])
        found["proposalId"] += [proposal["id"] for proposal in demo.read(token, f"{at}/proposals")["proposals"]]
        found["resultId"].append(demo.read(token, f"{at}/matches")["id"])
        for decision in demo.read(token, f"{at}/decisions")["decisions"]:
            if "placementId" in decision["decision"]:
                found["placementId"].append(decision["decision"]["placementId"])
    for unit in demo.read(token, "/units")["units"]:
        found["unitId"].append(unit["id"])
        found["placeId"] += [place["id"] for place in demo.read(token, f"/units/{unit['id']}/places")["places"]]
    lacking = [name for name, known in found.items() if not known]
    if lacking:
        raise SystemExit(f"the demo shows no {', '.join(lacking)}")
    return {name: known[:20] for name, known in found.items()}


def configured(demo: Demo, into: pathlib.Path) -> pathlib.Path:
    """The settings, with the ids of this demo: half of the time a call names something that is there."""
    lines = [(HERE / "schemathesis.toml").read_text(encoding="utf-8")]
    known = ids(demo)
    for name, values in known.items():
        lines.append(f"[dictionaries.{name}]\nvalues = {values}\n")
    # An act is held against the version in its tag alone, and the first versions are what most things are in.
    tags = [f'"{version}.0"' for version in range(1, 12)]
    lines.append(f"[dictionaries.tag]\nvalues = {tags}\n")
    lines.append("[parameters]")
    lines.append('"header.If-Match" = { dictionary = "tag", probability = 0.8 }')
    lines += [f'"path.{name}" = {{ dictionary = "{name}", probability = 0.5 }}' for name in known]
    into.write_text("\n".join(lines), encoding="utf-8")
    tomllib.loads(into.read_text(encoding="utf-8"))
    return into


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("log")
    words.add_argument("program")
    words.add_argument("--cases", type=int, default=200)
    words.add_argument("--cases-of-others", type=int, default=200)
    words.add_argument("--role")
    words.add_argument("--seed", type=int)
    words.add_argument("--at-once", type=int, default=2, help="so many roles are tried at the same time")
    asked = words.parse_args()
    demo = Demo(asked.log, asked.program)
    config = configured(demo, pathlib.Path(asked.log).resolve().parent / "schemathesis.toml")
    wanted = [person for person in [COORDINATOR, *OTHERS] if asked.role in (None, person[0])]
    with ThreadPoolExecutor(max_workers=asked.at_once) as pool:
        # Each try is a process of its own: a coordinator takes longest, so it begins.
        held = list(pool.map(lambda person: tried(demo, config, person, asked), wanted))
    return 0 if all(held) else 1


def tried(demo: Demo, config: pathlib.Path, person: tuple[str, str | None], asked: argparse.Namespace) -> bool:
    """Runs schemathesis in one role; true if every check held."""
    began = time.monotonic()
    role, organisation = person
    cases = asked.cases if person == COORDINATOR else asked.cases_of_others
    command = [pathlib.Path(sys.executable).parent / "schemathesis", "--config-file", config, "run"]
    command += [f"{demo.api}/openapi.json", "--checks", "all", "--max-examples", str(cases), "--warnings", "off"]
    command += ["--header", f"Authorization: Bearer {demo.token(role, organisation)}"]
    command += ["--seed", str(asked.seed)] if asked.seed else []
    # It keeps what it learns in a folder of its own, where it runs.
    ended = subprocess.run(command, capture_output=True, text=True, cwd=config.parent)
    counted = [line.strip() for line in ended.stdout.splitlines() if " generated" in line]
    held = ended.returncode == 0 and bool(counted)
    told = f"{'ok' if held else 'FAILED':6} {role:16} {time.monotonic() - began:4.0f} s  {' '.join(counted)}"
    print(told if held else f"{told}\n{ended.stdout}\n{ended.stderr}", flush=True)
    return held


if __name__ == "__main__":
    sys.exit(main())
