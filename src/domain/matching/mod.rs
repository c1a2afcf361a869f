//! What fits, and why.
