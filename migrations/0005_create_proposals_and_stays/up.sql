-- Proposals, decisions, placements, and the places they take.
--
-- Why like this: each state names in CHECKs exactly the columns it has, as the enum does. What may never be true is refused
-- here whatever the code does: two live proposals for one referral, two people in one place at one time, a placement in
-- another unit than its places, a result of another person. Ranges over uuid need no extension.

CREATE TYPE uuidrange AS RANGE (subtype = uuid);

CREATE TABLE proposals (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    version bigint NOT NULL CHECK (version > 0),
    referral uuid NOT NULL REFERENCES referrals (id),
    unit uuid NOT NULL REFERENCES units (id),
    result uuid NOT NULL,
    beds integer NOT NULL CHECK (beds BETWEEN 1 AND 65535),
    standing text NOT NULL CHECK (standing IN ('fit', 'ask', 'out')),
    departure text CHECK (departure IN ('victim_wish', 'safety', 'continuity_of_care', 'household_or_ties',
        'shelter_answer', 'better_later', 'toss_up', 'other')),
    answers jsonb NOT NULL CHECK (jsonb_typeof(answers) = 'array'),
    proposed_by text NOT NULL,
    created_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'sent', 'accepted', 'objected', 'expired', 'confirmed',
        'declined_by_victim', 'cancelled')),
    state_at timestamptz,
    hold_until timestamptz,
    objection text CHECK (objection IN ('no_place', 'group_composition', 'aggression', 'psychiatric_too_heavy', 'addiction',
        'cannot_care_for_self', 'danger_region', 'secrecy_not_met', 'gender_not_admitted', 'children_not_admitted',
        'family_too_large', 'accessibility', 'other')),
    decline text CHECK (decline IN ('no_shelter_wanted', 'too_far', 'feels_unsafe_there', 'living_form',
        'separated_from_children_or_partner', 'own_network', 'wants_return', 'not_stated', 'other')),
    CONSTRAINT proposal_rests_on_a_result_of_its_referral FOREIGN KEY (result, referral) REFERENCES match_results (id, referral),
    CONSTRAINT a_moment_unless_draft CHECK ((state = 'draft') = (state_at IS NULL)),
    CONSTRAINT a_hold_while_alive CHECK ((state IN ('sent', 'accepted')) = (hold_until IS NOT NULL)),
    CONSTRAINT a_reason_when_objected CHECK ((state = 'objected') = (objection IS NOT NULL)),
    CONSTRAINT a_reason_when_declined CHECK ((state = 'declined_by_victim') = (decline IS NOT NULL))
);

CREATE UNIQUE INDEX one_live_proposal_per_referral ON proposals (referral) WHERE state IN ('sent', 'accepted');
CREATE INDEX proposals_of_referral ON proposals (referral, number);
CREATE INDEX proposals_of_unit ON proposals (unit, number);
CREATE INDEX proposals_by_deadline ON proposals (hold_until) WHERE hold_until IS NOT NULL;

CREATE TABLE proposal_departures (
    proposal uuid PRIMARY KEY REFERENCES proposals (id),
    reason text NOT NULL
);

CREATE TABLE decisions (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    referral uuid NOT NULL REFERENCES referrals (id),
    outcome text NOT NULL CHECK (outcome IN ('placed', 'waiting_list', 'temporary_place', 'redirected', 'refused')),
    proposal uuid REFERENCES proposals (id),
    placement uuid,
    temporary_place text CHECK (temporary_place IN ('emergency_bed', 'acm', 'other')),
    temporary_until timestamptz,
    target text CHECK (target IN ('omm', 'cosm', 'iszw', 'wmo_shelter', 'youth_care', 'nidos', 'ggz_crisis_first',
        'reflection_period_first', 'foreign_programme', 'registration_only', 'undetermined')),
    refusal text CHECK (refusal IN ('no_sign_of_trafficking', 'no_multi_problem', 'minor', 'residence_route',
        'outside_jurisdiction', 'no_consent', 'no_suitable_place', 'other')),
    result uuid,
    decided_by text NOT NULL CHECK (decided_by <> ''),
    decided_at timestamptz NOT NULL,
    CONSTRAINT decision_rests_on_a_result_of_its_referral FOREIGN KEY (result, referral) REFERENCES match_results (id, referral),
    CONSTRAINT a_proposal_is_decided_once UNIQUE (proposal),
    CONSTRAINT a_proposal_when_placed CHECK ((outcome = 'placed') = (proposal IS NOT NULL)),
    CONSTRAINT a_placement_when_placed CHECK ((outcome = 'placed') = (placement IS NOT NULL)),
    CONSTRAINT a_place_when_temporary CHECK ((outcome = 'temporary_place') = (temporary_place IS NOT NULL)),
    CONSTRAINT an_end_only_when_temporary CHECK (outcome = 'temporary_place' OR temporary_until IS NULL),
    CONSTRAINT a_target_when_redirected CHECK ((outcome = 'redirected') = (target IS NOT NULL)),
    CONSTRAINT a_reason_when_refused CHECK ((outcome = 'refused') = (refusal IS NOT NULL))
);

CREATE INDEX decisions_of_referral ON decisions (referral, number);

CREATE TABLE decision_reasons (
    decision uuid PRIMARY KEY REFERENCES decisions (id),
    reason text NOT NULL CHECK (reason <> '')
);

CREATE TABLE placements (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    version bigint NOT NULL CHECK (version > 0),
    referral uuid NOT NULL REFERENCES referrals (id),
    unit uuid NOT NULL REFERENCES units (id),
    decision uuid NOT NULL UNIQUE REFERENCES decisions (id),
    reserved_at timestamptz NOT NULL,
    end_on date,
    end_certainty text CHECK (end_certainty IN ('confirmed', 'expected')),
    state text NOT NULL CHECK (state IN ('reserved', 'arrived', 'in_stay', 'no_show', 'cancelled', 'disappeared', 'exited')),
    state_at timestamptz,
    state_until timestamptz,
    exit text CHECK (exit IN ('independent', 'long_term_care', 'regular_shelter', 'foreign_programme', 'return', 'other')),
    CONSTRAINT placement_of_its_unit UNIQUE (id, unit),
    CHECK ((end_on IS NULL) = (end_certainty IS NULL)),
    CONSTRAINT a_moment_unless_reserved CHECK ((state = 'reserved') = (state_at IS NULL)),
    CONSTRAINT a_deadline_while_expected_or_missed CHECK ((state IN ('reserved', 'disappeared')) = (state_until IS NOT NULL)),
    CONSTRAINT a_kind_when_exited CHECK ((state = 'exited') = (exit IS NOT NULL))
);

CREATE INDEX placements_of_referral ON placements (referral, number);
CREATE INDEX placements_of_unit ON placements (unit, number);

-- The decision is written before the placement that follows from it: checked when both are there.
ALTER TABLE decisions ADD CONSTRAINT decision_has_its_placement
    FOREIGN KEY (placement) REFERENCES placements (id) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE occupancies (
    id uuid PRIMARY KEY,
    place uuid NOT NULL,
    unit uuid NOT NULL,
    placement uuid,
    taken_from timestamptz NOT NULL,
    taken_until timestamptz,
    -- After a disappearance the place is kept until then and not longer, whether or not a job runs.
    kept_until timestamptz,
    end_on date,
    end_certainty text CHECK (end_certainty IN ('confirmed', 'expected')),
    CHECK (taken_until >= taken_from),
    CHECK ((end_on IS NULL) = (end_certainty IS NULL)),
    CONSTRAINT occupancy_in_a_place_of_the_unit FOREIGN KEY (place, unit) REFERENCES places (id, unit),
    CONSTRAINT occupancy_in_the_unit_of_the_placement FOREIGN KEY (placement, unit) REFERENCES placements (id, unit),
    CONSTRAINT stays_of_a_place_do_not_overlap EXCLUDE USING gist
        (uuidrange(place, place, '[]') WITH &&, tstzrange(taken_from, taken_until, '[)') WITH &&)
);

CREATE UNIQUE INDEX one_open_occupancy_per_place ON occupancies (place) WHERE taken_until IS NULL;
CREATE INDEX occupancies_of_placement ON occupancies (placement);
