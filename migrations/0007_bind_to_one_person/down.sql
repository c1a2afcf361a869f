-- Back to references that do not compare the person.

ALTER TABLE occupancies DROP CONSTRAINT kept_only_for_a_placement;
ALTER TABLE placements DROP CONSTRAINT placement_on_a_decision_for_its_referral;
ALTER TABLE placements ADD CONSTRAINT placements_decision_fkey FOREIGN KEY (decision) REFERENCES decisions (id);
ALTER TABLE decisions DROP CONSTRAINT decision_has_its_placement;
ALTER TABLE decisions ADD CONSTRAINT decision_has_its_placement
    FOREIGN KEY (placement) REFERENCES placements (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE decisions DROP CONSTRAINT decision_on_a_proposal_for_its_referral;
ALTER TABLE decisions ADD CONSTRAINT decisions_proposal_fkey FOREIGN KEY (proposal) REFERENCES proposals (id);
ALTER TABLE placements DROP CONSTRAINT placement_of_its_referral;
ALTER TABLE decisions DROP CONSTRAINT decision_of_its_referral;
ALTER TABLE proposals DROP CONSTRAINT proposal_of_its_referral;
