-- Takes the catalogue away. Only for a database without anything worth keeping.

DROP TABLE care_regions;
DROP TABLE places;
DROP TABLE units;
DROP TABLE locations;
DROP TABLE organisations;
