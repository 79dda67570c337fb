/**
 * Measures the work around the cryptography of an ML-DSA-65 certificate, part by part, after a warm-up.
 * `node bench/parts.ts` prints a JSON list of {@link Part}.
 */

import { randomBytes } from 'node:crypto';
import { fastify } from 'fastify';
import { extractSecrets } from '../plugins/bodies/secret-members.ts';
import { encodeJson } from '../plugins/replies.ts';
import { validation } from '../plugins/schemas/validation.ts';
import { components, generateCertificate } from '../routes/certificate/schema.ts';
import { decodeNames } from '../routes/wire/decode.ts';
import { presentCertificate, presentPem } from '../routes/wire/present.ts';
import { encodeExtensions } from '../src/ca/certificate-extensions.ts';
import { END_ENTITY } from '../src/ca/profile.ts';
import { encodeSubject } from '../src/ca/subject.ts';
import { newValidity } from '../src/ca/validity-period.ts';
import { encodeMlDsaPrivateKey } from '../src/formats/ml-dsa-private-key.ts';
import { encodePem } from '../src/formats/pem.ts';
import { SIGNATURE_ALGORITHM } from '../src/formats/signature-algorithm.ts';
import { encodeMlDsaPublicKey } from '../src/formats/subject-public-key-info.ts';
import { encodeSigned, encodeTbsCertificate } from '../src/x509/certificate-writer.ts';
import { keyIdentifier } from '../src/x509/extensions/key-identifiers.ts';
import { createSystemRandom, drawSerialNumber } from '../src/x509/serial-number.ts';
import { NAMED } from './scenarios.ts';

export interface Part {
  readonly part: string;
  readonly microseconds: number;
}

const LEVEL = 'ml-dsa-65';
const BATCH = 100;
const BATCHES = 200;

/** The median of batches, after a warm-up with as many batches. */
function microsecondsOf(act: () => unknown): number {
  const batch = (): number => {
    const start = performance.now();
    for (let i = 0; i < BATCH; i++) act();
    return ((performance.now() - start) * 1000) / BATCH;
  };
  for (let i = 0; i < BATCHES; i++) batch();
  const times = Array.from({ length: BATCHES }, batch).toSorted((a, b) => a - b);
  return times[BATCHES >> 1] ?? Number.NaN;
}

/** The function with which Fastify validates a request body. */
async function bodyValidator(): Promise<(body: unknown) => unknown> {
  const app = fastify({ schemaController: { compilersFactory: validation } });
  for (const schema of components) app.addSchema(schema);
  let validate: ((body: unknown) => unknown) | undefined;
  app.post('/', { schema: { body: generateCertificate.body } }, (request, reply) => {
    validate = request.getValidationFunction('body');
    reply.send();
  });
  await app.inject({ method: 'POST', url: '/', payload: BODY });
  await app.close();
  if (validate === undefined) throw new Error('the body is invalid');
  return validate;
}

const BODY = { ...NAMED, security_level: LEVEL };
const octets = Buffer.from(JSON.stringify(BODY));
const none = new Set<string>();
const readSubject = () => encodeSubject(decodeNames(NAMED));
const subject = readSubject();
const publicKey = new Uint8Array(randomBytes(1952));
const seed = new Uint8Array(randomBytes(32));
const identifier = keyIdentifier(publicKey);
const spki = encodeMlDsaPublicKey(LEVEL, publicKey);
const extend = (): readonly Uint8Array[] =>
  encodeExtensions(END_ENTITY, {
    subjectKeyIdentifier: identifier,
    authorityKeyIdentifier: identifier,
    subjectAltNames: subject.subjectAltNames,
    subjectIsEmpty: false,
  });
const extensions = extend();
const random = createSystemRandom();
const serialNumber = drawSerialNumber(random);
const signatureAlgorithm = SIGNATURE_ALGORITHM['ml-dsa'][LEVEL];
const encode = (): Uint8Array =>
  encodeTbsCertificate({
    serialNumber,
    signatureAlgorithm,
    issuer: subject.name,
    validity: newValidity({ profile: END_ENTITY, requested: { days: 365 }, now: new Date(), skew: 300 }),
    subject: subject.name,
    subjectPublicKeyInfo: spki,
    extensions,
  });
const tbs = encode();
const signature = new Uint8Array(randomBytes(3309));
const certificate = encodeSigned(tbs, signatureAlgorithm, signature);
const answer = {
  certificate: presentCertificate(certificate),
  public_key: presentPem('PUBLIC KEY', spki),
  security_level: LEVEL,
  subject: NAMED.subject,
  validity_days: 365,
};
const encodeKey = (): Uint8Array => encodePem('PRIVATE KEY', encodeMlDsaPrivateKey(LEVEL, { seed }));
const validate = await bodyValidator();

const PARTS: Readonly<Record<string, () => unknown>> = {
  'JSON of the body, searched for secrets': () => [
    extractSecrets(octets, none),
    JSON.parse(octets.toString()) as unknown,
  ],
  'validation by the schema': () => validate(BODY),
  'subject and names': readSubject,
  'key identifier': () => keyIdentifier(publicKey),
  'serial number': () => drawSerialNumber(random),
  'extensions of the profile': extend,
  SubjectPublicKeyInfo: () => encodeMlDsaPublicKey(LEVEL, publicKey),
  tbsCertificate: encode,
  Certificate: () => encodeSigned(tbs, signatureAlgorithm, signature),
  'PKCS#8 of the key, and its PEM': encodeKey,
  'PEM and base64 of certificate and public key': () => [
    presentCertificate(certificate),
    presentPem('PUBLIC KEY', spki),
  ],
  'JSON of the reply': () => encodeJson({ ...answer, private_key: encodeKey() }),
};

const parts: Part[] = Object.entries(PARTS).map(([part, act]) => ({
  part,
  microseconds: microsecondsOf(act),
}));
console.log(JSON.stringify(parts));
