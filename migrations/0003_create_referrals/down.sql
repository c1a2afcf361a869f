-- Takes the referrals away. Only for a database without anything worth keeping.

DROP TABLE case_references;
DROP TABLE referral_facts;
DROP TABLE referrals;
