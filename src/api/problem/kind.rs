//! The catalogue of problem types: what can go wrong, with its status and its words in both languages.

use actix_web::http::StatusCode;

use crate::api::language::Text;

/// A type of problem; its page stands under `/problems/{slug}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Parameters or body break the schema or do not make sense.
    InvalidInput,
    /// The body is no JSON.
    MalformedJson,
    /// A key stands twice in one JSON object.
    DuplicateKey,
    /// A query key that the operation does not know.
    UnknownParameter,
    /// An act without a key that tells it from others.
    IdempotencyKeyMissing,
    /// No token.
    TokenMissing,
    /// A token that is not accepted; one text for every cause.
    TokenInvalid,
    /// The role may not do this.
    OperationNotAllowed,
    /// The token does not reach as far as the role.
    InsufficientScope,
    /// The stated purpose does not fit the role.
    PurposeNotAllowed,
    /// Somebody else has to do this step.
    SecondPersonRequired,
    /// Nothing there, or nothing that the caller may know of.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// The caller accepts no JSON.
    NotAcceptable,
    /// The request did not arrive in time.
    RequestTimeout,
    /// The body is too large.
    BodyTooLarge,
    /// The address is too long.
    UriTooLong,
    /// The body is of another media type.
    UnsupportedMediaType,
    /// The state does not allow the step.
    StateConflict,
    /// The place went to someone else.
    PlaceTaken,
    /// The hold has lapsed.
    HoldExpired,
    /// The figures are too old.
    CapacityOutdated,
    /// No consent, or no other ground.
    GroundMissing,
    /// The same request is being worked on.
    RequestInProgress,
    /// The key came with another request before.
    IdempotencyKeyReused,
    /// The caller asks more than is good for the others.
    TooManyRequests,
    /// Something broke in the service.
    InternalError,
    /// The service cannot work for now.
    TemporarilyUnavailable,
    /// Nothing can be recorded, so nothing is shown or done.
    AuditUnavailable,
}

impl Kind {
    /// Every type, in the order of their status.
    pub const ALL: [Self; 29] = [
        Self::InvalidInput,
        Self::MalformedJson,
        Self::DuplicateKey,
        Self::UnknownParameter,
        Self::IdempotencyKeyMissing,
        Self::TokenMissing,
        Self::TokenInvalid,
        Self::OperationNotAllowed,
        Self::InsufficientScope,
        Self::PurposeNotAllowed,
        Self::SecondPersonRequired,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::RequestTimeout,
        Self::BodyTooLarge,
        Self::UriTooLong,
        Self::UnsupportedMediaType,
        Self::StateConflict,
        Self::PlaceTaken,
        Self::HoldExpired,
        Self::CapacityOutdated,
        Self::GroundMissing,
        Self::RequestInProgress,
        Self::IdempotencyKeyReused,
        Self::TooManyRequests,
        Self::InternalError,
        Self::TemporarilyUnavailable,
        Self::AuditUnavailable,
    ];

    /// The last part of the type's address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid-input",
            Self::MalformedJson => "malformed-json",
            Self::DuplicateKey => "duplicate-key",
            Self::UnknownParameter => "unknown-parameter",
            Self::IdempotencyKeyMissing => "idempotency-key-missing",
            Self::TokenMissing => "token-missing",
            Self::TokenInvalid => "token-invalid",
            Self::OperationNotAllowed => "operation-not-allowed",
            Self::InsufficientScope => "insufficient-scope",
            Self::PurposeNotAllowed => "purpose-not-allowed",
            Self::SecondPersonRequired => "second-person-required",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::NotAcceptable => "not-acceptable",
            Self::RequestTimeout => "request-timeout",
            Self::BodyTooLarge => "body-too-large",
            Self::UriTooLong => "uri-too-long",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::StateConflict => "state-conflict",
            Self::PlaceTaken => "place-taken",
            Self::HoldExpired => "hold-expired",
            Self::CapacityOutdated => "capacity-outdated",
            Self::GroundMissing => "ground-missing",
            Self::RequestInProgress => "request-in-progress",
            Self::IdempotencyKeyReused => "idempotency-key-reused",
            Self::TooManyRequests => "too-many-requests",
            Self::InternalError => "internal-error",
            Self::TemporarilyUnavailable => "temporarily-unavailable",
            Self::AuditUnavailable => "audit-unavailable",
        }
    }

    /// The type with this slug.
    pub fn of_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::InvalidInput
            | Self::MalformedJson
            | Self::DuplicateKey
            | Self::UnknownParameter
            | Self::IdempotencyKeyMissing => StatusCode::BAD_REQUEST,
            Self::TokenMissing | Self::TokenInvalid => StatusCode::UNAUTHORIZED,
            Self::OperationNotAllowed
            | Self::InsufficientScope
            | Self::PurposeNotAllowed
            | Self::SecondPersonRequired => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::StateConflict
            | Self::PlaceTaken
            | Self::HoldExpired
            | Self::CapacityOutdated
            | Self::GroundMissing
            | Self::RequestInProgress => StatusCode::CONFLICT,
            Self::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::TemporarilyUnavailable | Self::AuditUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// A short title, the same for every problem of the type.
    pub fn title(self) -> Text {
        let (nl, en) = match self {
            Self::InvalidInput => ("De invoer klopt niet", "The input is not valid"),
            Self::MalformedJson => ("Dit is geen geldige JSON", "This is not valid JSON"),
            Self::DuplicateKey => ("Een sleutel staat er dubbel in", "A key stands there twice"),
            Self::UnknownParameter => ("Onbekende parameter", "Unknown parameter"),
            Self::IdempotencyKeyMissing => {
                ("De header Idempotency-Key ontbreekt", "The header Idempotency-Key is missing")
            }
            Self::TokenMissing => ("Er is geen token meegestuurd", "No token was sent"),
            Self::TokenInvalid => ("Het token wordt niet aanvaard", "The token is not accepted"),
            Self::OperationNotAllowed => ("Dit mag in deze rol niet", "Not allowed in this role"),
            Self::InsufficientScope => ("Het token reikt niet ver genoeg", "The token does not reach far enough"),
            Self::PurposeNotAllowed => ("Dit doel past niet bij deze rol", "This purpose does not fit this role"),
            Self::SecondPersonRequired => ("Hier is een tweede persoon voor nodig", "A second person is needed"),
            Self::NotFound => ("Niet gevonden", "Not found"),
            Self::MethodNotAllowed => ("Deze methode kan hier niet", "This method is not possible here"),
            Self::NotAcceptable => ("Alleen JSON kan worden geleverd", "Only JSON can be delivered"),
            Self::RequestTimeout => ("Het verzoek kwam niet op tijd aan", "The request did not arrive in time"),
            Self::BodyTooLarge => ("De inhoud is te groot", "The body is too large"),
            Self::UriTooLong => ("Het adres is te lang", "The address is too long"),
            Self::UnsupportedMediaType => ("Alleen JSON wordt aanvaard", "Only JSON is accepted"),
            Self::StateConflict => ("Dit kan nu niet", "Not possible in the present state"),
            Self::PlaceTaken => ("De plek is niet meer vrij", "The place is no longer free"),
            Self::HoldExpired => ("De reservering is verlopen", "The hold has lapsed"),
            Self::CapacityOutdated => ("De cijfers zijn verouderd", "The figures are out of date"),
            Self::GroundMissing => {
                ("Toestemming of een andere grond ontbreekt", "Consent or another ground is missing")
            }
            Self::RequestInProgress => ("Aan dit verzoek wordt al gewerkt", "This request is being worked on"),
            Self::IdempotencyKeyReused => {
                ("Deze sleutel hoort bij een ander verzoek", "This key belongs to another request")
            }
            Self::TooManyRequests => ("Te veel verzoeken", "Too many requests"),
            Self::InternalError => ("Er ging iets mis bij ons", "Something went wrong on our side"),
            Self::TemporarilyUnavailable => ("Even niet bereikbaar", "Not available for the moment"),
            Self::AuditUnavailable => ("Vastleggen kan nu niet", "Recording is not possible now"),
        };
        Text::fixed(nl, en)
    }

    /// What it means and what to do, where the problem itself does not say more.
    pub fn detail(self) -> Text {
        let (nl, en) = match self {
            Self::InvalidInput | Self::DuplicateKey | Self::UnknownParameter => (
                "Niets is opgeslagen. Elke fout staat apart onder `errors`; herstel ze allemaal en probeer opnieuw.",
                "Nothing was stored. Each fault stands under `errors`; repair them all and try again.",
            ),
            Self::MalformedJson => (
                "De inhoud houdt op JSON te zijn op de plaats die onder `errors` staat.",
                "The body stops being JSON at the position that stands under `errors`.",
            ),
            Self::IdempotencyKeyMissing => KEY_MISSING,
            Self::TokenMissing | Self::TokenInvalid => (
                "Stuur een geldig toegangstoken mee in de header `Authorization: Bearer …`.",
                "Send a valid access token in the header `Authorization: Bearer …`.",
            ),
            Self::OperationNotAllowed => (
                "De rol in het token geeft hier geen recht op. Er is niets gelezen of gewijzigd.",
                "The role in the token gives no right to this. Nothing was read or changed.",
            ),
            Self::InsufficientScope => TOKEN_REACHES_LESS,
            Self::PurposeNotAllowed => (
                "Vraag dit voor een doel dat bij de rol hoort. Er is niets gelezen.",
                "Ask this for a purpose that belongs to the role. Nothing was read.",
            ),
            Self::SecondPersonRequired => (
                "Wie de eerste stap deed, kan deze stap niet ook zelf doen.",
                "The one who took the first step cannot take this one too.",
            ),
            Self::NotFound => {
                ("Op dit adres is voor u niets te vinden.", "There is nothing for you to be found at this address.")
            }
            Self::MethodNotAllowed => (
                "Welke methoden hier wel kunnen, staat in de header `Allow`.",
                "The header `Allow` says which methods are possible here.",
            ),
            Self::NotAcceptable => (
                "Vraag om `application/json` in de header `Accept`.",
                "Ask for `application/json` in the header `Accept`.",
            ),
            Self::RequestTimeout => LATE,
            Self::UriTooLong => LONG,
            Self::BodyTooLarge => ("Een aanvraag is ten hoogste 256 KiB groot.", "A request holds at most 256 KiB."),
            Self::UnsupportedMediaType => {
                ("Stuur de inhoud als `application/json` in UTF-8.", "Send the body as `application/json` in UTF-8.")
            }
            Self::StateConflict | Self::PlaceTaken | Self::HoldExpired | Self::CapacityOutdated => (
                "Er is niets gewijzigd. Haal de huidige stand op en kijk opnieuw.",
                "Nothing was changed. Fetch the present state and look again.",
            ),
            Self::GroundMissing => (
                "Zonder geldige toestemming of een andere grond bereikt niets een opvanglocatie.",
                "Without valid consent or another ground nothing reaches a shelter.",
            ),
            Self::RequestInProgress => IN_PROGRESS,
            Self::IdempotencyKeyReused => KEY_REUSED,
            Self::TooManyRequests => TOO_MANY,
            Self::InternalError => {
                ("Geef bij navraag het kenmerk onder `traceId` door.", "When you ask about it, quote the `traceId`.")
            }
            Self::TemporarilyUnavailable => {
                ("Er is niets gewijzigd. Probeer het straks opnieuw.", "Nothing was changed. Try again in a while.")
            }
            Self::AuditUnavailable => (
                "Wat niet kan worden vastgelegd, wordt niet getoond en niet gedaan. Probeer het straks opnieuw.",
                "What cannot be recorded is not shown and not done. Try again in a while.",
            ),
        };
        Text::fixed(nl, en)
    }
}

/// In Dutch and English: what the key is for.
const KEY_MISSING: (&str, &str) = (
    "Geef elke handeling een eigen UUID mee in de header `Idempotency-Key`. Herhaal bij twijfel met dezelfde: de handeling \
     gebeurt dan hooguit één keer. Er is niets gewijzigd.",
    "Give each act a UUID of its own in the header `Idempotency-Key`. When in doubt repeat with the same one: the act then \
     happens once at most. Nothing was changed.",
);

/// In Dutch and English: wait, and ask again.
const IN_PROGRESS: (&str, &str) = (
    "Een eerder verzoek met deze sleutel is nog niet klaar. Herhaal het over een seconde met dezelfde sleutel.",
    "An earlier request under this key is not finished. Repeat it in a second, under the same key.",
);

/// In Dutch and English: a key is for one act.
const KEY_REUSED: (&str, &str) = (
    "Onder deze sleutel is al iets anders gevraagd. Neem een nieuwe sleutel voor een nieuwe handeling. Er is niets gewijzigd.",
    "Something else was asked under this key. Take a new key for a new act. Nothing was changed.",
);

/// In Dutch and English: the role may, the token may not.
const TOKEN_REACHES_LESS: (&str, &str) = (
    "De rol mag dit, maar in het token ontbreekt wat ervoor nodig is. Er is niets gelezen of gewijzigd.",
    "The role may do this, but the token lacks what it takes. Nothing was read or changed.",
);

/// In Dutch and English: the body took too long.
const LATE: (&str, &str) = (
    "De inhoud kwam te langzaam binnen. Er is niets gewijzigd. Probeer het opnieuw.",
    "The body came in too slowly. Nothing was changed. Try again.",
);

/// In Dutch and English: addresses are short here.
const LONG: (&str, &str) = (
    "Adressen zijn hier kort: een pad met een id en een paar parameters.",
    "Addresses are short here: a path with an id and a few parameters.",
);

/// In Dutch and English: wait.
const TOO_MANY: (&str, &str) = (
    "Er is niets gelezen of gewijzigd. Wacht zo veel seconden als de header `Retry-After` zegt.",
    "Nothing was read or changed. Wait as many seconds as the header `Retry-After` says.",
);
