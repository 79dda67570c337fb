/** The closed list of what a part can be, and what its owner can do with it. */

interface Advice {
  /** What it is, as a noun phrase. */
  readonly title: string;
  /** What to do with it: a whole sentence. */
  readonly next: string;
}

/** What this service reads. */
const OURS = {
  certificate: {
    title: 'an X.509 certificate',
    next: 'Show all its fields with POST /api/v1/certificate/inspect, or see what it belongs to with POST /api/v1/keys/match.',
  },
  'certificate-request': {
    title: 'a certificate signing request (PKCS #10)',
    next: 'Show it with POST /api/v1/csr/inspect, or sign it with POST /api/v1/csr/sign.',
  },
  crl: {
    title: 'a certificate revocation list (CRL)',
    next: 'Show its entries with POST /api/v1/crl/inspect.',
  },
  'private-key': {
    title: 'a private key (PKCS #8)',
    next: 'Check it with POST /api/v1/keys/inspect, and find its certificate with POST /api/v1/keys/match.',
  },
  'private-key-pkcs1': {
    title: 'an RSA private key in the format before PKCS #8 (PKCS #1)',
    next: 'This service reads it; convert it for other programs with POST /api/v1/keys/convert.',
  },
  'private-key-sec1': {
    title: 'an EC private key in the format before PKCS #8 (SEC 1)',
    next: 'This service reads it; convert it for other programs with POST /api/v1/keys/convert.',
  },
  'encrypted-private-key': {
    title: 'an encrypted private key (PKCS #8)',
    next: 'Give it with its password to the routes that read a private key, or decrypt it with POST /api/v1/keys/convert.',
  },
  pkcs12: {
    title: 'a PKCS #12 file (.p12, .pfx)',
    next: 'Take out its key with POST /api/v1/keys/convert and its password.',
  },
  jwk: {
    title: 'a JSON Web Key',
    next: 'Convert a private one with POST /api/v1/keys/convert.',
  },
  'public-key': {
    title: 'a public key (SubjectPublicKeyInfo)',
    next: 'Show its key identifiers with POST /api/v1/keys/inspect.',
  },
  pkcs7: {
    title: 'a PKCS #7 or CMS structure',
    next: 'Certificates inside are listed as parts; write them as PEM with "openssl pkcs7 -inform DER -in file.p7b -print_certs".',
  },
} as const satisfies Record<string, Advice>;

/** What PKIX has, but no route of this service reads as it is. */
const RELATED = {
  'encrypted-pem-key': {
    title: 'a private key with the old encryption of PEM (Proc-Type, DEK-Info)',
    next: 'Decrypt it with "openssl pkcs8 -topk8 -nocrypt -in key.pem", which asks for the password.',
  },
  'private-key-dsa': {
    title: 'a DSA private key',
    next: 'DSA is no longer approved for signatures (FIPS 186-5); make a new key with POST /api/v1/keys/generate.',
  },
  'public-key-pkcs1': {
    title: 'an RSA public key without its algorithm (PKCS #1)',
    next: 'Convert it with "openssl rsa -RSAPublicKey_in -in key.pem -pubout".',
  },
  'jwk-set': {
    title: 'a set of JSON Web Keys',
    next: 'Send one of its keys alone to identify it.',
  },
  'ocsp-request': {
    title: 'an OCSP request',
    next: 'Show it with "openssl ocsp -reqin file.der -req_text", and send it to the OCSP responder of the CA.',
  },
  'ocsp-response': {
    title: 'an OCSP response',
    next: 'Show it with "openssl ocsp -respin file.der -resp_text -noverify".',
  },
  'timestamp-request': {
    title: 'a request for a timestamp (RFC 3161)',
    next: 'Show it with "openssl ts -query -in file.tsq -text", and send it to a timestamp authority.',
  },
  'timestamp-response': {
    title: 'a timestamp (RFC 3161)',
    next: 'Show it with "openssl ts -reply -in file.tsr -text".',
  },
  'attribute-certificate': {
    title: 'an attribute certificate (RFC 5755)',
    next: 'No route reads it; show its structure with "openssl asn1parse -inform DER -in file.der".',
  },
  'key-parameters': {
    title: 'parameters of an algorithm, without a key',
    next: 'A key is needed too: send the block that begins with BEGIN and ends with PRIVATE KEY.',
  },
  'raw-key': {
    title: 'octets with the length of a key or signature, without any structure',
    next: 'The length alone does not say what it is. Give the key in PKCS #8 or SubjectPublicKeyInfo.',
  },
} as const satisfies Record<string, Advice>;

/** What belongs to other systems. */
const FOREIGN = {
  'ssh-private-key': {
    title: 'a private key of OpenSSH',
    next: 'Rewrite a copy of the file as PKCS #8 with "ssh-keygen -p -m PKCS8 -f copy"; ssh-keygen can do so for RSA and ECDSA.',
  },
  'ssh-public-key': {
    title: 'a public key of SSH',
    next: 'Convert it with "ssh-keygen -e -m PKCS8 -f key.pub".',
  },
  'ssh-certificate': {
    title: 'a certificate of OpenSSH',
    next: 'It is not X.509. Show it with "ssh-keygen -L -f key-cert.pub".',
  },
  'putty-key': {
    title: 'a private key of PuTTY',
    next: 'Convert it with "puttygen key.ppk -O private-openssh -o key", then with ssh-keygen to PKCS #8.',
  },
  pgp: {
    title: 'a key or message of OpenPGP',
    next: 'It is not X.509. Show it with "gpg --show-keys" or "gpg --list-packets".',
  },
  age: {
    title: 'a key or file of age',
    next: 'age encrypts files, and its keys cannot sign. Make a key with POST /api/v1/keys/generate.',
  },
  'java-keystore': {
    title: 'a keystore of Java (JKS or JCEKS)',
    next: 'Convert it with "keytool -importkeystore -srckeystore file.jks -destkeystore file.p12 -deststoretype pkcs12".',
  },
  'json-web-token': {
    title: 'a JSON Web Token or signature (JWS, JWE)',
    next: 'It is a signed or encrypted message, not a key. Its key is usually in a JWK set of the issuer.',
  },
  'vendor-key': {
    title: 'a PEM block of another program',
    next: 'Its label names the program that reads it; export the key there as PKCS #8.',
  },
  archive: {
    title: 'an archive or a compressed file',
    next: 'Unpack it, and send the file that you need.',
  },
  document: {
    title: 'a document of another kind, such as HTML, XML or an image',
    next: 'A download may have returned a page instead of the file. Open it in an editor to see.',
  },
  json: {
    title: 'JSON that is not a JSON Web Key',
    next: 'Send the member that has the certificate or key.',
  },
  unknown: {
    title: 'unknown data',
    next: 'Expected PEM, DER, a JWK, or base64 or hexadecimal of them. Show the structure with "openssl asn1parse -i -in file".',
  },
} as const satisfies Record<string, Advice>;

export type PartType = keyof typeof OURS | keyof typeof RELATED | keyof typeof FOREIGN;

export const ADVICE: Readonly<Record<PartType, Advice>> = Object.freeze({ ...OURS, ...RELATED, ...FOREIGN });

export const PART_TYPES = Object.freeze(Object.keys(ADVICE) as PartType[]);

/** `supported`: the routes read it as it is. `related`: PKIX has it. `foreign`: it belongs to another system. */
export type Relation = 'supported' | 'related' | 'foreign';

export const RELATIONS = Object.freeze(['supported', 'related', 'foreign'] as const satisfies Relation[]);

export function relationOf(type: PartType): Relation {
  if (Object.hasOwn(OURS, type)) return 'supported';
  return Object.hasOwn(RELATED, type) ? 'related' : 'foreign';
}
