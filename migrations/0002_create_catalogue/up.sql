-- The catalogue: who there is and what is documented about them, and the single places with what shelters report of them.
--
-- Why like this: codes are public and stable, so they are keys; a unit also has an internal id that is given once and never
-- changes, because the lottery draws on it. No street address has a column anywhere. A place is never deleted: its stays
-- would lose their place; it is retired. Capacity is not stored: it is counted from places, occupancies and holds.

CREATE TABLE organisations (
    code text COLLATE "C" PRIMARY KEY CHECK (code <> ''),
    name text NOT NULL,
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    position integer NOT NULL
);

CREATE TABLE locations (
    code text COLLATE "C" PRIMARY KEY CHECK (code <> ''),
    name_nl text NOT NULL,
    name_en text NOT NULL,
    organisation text COLLATE "C" REFERENCES organisations (code),
    city text,
    police_unit text,
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    programme text NOT NULL CHECK (programme IN ('omm', 'cosm', 'iszw', 'acm', 'national_programme', 'local_programme',
        'mens_shelter', 'protected_shelter', 'foreign_programme', 'foreign_centre', 'foreign_partner')),
    placing_authority text NOT NULL CHECK (placing_authority IN ('comensha', 'direct', 'nidos', 'external')),
    living_form text CHECK (living_form IN ('group', 'room_in_group', 'training_house', 'own_flat')),
    attributes jsonb NOT NULL CHECK (jsonb_typeof(attributes) = 'object'),
    age_min smallint CHECK (age_min BETWEEN 0 AND 255),
    age_max smallint CHECK (age_max BETWEEN 0 AND 255),
    referral_route text[] NOT NULL,
    stay_norm jsonb CHECK (jsonb_typeof(stay_norm) = 'object'),
    inferred text[] NOT NULL,
    sources text[] NOT NULL,
    remark text,
    position integer NOT NULL
);

CREATE INDEX locations_by_organisation ON locations (organisation);

CREATE TABLE units (
    id uuid PRIMARY KEY,
    code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
    location text COLLATE "C" NOT NULL REFERENCES locations (code),
    kind text NOT NULL CHECK (kind IN ('crisis', 'move_on', 'unspecified')),
    places integer CHECK (places BETWEEN 0 AND 65535),
    assumed boolean NOT NULL,
    position integer NOT NULL,
    confirmed_by text,
    confirmed_at timestamptz,
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL))
);

CREATE INDEX units_by_location ON units (location);

CREATE TABLE places (
    id uuid PRIMARY KEY,
    unit uuid NOT NULL REFERENCES units (id),
    number integer NOT NULL CHECK (number BETWEEN 1 AND 65535),
    state text NOT NULL DEFAULT 'available' CHECK (state IN ('available', 'out_of_use')),
    reason text CHECK (reason IN ('maintenance', 'quarantine', 'staffing', 'safety', 'other')),
    until date,
    reported_by text,
    reported_at timestamptz,
    retired boolean NOT NULL DEFAULT false,
    CONSTRAINT one_place_per_number UNIQUE (unit, number),
    CONSTRAINT place_of_its_unit UNIQUE (id, unit),
    CONSTRAINT a_reason_only_out_of_use CHECK ((state = 'out_of_use') = (reason IS NOT NULL)),
    CONSTRAINT an_end_only_out_of_use CHECK (state = 'out_of_use' OR until IS NULL),
    CHECK ((reported_by IS NULL) = (reported_at IS NULL))
);

CREATE TABLE care_regions (
    code text COLLATE "C" PRIMARY KEY CHECK (code <> ''),
    organisation text COLLATE "C" NOT NULL REFERENCES organisations (code),
    region text NOT NULL,
    sources text[] NOT NULL,
    position integer NOT NULL
);
