//! The tables as diesel sees them. What they must hold true stands in `migrations/`.

diesel::table! {
    audit_head (only_row) {
        only_row -> Bool,
        index -> BigInt,
        link -> Binary,
    }
}

diesel::table! {
    audit_entries (index) {
        index -> BigInt,
        link -> Binary,
        text -> Text,
        occurred_at -> Text,
        event_type -> Text,
        outcome -> Text,
        issuer -> Text,
        subject -> Text,
        organisation -> Nullable<Text>,
        person -> Nullable<Text>,
        object_type -> Nullable<Text>,
        object_id -> Nullable<Text>,
    }
}

diesel::table! {
    organisations (code) {
        code -> Text,
        name -> Text,
        country -> Text,
        position -> Integer,
    }
}

diesel::table! {
    locations (code) {
        code -> Text,
        name_nl -> Text,
        name_en -> Text,
        organisation -> Nullable<Text>,
        city -> Nullable<Text>,
        police_unit -> Nullable<Text>,
        country -> Text,
        programme -> Text,
        placing_authority -> Text,
        living_form -> Nullable<Text>,
        attributes -> Jsonb,
        age_min -> Nullable<SmallInt>,
        age_max -> Nullable<SmallInt>,
        referral_route -> Array<Text>,
        stay_norm -> Nullable<Jsonb>,
        inferred -> Array<Text>,
        sources -> Array<Text>,
        remark -> Nullable<Text>,
        position -> Integer,
    }
}

diesel::table! {
    units (id) {
        id -> Uuid,
        code -> Text,
        location -> Text,
        kind -> Text,
        places -> Nullable<Integer>,
        assumed -> Bool,
        position -> Integer,
        confirmed_by -> Nullable<Text>,
        confirmed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    places (id) {
        id -> Uuid,
        unit -> Uuid,
        number -> Integer,
        state -> Text,
        reason -> Nullable<Text>,
        until -> Nullable<Date>,
        reported_by -> Nullable<Text>,
        reported_at -> Nullable<Timestamptz>,
        retired -> Bool,
    }
}

diesel::table! {
    care_regions (code) {
        code -> Text,
        organisation -> Text,
        region -> Text,
        sources -> Array<Text>,
        position -> Integer,
    }
}

diesel::table! {
    referrals (id) {
        id -> Uuid,
        version -> BigInt,
        state -> Text,
        target -> Nullable<Text>,
        refusal -> Nullable<Text>,
        withdrawal -> Nullable<Text>,
        state_since -> Timestamptz,
        status_since -> Timestamptz,
        received_at -> Timestamptz,
        dossier -> Text,
        referrer_kind -> Text,
        referrer_organisation -> Nullable<Text>,
        referrer_region -> Nullable<Text>,
        referrer_issuer -> Text,
        referrer_subject -> Text,
    }
}

diesel::table! {
    referral_facts (referral) {
        referral -> Uuid,
        ground -> Jsonb,
        consent -> Jsonb,
        urgence -> Nullable<Jsonb>,
        circumstances -> Jsonb,
        background -> Jsonb,
    }
}

diesel::table! {
    case_references (referral, position) {
        referral -> Uuid,
        position -> Integer,
        organisation -> Text,
        reference -> Text,
    }
}

diesel::table! {
    policies (hash) {
        hash -> Text,
        document -> Text,
    }
}

diesel::table! {
    policy_adoptions (number) {
        number -> BigInt,
        policy -> Text,
        name -> Text,
        adopted_by -> Text,
        adopted_at -> Timestamptz,
        valid_from -> Timestamptz,
    }
}

diesel::table! {
    match_results (id) {
        id -> Uuid,
        number -> BigInt,
        referral -> Uuid,
        made_at -> Timestamptz,
        policy_hash -> Text,
        texts_hash -> Text,
    }
}

diesel::table! {
    match_documents (result) {
        result -> Uuid,
        input -> Text,
        output -> Text,
        advice -> Text,
    }
}

diesel::table! {
    assessments (id) {
        id -> Uuid,
        number -> BigInt,
        referral -> Uuid,
        judgement -> Nullable<Text>,
        assessed_by -> Text,
        assessed_at -> Timestamptz,
    }
}

diesel::table! {
    assessment_reasons (assessment) {
        assessment -> Uuid,
        reason -> Text,
    }
}

diesel::table! {
    proposals (id) {
        id -> Uuid,
        number -> BigInt,
        version -> BigInt,
        referral -> Uuid,
        unit -> Uuid,
        result -> Uuid,
        beds -> Integer,
        standing -> Text,
        departure -> Nullable<Text>,
        answers -> Jsonb,
        proposed_by -> Text,
        created_at -> Timestamptz,
        state -> Text,
        state_at -> Nullable<Timestamptz>,
        hold_until -> Nullable<Timestamptz>,
        objection -> Nullable<Text>,
        decline -> Nullable<Text>,
    }
}

diesel::table! {
    proposal_departures (proposal) {
        proposal -> Uuid,
        reason -> Text,
    }
}

diesel::table! {
    decisions (id) {
        id -> Uuid,
        number -> BigInt,
        referral -> Uuid,
        outcome -> Text,
        proposal -> Nullable<Uuid>,
        placement -> Nullable<Uuid>,
        temporary_place -> Nullable<Text>,
        temporary_until -> Nullable<Timestamptz>,
        target -> Nullable<Text>,
        refusal -> Nullable<Text>,
        result -> Nullable<Uuid>,
        decided_by -> Text,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    decision_reasons (decision) {
        decision -> Uuid,
        reason -> Text,
    }
}

diesel::table! {
    placements (id) {
        id -> Uuid,
        number -> BigInt,
        version -> BigInt,
        referral -> Uuid,
        unit -> Uuid,
        decision -> Uuid,
        reserved_at -> Timestamptz,
        end_on -> Nullable<Date>,
        end_certainty -> Nullable<Text>,
        state -> Text,
        state_at -> Nullable<Timestamptz>,
        state_until -> Nullable<Timestamptz>,
        exit -> Nullable<Text>,
    }
}

diesel::table! {
    occupancies (id) {
        id -> Uuid,
        place -> Uuid,
        unit -> Uuid,
        placement -> Nullable<Uuid>,
        taken_from -> Timestamptz,
        taken_until -> Nullable<Timestamptz>,
        kept_until -> Nullable<Timestamptz>,
        end_on -> Nullable<Date>,
        end_certainty -> Nullable<Text>,
    }
}

diesel::joinable!(units -> locations (location));
diesel::joinable!(places -> units (unit));
diesel::joinable!(referral_facts -> referrals (referral));
diesel::joinable!(policy_adoptions -> policies (policy));
diesel::joinable!(match_documents -> match_results (result));
diesel::joinable!(assessment_reasons -> assessments (assessment));
diesel::joinable!(proposal_departures -> proposals (proposal));
diesel::joinable!(proposals -> units (unit));
diesel::joinable!(decision_reasons -> decisions (decision));
diesel::joinable!(placements -> units (unit));
diesel::allow_tables_to_appear_in_same_query!(
    locations,
    units,
    places,
    occupancies,
    placements,
    proposals,
    proposal_departures
);
diesel::allow_tables_to_appear_in_same_query!(referrals, referral_facts, case_references);
diesel::allow_tables_to_appear_in_same_query!(policies, policy_adoptions);
diesel::allow_tables_to_appear_in_same_query!(match_results, match_documents);
diesel::allow_tables_to_appear_in_same_query!(assessments, assessment_reasons);
diesel::allow_tables_to_appear_in_same_query!(decisions, decision_reasons);

diesel::table! {
    kept_answers (key) {
        key -> Text,
        body -> Text,
        answer -> Text,
        kept_at -> Timestamptz,
    }
}
