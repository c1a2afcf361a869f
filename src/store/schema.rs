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
