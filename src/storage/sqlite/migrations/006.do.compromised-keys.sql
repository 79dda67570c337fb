-- Keys that others have too.

-- SHA-256 of the SubjectPublicKeyInfo of keys that were revoked with keyCompromise. They are never certified again.
CREATE TABLE compromised_keys (
  key_id BLOB NOT NULL,
  -- Empty for every principal. Who did not prove to have the private key can only bar itself.
  principal TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (key_id, principal)
) STRICT, WITHOUT ROWID;

INSERT INTO compromised_keys (key_id, principal, since)
  SELECT key_id, CASE WHEN v.principal = c.principal THEN c.principal ELSE '' END, min(v.revoked_at)
  FROM certificates c JOIN revocations v ON v.id = c.id
  WHERE c.revoked_at IS NOT NULL AND v.reason IN (1, 2)
  GROUP BY 1, 2;

-- Whether the principal proved that it has the private key: null if that is not known.
ALTER TABLE certificates ADD COLUMN key_proven INTEGER;
