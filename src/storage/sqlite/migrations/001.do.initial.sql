-- Times are milliseconds since 1970-01-01 in UTC. Documents are canonical JSON (RFC 8785).

CREATE TABLE authorities (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  folded_name TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL CHECK (status IN ('pending', 'enabled', 'disabled')),
  parent_id TEXT REFERENCES authorities (id),
  settings TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revision INTEGER NOT NULL
) STRICT;

-- A private key is here in sealed form only.
CREATE TABLE authority_keys (
  id TEXT PRIMARY KEY,
  authority_id TEXT NOT NULL REFERENCES authorities (id),
  generation INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'retired')),
  algorithm TEXT NOT NULL,
  public_key BLOB NOT NULL,
  sealed BLOB,
  key_reference TEXT,
  csr BLOB,
  certificate BLOB CHECK (certificate IS NOT NULL OR state = 'pending'),
  chain TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (authority_id, generation)
) STRICT;

CREATE UNIQUE INDEX one_active_key ON authority_keys (authority_id) WHERE state = 'active';

CREATE TABLE profile_versions (
  folded_name TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  document TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (folded_name, version)
) STRICT;

-- Every serial number that was ever drawn, whatever became of it.
CREATE TABLE reservations (
  id TEXT PRIMARY KEY,
  authority_id TEXT NOT NULL,
  authority_key_id TEXT NOT NULL,
  serial BLOB NOT NULL UNIQUE,
  tbs_digest BLOB,
  principal TEXT NOT NULL,
  profile TEXT NOT NULL,
  profile_version INTEGER NOT NULL,
  requested_at INTEGER NOT NULL,
  idempotent INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'completed', 'abandoned')),
  closed_at INTEGER,
  reason TEXT
) STRICT;

CREATE INDEX open_reservations ON reservations (requested_at, id) WHERE state = 'open';

CREATE TABLE idempotency_keys (
  principal TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  route TEXT NOT NULL,
  request_digest BLOB NOT NULL,
  reservation_id TEXT,
  result TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (principal, idempotency_key, route)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_by_reservation ON idempotency_keys (reservation_id);
CREATE INDEX idempotency_by_time ON idempotency_keys (created_at);

CREATE TABLE certificates (
  id TEXT PRIMARY KEY,
  authority_id TEXT NOT NULL,
  authority_key_id TEXT NOT NULL,
  -- Its reservation makes it unique, and finds it.
  serial BLOB NOT NULL,
  sha256 BLOB NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  names TEXT NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  profile TEXT NOT NULL,
  profile_version INTEGER NOT NULL,
  key_id BLOB NOT NULL,
  key_algorithm TEXT NOT NULL,
  is_authority INTEGER NOT NULL,
  principal TEXT NOT NULL,
  revoked_at INTEGER,
  revocation_reason INTEGER
) STRICT;

CREATE INDEX certificates_in_order ON certificates (issued_at, id);
CREATE INDEX certificates_by_authority ON certificates (authority_id, issued_at, id);
CREATE INDEX certificates_by_profile ON certificates (profile, issued_at, id);
CREATE INDEX certificates_by_principal ON certificates (principal, issued_at, id);
CREATE INDEX certificates_by_key ON certificates (key_id);
CREATE INDEX certificates_by_expiry ON certificates (not_after);
CREATE INDEX revoked_certificates ON certificates (issued_at, id) WHERE revoked_at IS NOT NULL;

-- Apart from the facts, which a search then reads from fewer pages.
CREATE TABLE certificate_bodies (
  certificate_id TEXT PRIMARY KEY,
  der BLOB NOT NULL
) STRICT;

-- s:WORD is a word of the subject, n:NAME an alternative name or a suffix of one.
CREATE TABLE certificate_terms (
  term TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  certificate_id TEXT NOT NULL,
  PRIMARY KEY (term, issued_at, certificate_id)
) STRICT, WITHOUT ROWID;

-- Append-only. hash is SHA-256 of previous_hash and of the canonical JSON of the record.
CREATE TABLE audit_records (
  sequence INTEGER PRIMARY KEY,
  occurred_at INTEGER NOT NULL,
  action TEXT NOT NULL,
  outcome TEXT NOT NULL,
  principal TEXT NOT NULL,
  details TEXT NOT NULL,
  previous_hash BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;

CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sequence INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;

INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, zeroblob(32));

CREATE TABLE audit_checkpoints (
  sequence INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  statement BLOB NOT NULL
) STRICT;

-- The readiness check writes here, to prove that a commit reaches the disk.
CREATE TABLE store_probe (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  written_at INTEGER NOT NULL,
  content BLOB
) STRICT;

INSERT INTO store_probe (id, written_at) VALUES (1, 0);
