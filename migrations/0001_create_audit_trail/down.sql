-- Takes the audit trail away. Only for a database without anything worth keeping.

DROP TABLE audit_entries;
DROP TABLE audit_head;
DROP FUNCTION refuse_change;
