-- The audit trail: entries that are chained, and the head of the chain.
--
-- Why like this: the text of an entry is stored exactly as it was hashed, so nothing is ever encoded anew to be checked.
-- What is searched is computed by the database from that text and cannot differ from it. The single row of the head is
-- the fence: every write of the service locks it first, so that numbers have no gap and every decision sees the world as
-- it is. Entries are only ever added; the triggers refuse everything else, also to the owner of the tables.
-- The moment is compared as text: it always has the form 2025-03-01T09:00:00.000000Z, so texts sort like moments.

CREATE TABLE audit_head (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    index bigint NOT NULL CHECK (index >= 0),
    link bytea NOT NULL CHECK (octet_length(link) = 32)
);

INSERT INTO audit_head (index, link) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE TABLE audit_entries (
    index bigint PRIMARY KEY CHECK (index > 0),
    link bytea NOT NULL CHECK (octet_length(link) = 32),
    text text NOT NULL,
    occurred_at text COLLATE "C" NOT NULL GENERATED ALWAYS AS (text::json ->> 'occurredAt') STORED,
    event_type text COLLATE "C" NOT NULL GENERATED ALWAYS AS (text::json #>> '{event,eventType}') STORED,
    outcome text COLLATE "C" NOT NULL GENERATED ALWAYS AS (text::json #>> '{event,outcome}') STORED,
    issuer text COLLATE "C" NOT NULL GENERATED ALWAYS AS (text::json #>> '{call,actor,issuer}') STORED,
    subject text COLLATE "C" NOT NULL GENERATED ALWAYS AS (text::json #>> '{call,actor,subject}') STORED,
    organisation text COLLATE "C" GENERATED ALWAYS AS (text::json #>> '{call,actor,organisation}') STORED,
    person text COLLATE "C" GENERATED ALWAYS AS (text::json #>> '{event,personPseudonym}') STORED,
    object_type text COLLATE "C" GENERATED ALWAYS AS (text::json #>> '{event,object,type}') STORED,
    object_id text COLLATE "C" GENERATED ALWAYS AS (text::json #>> '{event,object,id}') STORED,
    CONSTRAINT entry_says_its_number CHECK (index = (text::json ->> 'index')::bigint)
);

-- "Who saw person P" and "who was touched by actor X" are asked of the whole trail.
CREATE INDEX audit_entries_by_person ON audit_entries (person, index) WHERE person IS NOT NULL;
CREATE INDEX audit_entries_by_subject ON audit_entries (subject, index);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entries_stay_all BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_head_stays_all BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
