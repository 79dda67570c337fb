import type { FastifyPluginCallbackTypebox, Static } from '@fastify/type-provider-typebox';
import { atMember, atMemberAsync, PkiError } from '../../src/base/errors.ts';
import { nextTurn } from '../../src/base/next-turn.ts';
import { ANY_POLICY, extendedKeyUsageOid } from '../../src/formats/oids.ts';
import type { NotedReading } from '../../src/formats/reading.ts';
import {
  parseReferenceHost,
  parseReferenceMailbox,
  type ReferenceName,
} from '../../src/x509/names/reference-name.ts';
import { notesOf, readLists, readMembers, readResponses } from '../../src/verification/read-members.ts';
import type { Member } from '../../src/verification/member.ts';
import type { VerificationRequest } from '../../src/verification/request.ts';
import { verifyCertificate as verify } from '../../src/verification/verify.ts';
import { VERIFYING } from '../wire/cost.ts';
import { decodeOid, decodePurpose } from '../wire/decode-options.ts';
import { parseMoment } from '../wire/moment.ts';
import { presentNotes } from '../wire/notes.ts';
import { inspectionOf } from '../wire/reading.ts';
import { presentVerification } from './present-verification.ts';
import type { CertificateVerification } from './verify-request-schema.ts';
import { verifyCertificate, verifyComponents } from './verify-schema.ts';

type Body = Static<typeof CertificateVerification.ref>;

export const verification: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of verifyComponents) app.addSchema(schema);

  app.post('/verify', { schema: verifyCertificate, config: VERIFYING }, async ({ body }) => {
    // To read a long body and what is in it take a turn of the event loop each
    await nextTurn();
    const reading = inspectionOf(app.config, body);
    const request = await decodeRequest(body, reading);
    const result = await verify(app.keys, request);
    const { leaf, intermediates, anchors, related } = request;
    return {
      ...presentVerification(result, request),
      notes: presentNotes([
        ...notesOf([leaf, ...intermediates, ...anchors, ...(related ? [related] : [])]),
        ...reading.notes,
      ]),
    };
  });

  done();
};

async function decodeRequest(body: Body, reading: NotedReading): Promise<VerificationRequest> {
  const { isStrict } = reading;
  const options = decodeOptions(body);
  const [leaf, ...others] = await readOne('certificate', body.certificate, isStrict);
  if (leaf === undefined) throw new PkiError('invalid-encoding', 'Expected a certificate', ['certificate']);
  const given = await atMemberAsync('intermediates', () =>
    readMembers('intermediates', body.intermediates ?? [], isStrict),
  );
  const anchors = await atMemberAsync('anchors', () => readMembers('anchors', body.anchors, isStrict));
  const related = await readRelated(body, isStrict);
  const lists = await atMemberAsync('crls', () => readLists(body.crls ?? [], reading.at('crls')));
  const responses = await atMemberAsync('ocsp_responses', () => readResponses(body.ocsp_responses ?? []));
  return { leaf, intermediates: [...others, ...given], anchors, related, lists, responses, ...options };
}

/** The text can be a chain. Its path has no index. */
const readOne = (member: 'certificate' | 'related_certificate', text: string, isStrict: boolean) =>
  readMembers(member, [text], isStrict).catch((error: unknown) => {
    if (!(error instanceof PkiError)) throw error;
    throw new PkiError(error.code, error.message, [member, ...error.path.slice(1)], error.where);
  });

async function readRelated(
  { related_certificate: text }: Body,
  isStrict: boolean,
): Promise<Member | undefined> {
  if (text === undefined) return undefined;
  const [related] = await readOne('related_certificate', text, isStrict);
  return related;
}

type Options = Omit<
  VerificationRequest,
  'leaf' | 'related' | 'intermediates' | 'anchors' | 'lists' | 'responses'
>;

function decodeOptions(body: Body): Options {
  const name = decodeName(body);
  return {
    time: body.time === undefined ? new Date() : decodeTime(body.time),
    profile: body.profile ?? 'rfc5280',
    revocation: body.revocation ?? ((body.crls ?? []).length > 0 ? 'require' : 'if-available'),
    policies: decodePolicies(body),
    purpose: decodePurposeOf(body, name),
    checksKeyUsage: body.purpose !== undefined || body.profile === 'webpki',
    name,
    maxPathLength: body.max_path_length,
  };
}

/** A fraction of a second is cut off: times of certificates have whole seconds. */
const decodeTime = (text: string): Date =>
  atMember('time', () => parseMoment(text.replace(/(?<=:\d\d)\.\d+/, '')));

function decodeName({ host, email }: Body): ReferenceName | undefined {
  if (host !== undefined && email !== undefined)
    throw new PkiError('invalid-san', 'Give host or email, not both', ['email']);
  if (host !== undefined) return atMember('host', () => parseReferenceHost(host));
  return email === undefined ? undefined : atMember('email', () => parseReferenceMailbox(email));
}

function decodePurposeOf({ purpose }: Body, name: ReferenceName | undefined): string | undefined {
  if (purpose === undefined) {
    if (name === undefined) return undefined;
    return name.kind === 'email' ? extendedKeyUsageOid.emailProtection : extendedKeyUsageOid.serverAuth;
  }
  const oid = decodePurpose(purpose, ['purpose']);
  return oid === extendedKeyUsageOid.anyExtendedKeyUsage ? undefined : oid;
}

const decodePolicies = (body: Body): VerificationRequest['policies'] => ({
  initialPolicies: (body.initial_policies ?? [ANY_POLICY]).map((text, index) =>
    text === 'anyPolicy' ? ANY_POLICY : decodeOid(text, ['initial_policies', index]),
  ),
  explicitPolicy: body.explicit_policy ?? false,
  policyMappingInhibit: body.policy_mapping_inhibit ?? false,
  inhibitAnyPolicy: body.any_policy_inhibit ?? false,
});
