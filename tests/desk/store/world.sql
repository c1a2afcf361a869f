-- A small world, written past the service: two units with places, two people, each with a result; one of them is placed.
INSERT INTO organisations VALUES ('o', 'O', 'NL', 0);
INSERT INTO locations (code, name_nl, name_en, organisation, country, programme, placing_authority, attributes,
                       referral_route, inferred, sources, position)
    VALUES ('l', 'L', 'L', 'o', 'NL', 'omm', 'comensha', '{}', '{}', '{}', '{}', 0);
INSERT INTO units (id, code, location, kind, places, assumed, position) VALUES
    ('00000000-0000-0000-0000-0000000000a0', 'a', 'l', 'crisis', 2, false, 0),
    ('00000000-0000-0000-0000-0000000000b0', 'b', 'l', 'move_on', 1, false, 1);
INSERT INTO places (id, unit, number) VALUES
    ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000a0', 1),
    ('00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000a0', 2),
    ('00000000-0000-0000-0000-0000000000b1', '00000000-0000-0000-0000-0000000000b0', 1);
INSERT INTO referrals (id, version, state, state_since, status_since, received_at, dossier, referrer_kind, referrer_issuer,
                       referrer_subject)
    SELECT id::uuid, 1, 'matching', now(), now(), now(), 'registration_and_shelter', 'police', 'i', 's'
    FROM unnest(ARRAY['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002']) AS id;
INSERT INTO policies VALUES ('p', '{}');
INSERT INTO match_results (id, referral, made_at, policy_hash, texts_hash) VALUES
    ('00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000001', now(), 'p', 't'),
    ('00000000-0000-0000-0000-000000000012', '00000000-0000-0000-0000-000000000002', now(), 'p', 't');
INSERT INTO proposals (id, version, referral, unit, result, beds, standing, answers, proposed_by, created_at, state, state_at,
                       hold_until) VALUES
    ('00000000-0000-0000-0000-000000000021', 1, '00000000-0000-0000-0000-000000000001',
     '00000000-0000-0000-0000-0000000000a0', '00000000-0000-0000-0000-000000000011', 1, 'fit', '[]', 'c', now(),
     'confirmed', now(), NULL),
    ('00000000-0000-0000-0000-000000000022', 1, '00000000-0000-0000-0000-000000000002',
     '00000000-0000-0000-0000-0000000000a0', '00000000-0000-0000-0000-000000000012', 1, 'fit', '[]', 'c', now(),
     'sent', now(), now() + interval '1 hour');
BEGIN;
INSERT INTO decisions (id, referral, outcome, proposal, placement, decided_by, decided_at) VALUES
    ('00000000-0000-0000-0000-000000000031', '00000000-0000-0000-0000-000000000001', 'placed',
     '00000000-0000-0000-0000-000000000021', '00000000-0000-0000-0000-000000000041', 'c', now());
INSERT INTO placements (id, version, referral, unit, decision, reserved_at, state, state_until) VALUES
    ('00000000-0000-0000-0000-000000000041', 1, '00000000-0000-0000-0000-000000000001',
     '00000000-0000-0000-0000-0000000000a0', '00000000-0000-0000-0000-000000000031', now(), 'reserved', now());
COMMIT;
INSERT INTO occupancies (id, place, unit, placement, taken_from) VALUES
    ('00000000-0000-0000-0000-000000000051', '00000000-0000-0000-0000-0000000000a1',
     '00000000-0000-0000-0000-0000000000a0', '00000000-0000-0000-0000-000000000041', '2026-03-01 12:00Z');
