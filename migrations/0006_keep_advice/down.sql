-- Takes the advice away; it cannot be made again as it was.

ALTER TABLE match_documents DROP COLUMN advice;
