-- Fills a migrated, empty database as fill-store.ts does. Used by bench/records.ts.
--   psql -v count=1000000 -v now=MILLISECONDS -v der=HEX -v serial_at=OFFSET -f bench/fill-postgres.sql URL
-- der is the DER of a certificate, serial_at the offset of the 20 octets of its serial number.
-- The facts of terms are those of src/storage/sql/fact-marks.ts.
-- Indexes are built at the end: one row after another takes five times as long.

\set ON_ERROR_STOP on

CREATE TEMPORARY TABLE dropped AS
  SELECT indexdef FROM pg_indexes
  WHERE schemaname = 'public' AND tablename IN ('certificates', 'audit_records') AND indexname NOT LIKE '%key';

SELECT format('DROP INDEX %I', indexname) FROM pg_indexes
  WHERE schemaname = 'public' AND tablename IN ('certificates', 'audit_records') AND indexname NOT LIKE '%key'
\gexec
ALTER TABLE certificate_terms DROP CONSTRAINT certificate_terms_pkey;

CREATE TEMPORARY TABLE numbers AS
  SELECT n,
    (:now - floor((:count - n)::numeric / :count * 400 * 86400000))::bigint AS at,
    format('host-%s.dept-%s.example.com', n, n % 100) AS host,
    'key:' || n % 50 AS principal,
    'authority-' || (ARRAY['one', 'two', 'three'])[n % 3 + 1] AS authority,
    (ARRAY['tls-server', 'tls-client', 'end-entity', 'code-signing'])[n % 4 + 1] AS profile,
    decode('5a' || substr(encode(sha256(('s' || n)::bytea), 'hex'), 1, 38), 'hex') AS serial,
    ''::text AS id
  FROM generate_series(0, :count - 1) AS n;

-- UUIDs of version 7.
UPDATE numbers SET id = format('%s-%s-7%s-8%s-%s', left(time, 8), substr(time, 9), substr(rest, 1, 3),
    substr(rest, 4, 3), substr(rest, 7, 12))
  FROM (SELECT n AS number, lpad(to_hex(at), 12, '0') AS time, md5(n::text) AS rest FROM numbers) AS parts
  WHERE n = number;

INSERT INTO reservations (id, authority_id, authority_key_id, serial, principal, profile, profile_version,
    requested_at, idempotent, state, closed_at)
  SELECT id, authority, authority || '-key', serial, principal, profile, 1, at, 0, 'completed', at
  FROM numbers ORDER BY n;

INSERT INTO certificate_bodies (certificate_id, der)
  SELECT id, overlay(decode(:'der', 'hex') PLACING serial FROM :serial_at + 1) FROM numbers ORDER BY n;

INSERT INTO certificates (id, authority_id, authority_key_id, serial, sha256, subject, names, not_before, not_after,
    issued_at, profile, profile_version, key_id, key_algorithm, is_authority, principal)
  SELECT id, authority, authority || '-key', serial, sha256(der),
    format('CN=%s,OU=Department %s,O=Example Corporation', host, n % 100),
    format('[["dns","%s"],["dns","host-%s"]]', host, n), at,
    at + CASE WHEN n % 2 = 0 THEN 90 ELSE 365 END * 86400000::bigint, at, profile, 1, sha256(n::text::bytea),
    'ml-dsa-65', 0, principal
  FROM numbers JOIN certificate_bodies ON certificate_id = id ORDER BY n;

CREATE FUNCTION pg_temp.digest_of(value text) RETURNS bigint IMMUTABLE LANGUAGE SQL
  AS $$ SELECT ('x' || substr(encode(sha256(value::bytea), 'hex'), 1, 8))::bit(32)::bigint $$;

INSERT INTO certificate_terms (term, issued_at, certificate_id, not_after, facts)
  SELECT term, at, id, at + CASE WHEN n % 2 = 0 THEN 90 ELSE 365 END * 86400000::bigint,
    (pg_temp.digest_of(authority) & 4095) + ((pg_temp.digest_of(profile) & 4095) << 12)
      + ((pg_temp.digest_of(principal) & 16777215) << 24)
  FROM numbers, LATERAL (VALUES
    ('s:' || host), ('s:department'), ('s:' || n % 100), ('s:example'), ('s:corporation'), ('n:' || host),
    (format('n:*.dept-%s.example.com', n % 100)), ('n:*.example.com'), ('n:*.com'), ('n:host-' || n)
  ) AS terms (term);

INSERT INTO audit_records (sequence, occurred_at, action, outcome, principal, details, previous_hash, hash)
  SELECT n + 1, :now - (:count - n) * 1000::bigint, 'certificate/issue', 'success', principal,
    format('{"authority":"%s","names":2,"serial":"%s"}', authority, n), sha256(n::text::bytea),
    sha256((n + 1)::text::bytea)
  FROM numbers ORDER BY n;

ALTER TABLE certificate_terms
  ADD CONSTRAINT certificate_terms_pkey PRIMARY KEY (term, issued_at, certificate_id);
SELECT indexdef FROM dropped \gexec
VACUUM ANALYZE;
