-- Referrals: where each stands, and apart from that what is known about the person.
--
-- Why like this: the state row holds nothing about the person, so that lists, orders and counts touch no personal data, and
-- facts can later be sealed or erased without a change to anything else. Own case numbers have a table of their own: they are
-- the only way in for those who may ask for a status only.

CREATE TABLE referrals (
    id uuid PRIMARY KEY,
    version bigint NOT NULL CHECK (version > 0),
    state text NOT NULL CHECK (state IN ('draft', 'submitted', 'incomplete', 'registered', 'assessing', 'eligible',
        'needs_review', 'not_eligible', 'matching', 'waiting_list', 'placed', 'redirected', 'refused', 'withdrawn', 'closed')),
    target text CHECK (target IN ('omm', 'cosm', 'iszw', 'wmo_shelter', 'youth_care', 'nidos', 'ggz_crisis_first',
        'reflection_period_first', 'foreign_programme', 'registration_only', 'undetermined')),
    refusal text CHECK (refusal IN ('no_sign_of_trafficking', 'no_multi_problem', 'minor', 'residence_route',
        'outside_jurisdiction', 'no_consent', 'no_suitable_place', 'other')),
    withdrawal text CHECK (withdrawal IN ('by_victim', 'by_referrer', 'consent_withdrawn', 'contact_lost', 'other')),
    state_since timestamptz NOT NULL,
    status_since timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    dossier text NOT NULL CHECK (dossier IN ('registration', 'registration_and_shelter', 'registration_info_advice')),
    referrer_kind text NOT NULL CHECK (referrer_kind IN ('police', 'kmar', 'nla', 'care_coordination', 'fairwork',
        'youth_care', 'shelter', 'lawyer', 'outreach_org', 'self', 'other')),
    referrer_organisation text COLLATE "C",
    referrer_region text,
    referrer_issuer text NOT NULL,
    referrer_subject text NOT NULL,
    CONSTRAINT a_target_when_redirected CHECK ((state = 'redirected') = (target IS NOT NULL)),
    CONSTRAINT a_reason_when_refused CHECK ((state = 'refused') = (refusal IS NOT NULL)),
    CONSTRAINT a_reason_when_withdrawn CHECK ((state = 'withdrawn') = (withdrawal IS NOT NULL))
);

CREATE INDEX referrals_by_state ON referrals (state, received_at DESC);
CREATE INDEX referrals_by_organisation ON referrals (referrer_organisation, received_at DESC);

CREATE TABLE referral_facts (
    referral uuid PRIMARY KEY REFERENCES referrals (id),
    ground jsonb NOT NULL CHECK (jsonb_typeof(ground) = 'object'),
    consent jsonb NOT NULL CHECK (jsonb_typeof(consent) = 'object'),
    urgence jsonb CHECK (jsonb_typeof(urgence) = 'object'),
    circumstances jsonb NOT NULL CHECK (jsonb_typeof(circumstances) = 'object'),
    background jsonb NOT NULL CHECK (jsonb_typeof(background) = 'object')
);

CREATE TABLE case_references (
    referral uuid NOT NULL REFERENCES referrals (id),
    position integer NOT NULL CHECK (position >= 0),
    organisation text COLLATE "C" NOT NULL,
    reference text COLLATE "C" NOT NULL,
    PRIMARY KEY (referral, position)
);

CREATE INDEX case_references_by_organisation ON case_references (organisation, reference);
