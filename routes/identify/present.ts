import { rfc3339 } from '../../src/base/clock.ts';
import type { PkiError } from '../../src/base/errors.ts';
import type { Note } from '../../src/formats/reading.ts';
import type { Identification, Part } from '../../src/identify/identification.ts';
import type { Facts } from '../../src/identify/facts/facts.ts';
import { ADVICE, relationOf } from '../../src/identify/part-types.ts';

export const presentIdentification = ({ parts, isComplete }: Identification) => ({
  parts: parts.map(presentPart),
  complete: isComplete,
});

const presentPart = (part: Part) => ({
  type: part.type,
  title: ADVICE[part.type].title,
  relation: relationOf(part.type),
  encodings: [...part.encodings],
  label: part.label,
  inside: part.inside,
  size: part.size,
  facts: presentFacts(part.facts),
  problem: part.problem && presentProblem(part.problem),
  next: ADVICE[part.type].next,
  notes: part.notes.map(presentNote),
});

/** A member that is undefined is left out of the reply. */
const presentFacts = (facts: Facts) => ({
  subject: facts.subject,
  issuer: facts.issuer,
  serial_number: facts.serialNumber,
  not_before: timeOf(facts.notBefore),
  not_after: timeOf(facts.notAfter),
  this_update: timeOf(facts.thisUpdate),
  next_update: timeOf(facts.nextUpdate),
  is_ca: facts.isCa,
  san: facts.subjectAltNames && [...facts.subjectAltNames],
  algorithm: facts.algorithm,
  signature_algorithm: facts.signatureAlgorithm,
  form: facts.form,
  key_identifier: facts.keyIdentifier,
  public_key_sha256: facts.publicKeyFingerprint,
  sha256: facts.fingerprint,
  encryption: facts.encryption,
  integrity: facts.integrity,
  entries: facts.entries,
  contents: facts.contents && [...facts.contents],
  possibly: facts.possibly,
  begins: facts.begins,
});

const timeOf = (time: Date | undefined): string | undefined =>
  time === undefined || Number.isNaN(time.getTime()) ? undefined : rfc3339(time);

export const presentProblem = ({ code, message, where }: PkiError) => ({ code, message, where });

const presentNote = ({ code, message, where }: Note) => ({ code, message, where });
