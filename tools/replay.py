#!/usr/bin/env python3
"""Recomputes stored match results in another language, and says where they differ.

    tools/replay.py results.jsonl

Reads JSON lines as the test `an_independent_script_recomputes_stored_results` writes them: first one line per policy,
{"policy": {...}}, then one line per result, {"policyHash": ..., "input": {"view", "snapshot", "now"}, "result": {...}}.
For each it computes, from the input and the policy alone, the hashes, the verdict of every rule at every unit, every
score with its interval, the start day, the lists and the order, and compares. Python's standard library only; integers
and fractions only; written from the rules as they are documented, not from the engine's code.

Ends with "N passed, N failed" and exit code 0 if all agree, 1 if not.
"""
import datetime
import hashlib
import json
import pathlib
import sys
from fractions import Fraction

DISTANCES = pathlib.Path(__file__).resolve().parent.parent / "policy" / "distances-v1.tsv"
YES, NO, UNKNOWN = "yes", "no", "unknown"

# Bit numbers of the masks: fixed, never reused; one per service from 16 up.
BITS = {
    "R-VICTIM": 0, "R-OMM": 1, "R-ROUTE": 2, "R-CONSENT": 3, "R-AGE": 4, "R-GENDER": 5, "R-HOUSEHOLD": 6, "R-KIND": 7,
    "R-BEDS": 8, "R-SECURITY": 9, "R-DANGER": 10, "R-CONFLICT": 11, "R-GROUP": 12, "R-CONTRA": 13, "R-MUSTCARE": 14,
    "R-OPEN": 15,
}
SERVICES = ["step_free_room", "intensive_guidance", "cot", "night_staff"]
CRITERIA = ["need_coverage", "security_fit", "danger_distance", "kind_pathway", "own_preference", "continuity",
            "communication", "time_to_bed"]


# --- three values ---------------------------------------------------------------------------------------------------

def all_of(verdicts):
    verdicts = list(verdicts)
    return NO if NO in verdicts else UNKNOWN if UNKNOWN in verdicts else YES


def any_of(verdicts):
    verdicts = list(verdicts)
    return YES if YES in verdicts else UNKNOWN if UNKNOWN in verdicts else NO


def negated(verdict):
    return {YES: NO, NO: YES, UNKNOWN: UNKNOWN}[verdict]


def holds(value, test):
    """The verdict of a test on a value that may be unknown (None)."""
    return UNKNOWN if value is None else YES if test(value) else NO


# --- days and moments -----------------------------------------------------------------------------------------------

def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def micros(at):
    delta = at - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (delta.days * 86400 + delta.seconds) * 10**6 + delta.microseconds


def local_day(at):
    """The day in Amsterdam: one hour ahead, two from the last Sunday of March to that of October, 01:00 UTC."""
    def last_sunday(month):
        last = datetime.date(at.year, month, 31)
        day = last - datetime.timedelta(days=(last.weekday() + 1) % 7)
        return datetime.datetime(day.year, day.month, day.day, 1, tzinfo=datetime.timezone.utc)
    summer = last_sunday(3) <= at < last_sunday(10)
    return (at + datetime.timedelta(hours=2 if summer else 1)).date()


def day(text):
    return datetime.date.fromisoformat(text)


def months_later(start, months):
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    for back in range(4):
        try:
            return datetime.date(year, month, start.day - back)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def age_on(birth, on):
    if birth is None:
        return None
    if "years" in birth:
        return birth["years"]
    born = day(birth["date"])
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return years if years >= 0 else None


# --- places ---------------------------------------------------------------------------------------------------------

class Map:
    """The table of distances."""

    def __init__(self):
        self.rows, self.names = [], {}
        for line in DISTANCES.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            name, police_unit, aliases, km = line.split("\t")
            for spelling in [name] + [alias for alias in aliases.split("|") if alias]:
                self.names[folded(spelling)] = len(self.rows)
            self.rows.append((folded(police_unit), [int(number) for number in km.split()]))

    def police_unit(self, city):
        at = self.names.get(folded(city))
        return None if at is None else self.rows[at][0]

    def km(self, one, other):
        a, b = self.names.get(folded(one)), self.names.get(folded(other))
        if a is None or b is None:
            return None
        return 0 if a == b else self.rows[max(a, b)][1][min(a, b)]

    def same_city(self, one, other):
        a, b = self.names.get(folded(one)), self.names.get(folded(other))
        return folded(one) == folded(other) or (a is not None and a == b)


def folded(name):
    return name.strip().lower()


MAP = Map()


# --- the policy -----------------------------------------------------------------------------------------------------

class Policy:
    def __init__(self, document):
        self.document = document
        self.hash = hashlib.sha256(canonical(document)).digest()
        self.on = set(document["rules"]["on"])
        self.horizon = document["capacity"]["horizon_days"]
        self.criteria = {one["code"]: one for one in document["criteria"]}
        self.weights = {code: scaled(one["weight"], 4) for code, one in self.criteria.items()}
        place = document["unknown_place"]
        self.unknown = tuple(scaled(place[bound], 6) for bound in ("low", "middle", "high"))

    def value(self, code, case):
        return scaled(self.criteria[code]["table"][case], 6)

    def curve(self, code, name, x):
        """Linear between breakpoints, cut off downwards, held at both ends."""
        points = [(at, scaled(value, 6)) for at, value in self.criteria[code]["points"][name]]
        if x <= points[0][0]:
            return points[0][1]
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            if x <= x1:
                return y0 + (y1 - y0) * (x - x0) // (x1 - x0)
        return points[-1][1]


def scaled(text, places):
    value = Fraction(text) * 10**places
    assert value.denominator == 1, text
    return int(value)


def canonical(document):
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


# --- the route ------------------------------------------------------------------------------------------------------

def multi_problem(policy, facts):
    """Enough clear indicators, or two mild ones, or enough life domains with serious problems."""
    test = policy.document["omm"]

    def verdict(values):
        clear = sum(1 for name, value in values if value != "none" and f"{name}.{value}" not in test["mild"])
        mild = sum(1 for name, value in values if f"{name}.{value}" in test["mild"])
        if clear >= test["indicators_min"] or mild >= 2:
            return YES
        return test["one_mild_only"] if mild == 1 and clear == 0 else NO

    # What is unknown may turn out to be anything: the verdict is the one that all outcomes share.
    outcomes = {"lvb": ["none", "suspected", "diagnosed"], "ggz": ["none", "complaints", "diagnosis"],
                "addiction": ["none", "history"]}
    cases = [[]]
    for name, values in outcomes.items():
        known = facts(name)
        cases = [case + [(name, value)] for case in cases for value in ([known] if known is not None else values)]
    found = {verdict(case) for case in cases}
    by_indicators = found.pop() if len(found) == 1 else UNKNOWN
    by_domains = holds(facts("lifeDomains"), lambda domains: len(set(domains)) >= test["life_domains_min"])
    return any_of([by_indicators, by_domains])


def reflection_past(policy, facts, today):
    ended = facts("reflectionEndedOn")
    if ended is not None:
        return day(ended) < today
    if facts("reflectionStart") is None:
        return False
    start = day(facts("reflectionStart"))
    full = months_later(start, policy.document["route"]["reflection_months_max"])
    short = start + datetime.timedelta(days=policy.document["route"]["reflection_days_dublin"])
    if start <= datetime.date(2023, 5, 18):
        return full < today
    ends = {"yes": [short], "no": [full], None: [short, full]}[facts("dublinClaimant")]
    return min(ends) < today


def route(policy, facts, age, multi, today):
    """R-ROUTE per programme."""
    programmes = ["omm", "cosm", "iszw"]
    adult = holds(age, lambda years: years >= policy.document["route"]["adult_age"])
    minor = negated(adult)
    title = lambda *titles: holds(facts("residencePhase"), lambda known: known in titles)
    offered = facts("reflectionStart") is not None
    runs = title("b8_reflection", "dublin") if offered else title("b8_reflection")
    reflection = UNKNOWN if runs == YES and reflection_past(policy, facts, today) else runs
    home, lawful = title("dutch", "eu_lawful"), title("dutch", "eu_lawful", "b8_permit")
    guardian = lambda who: holds(facts("guardian"), lambda known: known == who)
    labour = holds(facts("exploitationForms"), lambda forms: "labour_or_services" in forms)
    rows = [
        YES if facts("jurisdiction") in ("BE", "other") else NO,
        YES if facts("ggz") == "acute_clinical" else NO,
        all_of([minor, any_of([guardian("nidos"), all_of([guardian("none"), negated(home)])])]),
        all_of([minor, home]),
        all_of([adult, title("none", "eu_no_right"), NO if offered else YES]),
        all_of([adult, reflection, multi]),
        all_of([adult, reflection, negated(multi)]),
        all_of([adult, lawful, multi]),
        all_of([adult, labour, negated(multi)]),
        all_of([adult, lawful, negated(multi)]),
        YES,
    ]
    first = next(number for number, verdict in enumerate(rows) if verdict != NO)
    if rows[first] == UNKNOWN or first in (1, 5, 10):
        judgement = facts("routeJudgement")
        if judgement is None:
            return dict.fromkeys(programmes, UNKNOWN)
        return {programme: YES if programme == judgement else NO for programme in programmes}
    names = {6: "cosm", 7: "omm", 8: "iszw"}
    found = {programme: YES if programme == names.get(first) else NO for programme in programmes}
    if first == 6:
        found["iszw"] = rows[8]  # both are shown, the coordinator chooses
    return found


# --- the rules ------------------------------------------------------------------------------------------------------

def attribute(unit, code):
    found = unit["attributes"].get(code, {"value": UNKNOWN, "inferred": False})
    return UNKNOWN if found["inferred"] and found["value"] == NO else found["value"]


class Household:
    """Who comes, and what is known of them."""

    def __init__(self, policy, stored):
        self.policy, self.view, self.snapshot = policy, stored["view"], stored["snapshot"]
        self.now = moment(stored["now"])
        self.today = local_day(self.now)
        facts = self.view["circumstances"]
        self.facts = lambda name: facts[name]["value"]
        linked = self.facts("linkedReferrals") or []
        self.partner = holds(self.facts("placeTogether"), lambda wish: wish == "yes") if linked else NO
        self.births = [self.facts("birth")]
        if self.partner == YES:
            known = {one["id"]: one["birth"]["value"] for one in self.view["linked"]}
            self.births += [known.get(one) for one in linked]
        elif self.partner == UNKNOWN:
            self.births.append(None)  # it is open who has to fit
        children = self.facts("childrenAlong")
        self.has_children = holds(children, bool)
        self.children = len(children or [])
        self.multi = multi_problem(policy, self.facts)
        self.route = route(policy, self.facts, age_on(self.births[0], self.today), self.multi, self.today)

    def at(self, unit):
        """Verdicts by bit, start day and beds left at one unit."""
        verdicts = {
            "R-VICTIM": holds(self.facts("victimStatus"), lambda status: status != "no_sign"),
            "R-OMM": self.omm() if unit["programme"] == "omm" else YES,
            "R-ROUTE": self.route[unit["programme"]],
            "R-CONSENT": self.consent(),
            "R-GENDER": self.gender(unit),
            "R-HOUSEHOLD": all_of([any_of([negated(self.has_children), attribute(unit, "children")]),
                                   any_of([negated(self.partner), attribute(unit, "couples")])]),
            "R-KIND": self.kind(unit),
            "R-SECURITY": self.security(unit),
            "R-DANGER": self.danger(unit),
            "R-CONFLICT": self.conflict(unit),
            "R-GROUP": self.group(unit),
            "R-CONTRA": negated(any_of(self.applies(one) for one in unit["contraindications"])),
            "R-MUSTCARE": all_of(unit["care"].get(care, UNKNOWN) for care in self.facts("mustHaveCare") or []),
            "R-OPEN": self.open(unit),
        }
        verdicts["R-BEDS"], verdicts["R-AGE"], start, left = self.timing(unit)
        found = {BITS[rule]: verdict for rule, verdict in verdicts.items() if rule in self.policy.on}
        if "R-SERVICE" in self.policy.on:
            found.update({16 + bit: self.service(unit, name) for bit, name in enumerate(SERVICES)})
        return found, start, left

    def omm(self):
        asks = self.policy.document["omm"]["require_regular_shelter_insufficient"]
        regular = holds(self.facts("regularShelterInsufficient"), lambda answer: answer == "yes")
        return all_of([self.multi, regular if asks else YES])

    def consent(self):
        consent = self.view["consent"]
        if consent["state"] in ("refused", "withdrawn", "out_of_scope"):
            return NO
        if consent["state"] != "given":
            return UNKNOWN
        on = local_day(moment(consent["asOf"])) if consent["asOf"] else self.today
        age = age_on(self.births[0], on)
        if age is None:
            return UNKNOWN
        signers = ["self"] if age >= self.policy.document["consent"]["self_from_age"] else ["parent", "guardian"]
        return YES if consent["signedBy"] in signers else UNKNOWN

    def gender(self, unit):
        women, men = attribute(unit, "women"), attribute(unit, "men")
        own = {"female": women, "male": men}.get(self.facts("gender"))
        return own or (YES if women == men == YES else UNKNOWN)

    def kind(self, unit):
        urgency = self.facts("urgency")
        if urgency == "planned" or unit["kind"] != "move_on":
            return YES
        return self.policy.document["rules"]["crisis_at_move_on"] if urgency == "crisis" else UNKNOWN

    def security(self, unit):
        secured, secret = attribute(unit, "secured"), attribute(unit, "secret_address")
        levels = ["open", "safe_not_secret", "secured"]
        low = 2 if secured == YES else 1 if secret == NO else 0
        high = 1 if secured == NO else 2
        required = self.facts("requiredSecurity")
        level = YES
        if required is not None:
            needed = levels.index(required)
            level = YES if low >= needed else NO if high < needed else UNKNOWN
        return all_of([level, secret if self.facts("needsSecretAddress") == "yes" else YES])

    def danger(self, unit):
        areas = self.facts("dangerRegions")
        if areas is None:
            return UNKNOWN
        def outside(area):
            if area["kind"] == "municipality":
                return holds(unit["city"], lambda city: not MAP.same_city(city, area["name"]))
            return holds(unit["policeUnit"], lambda police: folded(police) != folded(area["name"]))
        return all_of(outside(area) for area in areas)

    def conflict(self, unit):
        places = self.snapshot["whereabouts"]
        return all_of(holds(places.get(other), lambda units: unit["id"] not in units)
                      for other in self.facts("knownConflicts") or [])

    def group(self, unit):
        group = unit["group"]
        if group in ("mixed", "empty"):
            return YES
        if group == "open":
            return UNKNOWN
        return holds(self.facts("group"), lambda own: folded(own) == folded(group["of"]))

    def applies(self, contraindication):
        tests = {
            "any_addiction": ("addiction", ["history", "active"]), "active_addiction": ("addiction", ["active"]),
            "ggz_diagnosis": ("ggz", ["diagnosis", "acute_clinical"]), "ggz_acute_clinical": ("ggz", ["acute_clinical"]),
            "lvb_diagnosed": ("lvb", ["diagnosed"]), "aggression_present": ("aggression", ["present"]),
            "aggression_ever": ("aggression", ["past", "present"]), "suicidality_present": ("suicidality", ["present"]),
            "daily_care": ("mobility", ["daily_care"]),
        }
        fact, values = tests[contraindication]
        return holds(self.facts(fact), lambda value: value in values)

    def open(self, unit):
        if unit["closed"] is not None:
            return NO
        if unit["figuresAsOf"] is None:
            return UNKNOWN
        hours = self.policy.document["capacity"]["stale_after_hours"][unit["kind"]]
        fresh = self.now - moment(unit["figuresAsOf"]) <= datetime.timedelta(hours=hours)
        return YES if fresh else UNKNOWN

    def service(self, unit, service):
        needs = [one["quantity"] for one in self.facts("serviceNeeds") or [] if one["service"] == service]
        steps = service == "step_free_room" and self.facts("mobility") not in (None, "none")
        needed = max(needs + [1 if steps else 0])
        if needed == 0:
            return YES
        if service in unit["services"]:
            return YES if needed <= unit["services"][service] else NO
        step_free = attribute(unit, "step_free") if service == "step_free_room" else UNKNOWN
        return NO if step_free == NO else YES if step_free == YES and needed == 1 else UNKNOWN

    def timing(self, unit):
        """R-BEDS, R-AGE, the start in days from today, the places left then: looked at day by day."""
        days = range(self.policy.horizon + 1)
        count = unit["capacity"]
        counts = unit["childrenCountAsPlace"]
        counts = self.policy.document["capacity"]["children_count_as_place"] if counts is None else counts
        beds = 1 + (self.children if counts else 0)
        exact = self.has_children != UNKNOWN or not counts
        free = None
        if count is not None:
            free = count["total"] - count["occupied"] - count["held"] - count["outOfUse"]
            free = None if free < 0 else free
        def places(on, certainties):
            total = free
            for end in unit["ends"]:
                ahead = (day(end["on"]) - self.today).days
                certainty = end["certainty"] if ahead >= 0 else "expected"
                if certainty in certainties and max(ahead, 1) <= on:
                    total += end["places"]
            return total
        enough = lambda certainties: next((on for on in days if places(on, certainties) >= beds), None)
        sure = enough(["confirmed"]) if free is not None else None
        hoped = enough(["confirmed", "expected"]) if free is not None else None
        fits = [self.ages(unit, on) for on in days]
        if sure is not None and exact:
            start = next((on for on in days if on >= sure and fits[on] == YES), sure)
            return YES, any_of(fits[sure:]), start, places(start, ["confirmed"]) - beds
        if free is None or hoped is not None:
            possible = any_of(fits[1 if free is not None and sure is None else 0:])  # without a bed today not today
            return UNKNOWN, possible if fits[-1] == YES or possible == NO else UNKNOWN, None, None
        return NO, fits[-1], None, None

    def ages(self, unit, on):
        """R-AGE as if the start were in so many days."""
        when = self.today + datetime.timedelta(days=on)
        ages = [age_on(birth, when) for birth in self.births]
        known = [age for age in ages if age is not None]
        bound = lambda name: unit[name]["years"] if unit[name] and not unit[name]["inferred"] else None
        least, most = bound("ageMin"), bound("ageMax")
        inside = all((least is None or age >= least) and (most is None or age <= most) for age in known)
        minors = attribute(unit, "minors") if any(age < 18 for age in known) else YES
        return all_of([YES if inside else NO, minors, UNKNOWN if None in ages else YES])


# --- the score ------------------------------------------------------------------------------------------------------

def exact(value):
    return value, value, value


class Suitability:
    """Per criterion the lowest, the neutral and the highest value in millionths; None: not weighed."""

    def __init__(self, household):
        self.household, self.policy, self.facts = household, household.policy, household.facts

    def of(self, unit, start):
        """Score times 10^10: lowest, the score itself, highest."""
        total = (0, 0, 0)
        for code in CRITERIA:
            values = getattr(self, code)(unit, start)
            if values is not None:
                total = tuple(sum_ + self.policy.weights[code] * value for sum_, value in zip(total, values))
        return total

    def need_coverage(self, unit, _start):
        severity = self.policy.document["severity"]
        needs = []
        for fact in ("lvb", "ggz", "addiction"):
            value = self.facts(fact)
            needs.append((None if value is None else severity[fact].get(value, 0), fact))
        children, pregnant = self.facts("childrenAlong"), self.facts("pregnant")
        needs.append((None if children is None else severity["children"]["yes"] if children else 0, "children"))
        needs.append((None if pregnant is None else severity["pregnancy"]["yes"] if pregnant == "yes" else 0, "children"))
        weight = sum(size or 0 for size, _ in needs)
        if weight == 0:
            return None if any(size is None for size, _ in needs) else exact(10**6)
        part = lambda verdict: self.policy.unknown if verdict == UNKNOWN else exact(self.policy.value("need_coverage", verdict))
        parts = [(size, part(attribute(unit, code))) for size, code in needs if size]
        return tuple(sum(size * values[bound] for size, values in parts) // weight for bound in range(3))

    def security_fit(self, unit, _start):
        threat = self.facts("threatLevel")
        if threat is None:
            return None
        levels = self.policy.document["security"]["levels"]
        aim = levels.index(self.policy.document["security"]["aim_by_threat"][threat])
        def value(level):
            above = levels.index(level) - aim
            case = f"above_{above}" if above >= 0 else f"below_{-above}"
            return self.policy.value("security_fit", case)
        secured, secret = attribute(unit, "secured"), attribute(unit, "secret_address")
        if secured == YES:
            return exact(value("secured"))
        if secret == NO:
            safe, more = value("safe_not_secret"), value("secured")
            return exact(safe) if secured == NO else (min(safe, more), safe, max(safe, more))
        return self.policy.unknown

    def danger_distance(self, unit, _start):
        areas = self.facts("dangerRegions")
        if areas is None:
            return None
        found = [exact(10**6)] + [self.distance(area, unit) for area in areas]
        return tuple(min(values[bound] for values in found) for bound in range(3))

    def distance(self, area, unit):
        own, city = unit["policeUnit"], unit["city"]
        municipality = area["kind"] == "municipality"
        theirs = MAP.police_unit(area["name"]) if municipality else folded(area["name"])
        same = self.policy.value("danger_distance", "same_police_unit")
        if own is not None and theirs is not None and folded(own) == theirs:
            return exact(same)
        if city is None or theirs is None:
            return self.policy.unknown
        if own is None and MAP.police_unit(city) == theirs:
            middle = same
        else:
            km = MAP.km(city, area["name"] if municipality else f"unit {area['name'].strip()}")
            if km is None:
                return self.policy.unknown
            middle = self.policy.curve("danger_distance", "other_unit_km", km)
        return exact(middle) if own is not None else (self.policy.unknown[0], middle, self.policy.unknown[2])

    def kind_pathway(self, unit, _start):
        urgency = self.facts("urgency")
        if urgency is None:
            return None
        if unit["kind"] == "unspecified":
            return self.policy.unknown
        if unit["kind"] != {"crisis": "crisis", "planned": "move_on"}[urgency]:
            return exact(self.policy.value("kind_pathway", "other_kind"))
        onward, same = (self.policy.value("kind_pathway", case) for case in ("same_kind_onward_step", "same_kind"))
        return {YES: exact(onward), NO: exact(same)}.get(unit["onwardStep"], (min(same, onward), same, max(same, onward)))

    def own_preference(self, unit, _start):
        wish, unsuitable = self.facts("livingFormWish"), self.facts("livingFormUnsuitable")
        daytime, pets = self.facts("daytimeWish"), self.facts("pets")
        if wish is None and unsuitable is None and daytime is None and pets is None:
            return None
        form = unit["livingForm"]
        parts = []
        if wish is not None:
            parts.append(holds(form, lambda form: form == wish))
        if unsuitable:
            parts.append(holds(form, lambda form: form not in unsuitable))
        parts += [attribute(unit, code) for code, wanted in (("daytime", daytime), ("pets", pets)) if wanted == "yes"]
        met, neutral, against = (self.policy.value("own_preference", case) for case in ("met", "neutral", "against"))
        if NO in parts:
            return exact(against)
        if UNKNOWN in parts:
            low, middle, high = self.policy.unknown
            return low, met if YES in parts else middle, high
        return exact(met if YES in parts else neutral)

    def continuity(self, unit, _start):
        ties = self.facts("tiesToKeep")
        if ties is None:
            return None
        if not ties:
            return exact(self.policy.value("continuity", "none_named"))
        if unit["city"] is None:
            return self.policy.unknown
        return exact(10**6 * sum(MAP.same_city(tie["city"], unit["city"]) for tie in ties) // len(ties))

    def communication(self, unit, _start):
        interpreter = self.facts("interpreter")
        if interpreter is None:
            return None
        case = "arranged" if interpreter == "no" else unit["communication"]
        return self.policy.unknown if case is None else exact(self.policy.value("communication", case))

    def time_to_bed(self, _unit, start):
        tier = self.household.view["tier"]
        if tier is None:
            return None
        curve = "T0_T1_days" if tier in ("T0", "T1") else "T2_T3_days"
        return self.policy.unknown if start is None else exact(self.policy.curve("time_to_bed", curve, start))


# --- the answer -----------------------------------------------------------------------------------------------------

def printed(whole):
    return f"{whole // 10**10}.{whole % 10**10:010d}"


def answer(policy, stored):
    """The parts of an answer that are compared, as they stand in the file."""
    household = Household(policy, stored)
    suitability = Suitability(household)
    lists = {name: [] for name in ("now", "later", "ask", "out", "setAside")}
    referral = bytes.fromhex(household.view["id"].replace("-", ""))
    for unit in household.snapshot["units"]:
        verdicts, start, left = household.at(unit)
        mask = lambda wanted: sum(1 << bit for bit, verdict in verdicts.items() if verdict == wanted)
        failed, unknown = mask(NO), mask(UNKNOWN)
        name = "out" if failed else "ask" if unknown else "now" if start == 0 else "later"
        if name != "out" and unit["id"] in household.view["standingObjections"]:
            name = "setAside"
        low, score, high = suitability.of(unit, start)
        last = unit["lastPlacementAt"]
        ticket = hashlib.sha256(policy.hash + referral + bytes.fromhex(unit["id"].replace("-", ""))).digest()
        by_order = (-score, -(-1 if left is None else left), (0, 0) if last is None else (1, micros(moment(last))), ticket)
        ranked = name in ("now", "later", "ask")
        starts = None if start is None else (household.today + datetime.timedelta(days=start)).isoformat()
        card = {"unit": unit["id"], "failed": failed, "unknown": unknown, "start": starts,
                "score": [printed(low), printed(score), printed(high)] if ranked else None}
        lists[name].append((by_order if ranked else (unit["code"], unit["id"]), card))
    found = {name: [card for _, card in sorted(cards, key=lambda pair: pair[0])] for name, cards in lists.items()}
    first = (found["now"] + found["later"])[:1]
    found["proposed"] = first[0]["unit"] if first else None
    found["inputHash"] = hashlib.sha256(canonical(stored)).hexdigest()
    return found


def main():
    policies, passed, failed = {}, 0, 0
    with open(sys.argv[1], encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            document = json.loads(line)
            if "policy" in document:
                policy = Policy(document["policy"])
                policies[policy.hash.hex()] = policy
                continue
            found = answer(policies[document["policyHash"]], document["input"])
            if found == document["result"]:
                passed += 1
                continue
            failed += 1
            if failed <= 3:
                for key, value in found.items():
                    if value != document["result"][key]:
                        print(f"line {number}, {key}:\n  here   {value}\n  stored {document['result'][key]}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
