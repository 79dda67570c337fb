-- The terms of a certificate are written after it, together with those of other certificates.

-- All certificates up to this row have their terms. Rows are never deleted, so a new one always has a greater number.
CREATE TABLE term_mark (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  place INTEGER NOT NULL
) STRICT;

INSERT INTO term_mark (id, place) SELECT 1, coalesce(max(rowid), 0) FROM certificates;
