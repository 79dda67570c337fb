-- Webhooks that no receiver has yet. One that was delivered is deleted.

CREATE TABLE webhooks (
  id TEXT COLLATE "C" PRIMARY KEY,
  event_id TEXT NOT NULL,
  destination TEXT COLLATE "C" NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'dead')),
  attempts BIGINT NOT NULL,
  -- For a message that a process has: the end of its lease.
  next_attempt_at BIGINT NOT NULL,
  fault TEXT
);

CREATE INDEX due_webhooks ON webhooks (destination, next_attempt_at, id) WHERE state = 'pending';
CREATE INDEX dead_webhooks ON webhooks (id) WHERE state = 'dead';

-- Up to where a search for events came.
CREATE TABLE webhook_marks (
  name TEXT COLLATE "C" PRIMARY KEY,
  place TEXT NOT NULL
);
