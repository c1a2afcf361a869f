-- Places count nothing again.

ALTER TABLE places DROP COLUMN version;
