-- The advice that was given beside a match.
--
-- Why like this: it rests on the same facts at the same moment, so it is kept with the result and as it was given; made anew
-- later, from a newer catalogue, it would be another one. A result from before this column has none.

ALTER TABLE match_documents ADD COLUMN advice text NOT NULL DEFAULT '';
ALTER TABLE match_documents ALTER COLUMN advice DROP DEFAULT;
