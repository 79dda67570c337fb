/**
 * Values of the examples in the OpenAPI document: replies to one caller. Certificates, requests and keys are kilobytes
 * long, so an ellipsis replaces all but their start.
 */
export const EXAMPLE = Object.freeze({
  subject: '/CN=example.com/O=Example Org/C=US',
  san: ['DNS:www.example.com', 'DNS:example.com'],
  certificate: 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSVdJekNDQ1NDZ0F3SUJBZ0lVV2Jib2ZhRURu…',
  csr: 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJVk16Q0NDREFDQVFBd09URVVN…',
  privateKey: 'LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1EUUNBUUF3Q3dZSllJWklBV1VEQkFNU0JDS0FJ…',
  publicKey: 'LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KTUlJSHNqQUxCZ2xnaGtnQlpRTUVBeElEZ2dlaEFC…',
  classicalCertificate: 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUNIVENDQWNTZ0F3SUJBZ0lVRWN3NUtoYzBJ…',
  classicalPrivateKey: 'LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JR0hBZ0VBTUJNR0J5cUdTTTQ5QWdFR0NDcUdT…',
  classicalPublicKey: 'LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KTUZrd0V3WUhLb1pJemowQ0FRWUlLb1pJemowREFR…',
});

export const CERTIFICATE_DESCRIPTION = Object.freeze({
  version: 3,
  serial_number: '59B6E87DA1039DA02194B5BEFF73CD9EA17B4599',
  subject: '/CN=example.com/O=Example Org/C=US',
  issuer: '/CN=example.com/O=Example Org/C=US',
  not_before: '2026-11-24T11:55:30Z',
  not_after: '2027-11-24T11:55:30Z',
  self_issued: true,
  signature_valid: true,
  signature_algorithm: 'ML-DSA-65',
  public_key: {
    algorithm: 'ml-dsa-65',
    sha256_fingerprint:
      '19:B1:0E:39:CE:00:6E:B7:B8:A0:D4:AA:46:BC:A5:72:D5:DF:3C:27:14:D4:55:30:04:BB:C9:72:34:1D:68:63',
    size: 1974,
  },
  is_ca: false,
  san: ['DNS:www.example.com', 'DNS:example.com'],
  extensions: [
    { oid: '2.5.29.19', name: 'basicConstraints', critical: true, value: ['CA:FALSE'] },
    { oid: '2.5.29.15', name: 'keyUsage', critical: true, value: ['digitalSignature'] },
    { oid: '2.5.29.37', name: 'extendedKeyUsage', critical: false, value: ['serverAuth', 'clientAuth'] },
    {
      oid: '2.5.29.14',
      name: 'subjectKeyIdentifier',
      critical: false,
      value: ['2E:38:EB:5D:31:4B:9A:FD:09:FA:20:95:C5:00:56:D5:95:1A:C3:63'],
    },
    {
      oid: '2.5.29.35',
      name: 'authorityKeyIdentifier',
      critical: false,
      value: ['2E:38:EB:5D:31:4B:9A:FD:09:FA:20:95:C5:00:56:D5:95:1A:C3:63'],
    },
    {
      oid: '2.5.29.17',
      name: 'subjectAltName',
      critical: false,
      value: ['DNS:www.example.com', 'DNS:example.com'],
    },
  ],
  fingerprints: {
    sha1: 'EF:C0:3D:DA:5D:59:65:D5:DB:E2:DD:8B:02:FC:AE:C9:56:58:22:EF',
    sha256: 'DA:06:4A:D3:92:BB:2E:3B:B0:94:D5:8D:3D:C7:7F:A6:03:7C:FD:D4:80:14:1A:5B:10:13:A2:5F:58:F5:5D:2F',
  },
  sizes: { certificate: 5671, pem: 7737, public_key: 1952, signature: 3309 },
  key_usage: ['digitalSignature'],
  extended_key_usage: ['serverAuth', 'clientAuth'],
  subject_key_identifier: '2E:38:EB:5D:31:4B:9A:FD:09:FA:20:95:C5:00:56:D5:95:1A:C3:63',
  authority_key_identifier: '2E:38:EB:5D:31:4B:9A:FD:09:FA:20:95:C5:00:56:D5:95:1A:C3:63',
});

/** Members of a certificate that a preview does not have. */
const UNKNOWN_BEFORE: ReadonlySet<string> = new Set([
  'serial_number',
  'signature_valid',
  'fingerprints',
  'subject_key_identifier',
  'authority_key_identifier',
]);

/** The certificate above before it is issued. */
export const CERTIFICATE_PREVIEW = Object.freeze(preview());

function preview() {
  const known = Object.entries(CERTIFICATE_DESCRIPTION).filter(([name]) => !UNKNOWN_BEFORE.has(name));
  return {
    ...Object.fromEntries(known),
    public_key: { algorithm: 'ml-dsa-65', size: 1974 },
    extensions: CERTIFICATE_DESCRIPTION.extensions.map((extension) =>
      extension.name.endsWith('KeyIdentifier') ? { ...extension, value: [] } : extension,
    ),
    findings: [],
  };
}

export const CSR_DESCRIPTION = Object.freeze({
  version: 1,
  subject: '/CN=example.com/O=Example Org/C=US',
  signature_valid: true,
  signature_algorithm: 'ML-DSA-65',
  public_key: {
    algorithm: 'ml-dsa-65',
    sha256_fingerprint:
      'B9:00:1E:0A:73:88:9E:6F:E7:E6:68:D5:CE:69:CB:26:0B:05:00:47:F0:12:50:8B:26:E9:78:29:BE:83:C8:22',
    size: 1974,
  },
  is_ca: false,
  san: ['DNS:www.example.com', 'DNS:example.com'],
  attributes: ['extensionRequest'],
  requested_extensions: [
    {
      oid: '2.5.29.17',
      name: 'subjectAltName',
      critical: false,
      value: ['DNS:www.example.com', 'DNS:example.com'],
    },
  ],
  fingerprints: {
    sha1: 'DD:05:B6:A8:E2:FA:FF:E3:A7:98:94:58:EB:4B:A8:49:F4:D0:18:78',
    sha256: '7C:C0:D5:D6:44:B4:A3:82:56:1A:D4:C8:FD:6D:AA:1C:D1:3A:C4:44:75:C1:57:0E:5B:CD:C5:DB:7C:B2:2E:BD',
  },
  sizes: { csr: 5431, pem: 7428, public_key: 1952, signature: 3309 },
});
