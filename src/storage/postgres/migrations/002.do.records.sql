-- What the search of the audit chain and of expiring certificates needs, and keys of the service itself.

-- Computed from the details, which the hash protects.
ALTER TABLE audit_records ADD COLUMN authority TEXT COLLATE "C"
  GENERATED ALWAYS AS (details::jsonb ->> 'authority') STORED;

CREATE INDEX audit_in_order ON audit_records (occurred_at, sequence);
-- Nearly all records are of a certificate that was issued: only the others are searched by this.
CREATE INDEX audit_by_action ON audit_records (action, occurred_at, sequence) WHERE action <> 'certificate/issue';
CREATE INDEX audit_of_failures ON audit_records (outcome, occurred_at, sequence) WHERE outcome <> 'success';
CREATE INDEX audit_by_principal ON audit_records (principal, occurred_at, sequence);
CREATE INDEX audit_by_authority ON audit_records (authority, occurred_at, sequence) WHERE authority IS NOT NULL;

-- In the order of a search for what expires first.
DROP INDEX certificates_by_expiry;
CREATE INDEX certificates_by_expiry ON certificates (not_after, id);
CREATE INDEX certificates_of_principal_by_expiry ON certificates (principal, not_after, id);

-- A private key is here in sealed form only.
CREATE TABLE service_keys (
  id TEXT COLLATE "C" PRIMARY KEY,
  purpose TEXT NOT NULL UNIQUE,
  algorithm TEXT NOT NULL,
  public_key BYTEA NOT NULL,
  sealed BYTEA,
  key_reference TEXT,
  created_at BIGINT NOT NULL
);
