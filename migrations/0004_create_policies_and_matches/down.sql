-- Takes policies, results and judgements away. Only for a database without anything worth keeping.

DROP TABLE assessment_reasons;
DROP TABLE assessments;
DROP TABLE match_documents;
DROP TABLE match_results;
DROP TABLE policy_adoptions;
DROP TABLE policies;
