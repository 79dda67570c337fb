export const EXAMPLE_REVOCATION = Object.freeze({
  id: '3f0c2a54-8a1c-4c93-9b61-0d6a5a1f7c10',
  authority_id: '5d0b4f0e-7a5b-4f1e-9d3a-2f6c1b0a9e77',
  authority_key_id: '0f6a1f53-5a3e-4f3b-8f43-6f0f5f4c2d11',
  serial_number: '0A1B2C3D4E5F60718293A4B5C6D7E8F901020304',
  status: 'revoked',
  reason: 'keyCompromise',
  revoked_at: '2027-01-31T08:00:00Z',
  not_after: '2028-01-01T12:00:00Z',
  disabled_authorities: [],
  authorities_below: [],
});
