"""Does the main job against a running demo with a client that a generator wrote from `openapi/openapi.json` alone.

    main_job.py LOG PROGRAM CLIENT

LOG is what `omm demo` printed, PROGRAM the program itself, CLIENT the folder into which `openapi-python-client` wrote the
package `omm_client`. Every call goes through a generated function, with generated types in and out. A line per step; the
first thing that is not as expected ends it with 1.
"""

import importlib
import inspect
import sys
from http import HTTPStatus

from demo import Demo, new_key

log, program, folder = sys.argv[1:]
sys.path.insert(0, folder)

from omm_client import AuthenticatedClient  # noqa: E402
from omm_client import models  # noqa: E402

demo = Demo(log, program)
steps = 0


class Person:
    """Somebody with a token, who calls operations by their name in the contract."""

    def __init__(self, role: str, organisation: str | None = None):
        self.name = f"{role} of {organisation}" if organisation else role
        token = demo.token(role, organisation)
        # A status that the contract does not have is an error of its own.
        self.client = AuthenticatedClient(base_url=demo.api, token=token, raise_on_unexpected_status=True)

    def call(self, operation: str, *ids, expects: HTTPStatus = HTTPStatus.OK, **given):
        """The typed answer of an operation, if it has the status that is expected."""
        tag, name = operation.split(".")
        function = importlib.import_module(f"omm_client.api.{tag}.{name}").sync_detailed
        takes = inspect.signature(function).parameters
        if "idempotency_key" in takes:
            given["idempotency_key"] = new_key()
        answer = function(*ids, client=self.client, **given)
        if answer.status_code != expects or answer.parsed is None:
            told(f"{self.name}: {name} gave {answer.status_code}, not {expects}\n{answer.content.decode()}", False)
        return answer

    def does(self, operation: str, *ids, **given):
        """What came of it."""
        return self.call(operation, *ids, **given).parsed

    def version(self, operation: str, *ids) -> str:
        """The tag of what the caller has seen, so that nothing is changed unseen."""
        return self.call(operation, *ids).headers.get("ETag", "")


def acted(who: Person, read: str, operation: str, *ids, **given):
    """Reads, then acts on what was read, where the contract asks for that."""
    tag, name = operation.split(".")
    takes = inspect.signature(importlib.import_module(f"omm_client.api.{tag}.{name}").sync_detailed).parameters
    if "if_match" in takes:
        given["if_match"] = who.version(read, *ids)
    return who.does(operation, *ids, **given)


def told(what: str, holds: bool) -> None:
    """A line of the story; the end of it where it does not hold."""
    global steps
    steps += 1
    print(f"{steps:2}. {what}" if holds else f"it does not hold: {what}", flush=True)
    if not holds:
        sys.exit(1)


def typed(model: type, body: dict):
    """A body in the types of the client. They must know every field of it, and every word."""
    made = model.from_dict(body)
    if made.to_dict() != body:
        told(f"{model.__name__} takes {body}", False)
    return made


police = Person("police", "police-rotterdam")
desk = Person("coordinator", "comensha")
auditor = Person("auditor")
reference = f"CLIENT-{new_key()[:8]}"

submitted = typed(models.SubmitReferralBody, {
    "dossierType": "registration_and_shelter", "referrerType": "police", "referrerReference": reference,
    "legalBasis": "bpg_4_2",
    "consent": {"given": "yes", "date": "2026-01-05", "written": "yes", "signedBy": "self"},
    "facts": {
        "victimStatus": "suspected", "urgency": "planned", "jurisdiction": "NL", "age": 27, "gender": "female",
        "residencePhase": "dutch", "childrenAlong": [], "linkedReferrals": [], "dangerRegions": [], "pets": "no",
        "threatLevel": "none", "needsSecretAddress": "no", "pregnant": "no", "lvb": "none", "ggz": "diagnosis",
        "addiction": "history", "lifeDomains": ["housing", "money"], "regularShelterInsufficient": "yes",
        "mobility": "none", "exploitationForms": ["sexual"], "currentStay": "unknown",
    },
})
referral = police.does("referrals.submit_referral", body=submitted, expects=HTTPStatus.CREATED).id
told(f"the police submit {reference}", True)

seen = police.does("referrals.read_referral", referral)
told(f"they see its status: {seen.status}", isinstance(seen, models.StatusView))

completed = typed(models.AmendReferralBody, {"facts": {"serviceNeeds": [], "mustHaveCare": [], "knownConflicts": []}})
acted(desk, "referrals.read_referral", "referrals.amend_referral", referral, body=completed)
told("the coordinator records what only an assessor states", True)

judged = typed(models.AssessReferralBody, {"judgement": "eligible", "reason": "Diagnosis; regular shelter is not enough."})
acted(desk, "referrals.read_referral", "referrals.assess_referral", referral, body=judged, expects=HTTPStatus.CREATED)
told("and judges her eligible", True)

made = acted(desk, "referrals.read_referral", "matches.match_referral", referral, expects=HTTPStatus.CREATED)
match = desk.does("matches.read_match", referral, made.id)
fits, out = match.result.now, match.result.out
told(f"a match: {len(fits)} units fit, {len(match.result.ask)} need a question answered, {len(out)} do not fit", bool(fits))
reasons = [finding.text_en for card in out for finding in card.findings]
told(f"each unit that does not fit says why, such as: {reasons[0] if reasons else 'nothing'}",
     bool(out) and all(card.findings for card in out) and all(reasons))
first = fits[0]

offer = typed(models.ProposeBody, {"unitId": str(first.unit), "resultId": str(match.id)})
sent = acted(desk, "referrals.read_referral", "proposals.propose_placement", referral, body=offer,
             expects=HTTPStatus.CREATED)
told(f"{first.code}, first of them with {first.score.value}, is proposed to {first.organisation}", first.rank == 1)

shelter = Person("shelter", first.organisation)
report = shelter.does("referrals.read_referral", referral)
told("the shelter reads the intake report", isinstance(report, models.IntakeReportView))
acted(shelter, "proposals.read_proposal", "proposals.answer_proposal", sent.id,
      body=typed(models.AnswerBodyType0, {"answer": "accepted"}))
proposal = shelter.does("proposals.read_proposal", sent.id)
told(f"it accepts; the proposal is {proposal.lifecycle.state}", proposal.lifecycle.state == "accepted")

choice = typed(models.DecideBodyType0, {"outcome": "placed", "proposalId": str(sent.id), "reason": "Fits, and she agrees."})
decided = acted(desk, "referrals.read_referral", "decisions.decide_placement", referral, body=choice,
                expects=HTTPStatus.CREATED)
decisions = desk.does("decisions.list_decisions", referral).decisions
told("the coordinator decides, with a reason", len(decisions) == 1 and decisions[0].id == decided.id)
placement = decisions[0].decision.placement_id

acted(shelter, "placements.read_placement", "placements.report_arrival", placement,
      body=typed(models.ArrivalBody, {"outcome": "arrived"}))
stay = shelter.does("placements.read_placement", placement)
told(f"she arrives; the stay is {stay.lifecycle.state}", stay.lifecycle.state in ("arrived", "in_stay"))

asked = typed(models.StatusQueryBody, {"reference": reference, "purpose": "follow_up"})
status = police.does("status.query_status", body=asked)
told(f"the police ask how it stands: {status.status}", status.status == models.PublicStatus.PLACED)
refused = police.does("matches.read_match", referral, made.id, expects=HTTPStatus.FORBIDDEN)
told(f"they ask for the match: {refused.title}", isinstance(refused, models.Problem))

verified = auditor.does("audit.verify_audit_entries", body=typed(models.VerifyAuditBody, {}))
told(f"the auditor checks the trail: {verified.head.index} entries", verified.is_intact is True)
