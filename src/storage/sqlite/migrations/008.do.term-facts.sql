-- What a search by name or word reads without the certificate.
-- A new table: SQLite would read the whole old one for each new column.

CREATE TABLE new_certificate_terms (
  term TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  certificate_id TEXT NOT NULL,
  -- That of the certificate.
  not_after INTEGER,
  -- Digests of principal, profile and authority (src/storage/sql/fact-marks.ts). Null for what was stored before.
  facts INTEGER,
  PRIMARY KEY (term, issued_at, certificate_id)
) STRICT, WITHOUT ROWID;

INSERT INTO new_certificate_terms (term, issued_at, certificate_id, not_after)
  SELECT t.term, t.issued_at, t.certificate_id, c.not_after
  FROM certificate_terms t CROSS JOIN certificates c ON c.id = t.certificate_id
  ORDER BY t.term, t.issued_at, t.certificate_id;

DROP TABLE certificate_terms;
ALTER TABLE new_certificate_terms RENAME TO certificate_terms;
