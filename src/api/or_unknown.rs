//! A value that may also be the word "unknown": the wire form of the three-valued reading.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, Type};
use utoipa::{__dev::ComposeSchema, ToSchema};

use crate::domain::fact::{Fact, Source};

/// A value, or the word `"unknown"`: asked, and not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrUnknown<T> {
    /// The value.
    Value(T),
    /// Asked, and not known.
    Unknown,
}

impl<T> OrUnknown<T> {
    /// The fact that was stated by `source` at `at`.
    pub fn stated(self, source: Source, at: DateTime<Utc>) -> Fact<T> {
        match self {
            Self::Value(value) => Fact::stated(value, source, at),
            Self::Unknown => Fact::asked(source, at),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for OrUnknown<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value == "unknown" {
            return Ok(Self::Unknown);
        }
        // The text of the error is never shown; the contract is held against the body before this.
        serde_json::from_value(value).map(Self::Value).map_err(|_| serde::de::Error::custom("unreadable value"))
    }
}

/// In the contract: the schema of the value, or the word. utoipa keeps the trait behind its own derive in `__dev`.
impl<T: ComposeSchema> ComposeSchema for OrUnknown<T> {
    fn compose(generics: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let value = generics.into_iter().next().unwrap_or_else(|| T::compose(Vec::new()));
        let unknown = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["unknown"]));
        OneOfBuilder::new().item(value).item(unknown).into()
    }
}

impl<T: ComposeSchema + ToSchema> ToSchema for OrUnknown<T> {
    fn name() -> Cow<'static, str> {
        format!("{}OrUnknown", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

/// A day, in the contract: of a date that is the argument of a type utoipa forgets the format.
#[derive(Clone, Copy, Debug)]
pub struct Day;

impl ComposeSchema for Day {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Date);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}

impl ToSchema for Day {
    fn name() -> Cow<'static, str> {
        "Day".into()
    }
}
