-- Revocation, published CRLs, and leases of what one of several replicas does.

-- The entries of CRLs. A hold that ends is deleted.
CREATE TABLE revocations (
  -- That of the reservation: a serial number without a certificate can be revoked too.
  id TEXT PRIMARY KEY,
  authority_id TEXT NOT NULL,
  authority_key_id TEXT NOT NULL,
  serial BLOB NOT NULL,
  reason INTEGER NOT NULL CHECK (reason BETWEEN 0 AND 10 AND reason NOT IN (7, 8)),
  revoked_at INTEGER NOT NULL,
  invalidity_date INTEGER,
  not_after INTEGER,
  principal TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT;

CREATE INDEX revocations_of_key ON revocations (authority_key_id, serial);

-- Each revocation, hold and release adds 1, in its transaction.
CREATE TABLE revocation_revisions (
  authority_key_id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE crls (
  authority_key_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  number INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  this_update INTEGER NOT NULL,
  next_update INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  der BLOB NOT NULL,
  PRIMARY KEY (authority_key_id, scope)
) STRICT;

CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
