-- What was answered to requests that take effect once.
--
-- Why like this: the answer is written in the transaction of the effect, so that after a crash both are there or neither,
-- and a repeat finds out which. Key and body stand here as hashes: they are only ever compared. The answer holds ids and
-- states, nothing about a person. Nothing refers to these rows, and they are of no use after a day.

CREATE TABLE kept_answers (
    key text COLLATE "C" PRIMARY KEY CHECK (key ~ '^[0-9a-f]{64}$'),
    body text COLLATE "C" NOT NULL CHECK (body ~ '^[0-9a-f]{64}$'),
    answer text NOT NULL,
    kept_at timestamptz NOT NULL
);

CREATE INDEX kept_answers_by_age ON kept_answers (kept_at);
