-- What a search by name or word reads without the certificate.

-- The time of expiry, and digests of principal, profile and authority (src/storage/sql/fact-marks.ts).
-- Null for what an older version stores.
ALTER TABLE certificate_terms ADD COLUMN not_after BIGINT;
ALTER TABLE certificate_terms ADD COLUMN facts BIGINT;

ALTER TABLE certificate_terms DROP CONSTRAINT certificate_terms_pkey;
ALTER TABLE certificate_terms
  ADD CONSTRAINT certificate_terms_pkey PRIMARY KEY (term, issued_at, certificate_id) INCLUDE (not_after, facts);
