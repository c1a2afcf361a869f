-- Proposal, decision and placement are about one and the same person.
--
-- Why like this: each names its referral, and a mix-up of two people would place one of them on a decision about the other.
-- The pair of id and referral is referred to, so the database refuses it whatever the code does. And only the place of a
-- placement is kept after a disappearance: a resident from outside this service has nobody who would report one.

ALTER TABLE proposals ADD CONSTRAINT proposal_of_its_referral UNIQUE (id, referral);
ALTER TABLE decisions ADD CONSTRAINT decision_of_its_referral UNIQUE (id, referral);
ALTER TABLE placements ADD CONSTRAINT placement_of_its_referral UNIQUE (id, referral);

ALTER TABLE decisions DROP CONSTRAINT decisions_proposal_fkey;
ALTER TABLE decisions ADD CONSTRAINT decision_on_a_proposal_for_its_referral
    FOREIGN KEY (proposal, referral) REFERENCES proposals (id, referral);
ALTER TABLE decisions DROP CONSTRAINT decision_has_its_placement;
ALTER TABLE decisions ADD CONSTRAINT decision_has_its_placement
    FOREIGN KEY (placement, referral) REFERENCES placements (id, referral) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE placements DROP CONSTRAINT placements_decision_fkey;
ALTER TABLE placements ADD CONSTRAINT placement_on_a_decision_for_its_referral
    FOREIGN KEY (decision, referral) REFERENCES decisions (id, referral);

ALTER TABLE occupancies ADD CONSTRAINT kept_only_for_a_placement CHECK (kept_until IS NULL OR placement IS NOT NULL);
