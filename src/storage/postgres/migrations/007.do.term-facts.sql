-- What a search by name or word reads without the certificate.

-- The time of expiry, and digests of principal, profile and authority (src/storage/sql/fact-marks.ts).
-- Null for what an older version stores.
ALTER TABLE certificate_terms ADD COLUMN not_after BIGINT;
ALTER TABLE certificate_terms ADD COLUMN facts BIGINT;

-- A primary key cannot include other columns in every database that is compatible with PostgreSQL.
CREATE INDEX certificate_terms_facts
  ON certificate_terms (term, issued_at, certificate_id) INCLUDE (not_after, facts);
