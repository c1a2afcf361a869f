-- Policies of the engine, match results, and CoMensha's judgements.
--
-- Why like this: a policy is its hash; adopting it is an act of its own, so that an earlier policy can come back into force.
-- The documents of a result are text, exactly as they were hashed, and apart from the row that says that there is a result:
-- they hold personal data. So do written reasons, wherever they stand.

CREATE TABLE policies (
    hash text COLLATE "C" PRIMARY KEY,
    document text NOT NULL
);

CREATE TABLE policy_adoptions (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    policy text COLLATE "C" NOT NULL REFERENCES policies (hash),
    name text NOT NULL,
    adopted_by text NOT NULL,
    adopted_at timestamptz NOT NULL,
    valid_from timestamptz NOT NULL
);

CREATE INDEX policy_adoptions_in_order ON policy_adoptions (valid_from DESC, number DESC);

CREATE TABLE match_results (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    referral uuid NOT NULL REFERENCES referrals (id),
    made_at timestamptz NOT NULL,
    policy_hash text COLLATE "C" NOT NULL REFERENCES policies (hash),
    texts_hash text COLLATE "C" NOT NULL,
    CONSTRAINT result_of_its_referral UNIQUE (id, referral)
);

CREATE INDEX match_results_of_referral ON match_results (referral, number DESC);

CREATE TABLE match_documents (
    result uuid PRIMARY KEY REFERENCES match_results (id),
    input text NOT NULL,
    output text NOT NULL
);

CREATE TABLE assessments (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    referral uuid NOT NULL REFERENCES referrals (id),
    judgement text CHECK (judgement IN ('eligible', 'needs_review', 'not_eligible')),
    assessed_by text NOT NULL,
    assessed_at timestamptz NOT NULL
);

CREATE INDEX assessments_of_referral ON assessments (referral, number);

CREATE TABLE assessment_reasons (
    assessment uuid PRIMARY KEY REFERENCES assessments (id),
    reason text NOT NULL
);
