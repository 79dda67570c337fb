-- Revocation, published CRLs, and leases of what one of several replicas does.

-- The entries of CRLs. A hold that ends is deleted.
CREATE TABLE revocations (
  -- That of the reservation: a serial number without a certificate can be revoked too.
  id TEXT COLLATE "C" PRIMARY KEY,
  authority_id TEXT COLLATE "C" NOT NULL,
  authority_key_id TEXT COLLATE "C" NOT NULL,
  serial BYTEA NOT NULL,
  reason BIGINT NOT NULL CHECK (reason BETWEEN 0 AND 10 AND reason NOT IN (7, 8)),
  revoked_at BIGINT NOT NULL,
  invalidity_date BIGINT,
  not_after BIGINT,
  principal TEXT NOT NULL,
  revision BIGINT NOT NULL
);

CREATE INDEX revocations_of_key ON revocations (authority_key_id, serial);

-- Each revocation, hold and release adds 1, in its transaction.
CREATE TABLE revocation_revisions (
  authority_key_id TEXT COLLATE "C" PRIMARY KEY,
  revision BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);

CREATE TABLE crls (
  authority_key_id TEXT COLLATE "C" NOT NULL,
  scope TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  this_update BIGINT NOT NULL,
  next_update BIGINT NOT NULL,
  entries BIGINT NOT NULL,
  sha256 BYTEA NOT NULL,
  der BYTEA NOT NULL,
  PRIMARY KEY (authority_key_id, scope)
);

CREATE TABLE leases (
  name TEXT COLLATE "C" PRIMARY KEY,
  holder TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
