-- With the facts that a search for a principal may also ask for, so that it reads only the rows that it returns.

DROP INDEX certificates_by_principal;
CREATE INDEX certificates_by_principal ON certificates (principal, issued_at, id, authority_id, profile);
