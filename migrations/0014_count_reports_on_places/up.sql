-- A place counts the reports on it.
--
-- Why like this: a report is made on what was seen, and refused if somebody else reported since. The other things that
-- change count their changes already.

ALTER TABLE places ADD COLUMN version bigint NOT NULL DEFAULT 1 CHECK (version > 0);
