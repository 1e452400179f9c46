"""What is measured, for `/metrics` (Prometheus text)."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Histogram(
    "portal_request_seconds", "Time of a request", ["method", "view", "status"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)  # fmt: skip
SHED = Counter("portal_requests_shed_total", "Requests refused because too many were there at once")
OUTBOX = Gauge("portal_outbox_messages", "Messages in the outbox by state", ["state"])
OLDEST_UNSENT = Gauge("portal_outbox_oldest_seconds", "Age of the oldest message that is not through")
INBOUND = Gauge("portal_inbound_messages", "Answers by state", ["state"])
CONFLICTS = Gauge("portal_inbound_conflicts", "Answers that came again under their id with other content")
TO_READ = Gauge("portal_answers_to_read", "Answers with a code that is not known, which no person has read yet")
OLDEST_OPEN = Gauge("portal_oldest_waiting_seconds", "Age of the oldest filing without any answer")
