/** Reads the certificates, CRLs and OCSP responses of a request, in parts that leave the event loop free. */

import { atMember, atMemberAsync, PkiError, type PathStep } from '../base/errors.ts';
import { pause } from '../base/next-turn.ts';
import { decodePublicBase64 } from '../formats/base64.ts';
import { certificatesIn } from '../formats/certificate-bundle.ts';
import { decodePemOrDer } from '../formats/pem-or-der.ts';
import { createReading, type Note, type NotedReading, type Reading } from '../formats/reading.ts';
import { readReceivedCertificate } from '../x509/certificate.ts';
import { readReceivedCrl } from '../x509/description/crl/received-crl.ts';
import { memberOf, type Member, type MemberSource } from './member.ts';
import { LIMITS } from './request.ts';
import { readOcspResponse, type OcspResponse } from './revocation/ocsp-response.ts';
import { receivedList, type ReceivedList } from './revocation/received-list.ts';

/** Each text can have several certificates. Throws PkiError at the text. */
export async function readMembers(
  source: MemberSource,
  texts: readonly string[],
  isStrict: boolean,
): Promise<readonly Member[]> {
  const members: Member[] = [];
  for (const [position, text] of texts.entries()) {
    await atMemberAsync(position, async () => {
      const reading = inspection(isStrict);
      let seen = 0;
      for (const value of certificatesIn(text, reading)) {
        const ofOne = inspection(isStrict);
        const certificate = readReceivedCertificate(value, ofOne);
        const notes = [...reading.notes.slice(seen), ...ofOne.notes];
        seen = reading.notes.length;
        members.push(memberOf(certificate, { source, index: members.length, notes }));
        requireFew(members, LIMITS.certificates, 'certificates');
        await pause();
      }
    });
  }
  return members;
}

const inspection = (isStrict: boolean): NotedReading => createReading({ isStrict, isInspecting: true });

function requireFew(found: readonly unknown[], limit: number, what: string): void {
  if (found.length > limit)
    throw new PkiError('invalid-encoding', `Expected at most ${limit} ${what}, got more`);
}

/** Throws PkiError at the text. */
export async function readLists(
  texts: readonly string[],
  reading: Reading,
): Promise<readonly ReceivedList[]> {
  const lists: ReceivedList[] = [];
  for (const [index, text] of texts.entries()) {
    const crl = await atMemberAsync(index, () =>
      readReceivedCrl(decodePemOrDer(text, 'X509 CRL', reading), reading),
    );
    lists.push(receivedList(crl, index));
    await pause();
  }
  return lists;
}

const encoder = new TextEncoder();

/** Throws PkiError at the text. */
export async function readResponses(texts: readonly string[]): Promise<readonly OcspResponse[]> {
  const responses: OcspResponse[] = [];
  for (const [index, text] of texts.entries()) {
    const octets = atMember(index, () => decodePublicBase64(encoder.encode(text), 'The OCSP response'));
    responses.push(atMember(index, () => readOcspResponse(octets, index)));
    await pause();
  }
  return responses;
}

/** The notes of all certificates, at their texts. A certificate of a list is named by its position among all. */
export const notesOf = (members: readonly Member[]): readonly Note[] =>
  members.flatMap(({ source, index, notes }) => {
    const steps: PathStep[] =
      source === 'certificate' || source === 'related_certificate' ? [source] : [source, index];
    return notes.map((note) => ({ ...note, path: [...steps, ...note.path] }));
  });
