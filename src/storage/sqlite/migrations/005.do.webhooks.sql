-- Webhooks that no receiver has yet. One that was delivered is deleted.

CREATE TABLE webhooks (
  id TEXT PRIMARY KEY,
  event_id TEXT NOT NULL,
  destination TEXT NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'dead')),
  attempts INTEGER NOT NULL,
  -- For a message that a process has: the end of its lease.
  next_attempt_at INTEGER NOT NULL,
  fault TEXT
) STRICT;

CREATE INDEX due_webhooks ON webhooks (destination, next_attempt_at, id) WHERE state = 'pending';
CREATE INDEX dead_webhooks ON webhooks (id) WHERE state = 'dead';

-- Up to where a search for events came.
CREATE TABLE webhook_marks (
  name TEXT PRIMARY KEY,
  place TEXT NOT NULL
) STRICT;
