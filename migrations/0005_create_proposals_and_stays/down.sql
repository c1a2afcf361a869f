-- Takes proposals, decisions and stays away. Only for a database without anything worth keeping.

DROP TABLE occupancies;
ALTER TABLE decisions DROP CONSTRAINT decision_has_its_placement;
DROP TABLE placements;
DROP TABLE decision_reasons;
DROP TABLE decisions;
DROP TABLE proposal_departures;
DROP TABLE proposals;
DROP TYPE uuidrange;
