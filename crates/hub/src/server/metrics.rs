//! What the hub counts, for Prometheus.

use std::fmt;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use sync::wire::ProblemKind;

/// The counters and the registry that writes them out.
pub(super) struct Metrics {
    registry: Registry,
    /// Pushes that were acknowledged.
    pub pushes: Counter,
    /// Entries in acknowledged pushes, repeated ones too.
    pub entries: Counter,
    /// Pages of the feed that were read.
    pub feed_pages: Counter,
    /// Snapshots that were loaded.
    pub snapshots: Counter,
    /// Terminals that joined.
    pub enrolments: Counter,
    /// How long ingesting took.
    pub ingest_seconds: Histogram,
    refusals: Family<Vec<(&'static str, String)>, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("tillbridge_hub");
        let mut counter = |name: &str, help: &str| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        };
        let pushes = counter("pushes", "Pushes that were acknowledged");
        let entries = counter("entries", "Entries in acknowledged pushes, repeated ones too");
        let feed_pages = counter("feed_pages", "Pages of the feed that were read");
        let snapshots = counter("snapshots", "Snapshots that were loaded");
        let enrolments = counter("enrolments", "Terminals that joined a store");
        let ingest_seconds = Histogram::new(exponential_buckets(0.001, 2.0, 14));
        registry.register("ingest_seconds", "How long ingesting a push took", ingest_seconds.clone());
        let refusals = Family::default();
        registry.register("refusals", "Refused requests by kind", refusals.clone());
        Self { registry, pushes, entries, feed_pages, snapshots, enrolments, ingest_seconds, refusals }
    }
}

impl Metrics {
    /// A request was refused.
    pub(super) fn refused(&self, kind: ProblemKind) {
        let name = serde_json::to_value(kind).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
        self.refusals.get_or_create(&vec![("kind", name)]).inc();
    }

    /// Everything in the text form of OpenMetrics.
    pub(super) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
