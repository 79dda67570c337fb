-- Times are milliseconds since 1970-01-01 in UTC. Documents are canonical JSON (RFC 8785).

CREATE TABLE authorities (
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT NOT NULL,
  folded_name TEXT COLLATE "C" NOT NULL UNIQUE,
  status TEXT NOT NULL CHECK (status IN ('pending', 'enabled', 'disabled')),
  parent_id TEXT REFERENCES authorities (id),
  settings TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL
);

-- A private key is here in sealed form only.
CREATE TABLE authority_keys (
  id TEXT COLLATE "C" PRIMARY KEY,
  authority_id TEXT NOT NULL REFERENCES authorities (id),
  generation BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'retired')),
  algorithm TEXT NOT NULL,
  public_key BYTEA NOT NULL,
  sealed BYTEA,
  key_reference TEXT,
  csr BYTEA,
  certificate BYTEA CHECK (certificate IS NOT NULL OR state = 'pending'),
  chain TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (authority_id, generation)
);

CREATE UNIQUE INDEX one_active_key ON authority_keys (authority_id) WHERE state = 'active';

CREATE TABLE profile_versions (
  folded_name TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  document TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (folded_name, version)
);

-- Every serial number that was ever drawn, whatever became of it.
CREATE TABLE reservations (
  id TEXT COLLATE "C" PRIMARY KEY,
  authority_id TEXT NOT NULL,
  authority_key_id TEXT NOT NULL,
  serial BYTEA NOT NULL UNIQUE,
  tbs_digest BYTEA,
  principal TEXT NOT NULL,
  profile TEXT NOT NULL,
  profile_version BIGINT NOT NULL,
  requested_at BIGINT NOT NULL,
  idempotent BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'completed', 'abandoned')),
  closed_at BIGINT,
  reason TEXT
);

CREATE INDEX open_reservations ON reservations (requested_at, id) WHERE state = 'open';

CREATE TABLE idempotency_keys (
  principal TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  route TEXT NOT NULL,
  request_digest BYTEA NOT NULL,
  reservation_id TEXT,
  result TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (principal, idempotency_key, route)
);

CREATE INDEX idempotency_by_reservation ON idempotency_keys (reservation_id);
CREATE INDEX idempotency_by_time ON idempotency_keys (created_at);

CREATE TABLE certificates (
  id TEXT COLLATE "C" PRIMARY KEY,
  authority_id TEXT NOT NULL,
  authority_key_id TEXT NOT NULL,
  -- Its reservation makes it unique, and finds it.
  serial BYTEA NOT NULL,
  sha256 BYTEA NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  names TEXT NOT NULL,
  not_before BIGINT NOT NULL,
  not_after BIGINT NOT NULL,
  issued_at BIGINT NOT NULL,
  profile TEXT NOT NULL,
  profile_version BIGINT NOT NULL,
  key_id BYTEA NOT NULL,
  key_algorithm TEXT NOT NULL,
  is_authority BIGINT NOT NULL,
  principal TEXT NOT NULL,
  revoked_at BIGINT,
  revocation_reason BIGINT
);

CREATE INDEX certificates_in_order ON certificates (issued_at, id);
CREATE INDEX certificates_by_authority ON certificates (authority_id, issued_at, id);
CREATE INDEX certificates_by_profile ON certificates (profile, issued_at, id);
CREATE INDEX certificates_by_principal ON certificates (principal, issued_at, id);
CREATE INDEX certificates_by_key ON certificates (key_id);
CREATE INDEX certificates_by_expiry ON certificates (not_after);
CREATE INDEX revoked_certificates ON certificates (issued_at, id) WHERE revoked_at IS NOT NULL;

-- Apart from the facts, which a search then reads from fewer pages.
CREATE TABLE certificate_bodies (
  certificate_id TEXT COLLATE "C" PRIMARY KEY,
  der BYTEA NOT NULL
);

-- s:WORD is a word of the subject, n:NAME an alternative name or a suffix of one.
CREATE TABLE certificate_terms (
  term TEXT COLLATE "C" NOT NULL,
  issued_at BIGINT NOT NULL,
  certificate_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (term, issued_at, certificate_id)
);

-- Append-only. hash is SHA-256 of previous_hash and of the canonical JSON of the record.
CREATE TABLE audit_records (
  sequence BIGINT PRIMARY KEY,
  occurred_at BIGINT NOT NULL,
  action TEXT NOT NULL,
  outcome TEXT NOT NULL,
  principal TEXT NOT NULL,
  details TEXT NOT NULL,
  previous_hash BYTEA NOT NULL,
  hash BYTEA NOT NULL
);

CREATE TABLE audit_head (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  sequence BIGINT NOT NULL,
  hash BYTEA NOT NULL
);

INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE TABLE audit_checkpoints (
  sequence BIGINT PRIMARY KEY,
  hash BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  statement BYTEA NOT NULL
);

-- The readiness check writes here, to prove that a commit reaches the disk.
CREATE TABLE store_probe (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  written_at BIGINT NOT NULL,
  content BYTEA
);

INSERT INTO store_probe (id, written_at) VALUES (1, 0);
