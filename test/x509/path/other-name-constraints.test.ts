import t from 'tap';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { utf8String } from '../../../src/formats/der/writer.ts';
import { readNameConstraints } from '../../../src/x509/extensions/name-constraints.ts';
import type { GeneralName } from '../../../src/x509/names/general-name-encoding.ts';
import { checkNameConstraints } from '../../../src/x509/path/name-constraints.ts';
import { openDomain } from '../../support/domain.ts';
import { isWithin, judge, nameConstraints, type Row } from './constraint-rows.ts';

const { keys } = await openDomain(t);
const caKey = await keys.generate('ml-dsa-44');

/** An otherName that a constraint limits cannot be matched; SmtpUTF8Mailbox obeys the constraints for mail (RFC 9598 §6). */
const OTHER_NAMES: readonly Row[] = [
  {
    permitted: ['email:example.com'],
    within: ['SmtpUTF8Mailbox:é@example.com', 'UPN:a@b', 'SRV:_a.b.example', 'otherName:1.2.3;UTF8:a'],
    outside: ['SmtpUTF8Mailbox:é@a.example.com', 'SmtpUTF8Mailbox:é@example.org'],
  },
  {
    excluded: ['email:example.com'],
    within: ['SmtpUTF8Mailbox:é@example.org'],
    outside: ['SmtpUTF8Mailbox:é@example.com'],
  },
  {
    permitted: ['otherName:1.3.6.1.4.1.311.20.2.3=b'],
    within: ['a.example', 'SRV:_a.b.example', 'KRB5:a@B', 'otherName:1.2.3;UTF8:a'],
    outside: ['UPN:a@b', 'UPN:a@c'],
  },
  {
    excluded: ['otherName:1.2.3=a'],
    within: ['UPN:a@b', 'otherName:1.2.4;UTF8:a'],
    outside: ['otherName:1.2.3;UTF8:a', 'otherName:1.2.3;IA5:b'],
  },
];

/** OpenSSL compares U-labels, as the older RFC 8398 has it, and ignores a constraint of the type SmtpUTF8Mailbox. */
const MAILBOXES: readonly Row[] = [
  {
    permitted: ['email:.xn--bcher-kva.example'],
    within: ['SmtpUTF8Mailbox:é@a.bücher.example'],
    outside: ['SmtpUTF8Mailbox:é@bücher.example'],
  },
  {
    permitted: ['otherName:1.3.6.1.5.5.7.8.9=b'],
    within: ['email:a@example.com'],
    outside: ['SmtpUTF8Mailbox:é@example.com'],
  },
];

t.test('otherNames', judge(caKey, OTHER_NAMES));

t.test('international mailboxes', async (t) => {
  for (const row of MAILBOXES) {
    const names = [...row.within, ...row.outside];
    t.same(
      names.filter((text) => isWithin(row, text)),
      row.within,
      JSON.stringify({ permitted: row.permitted, excluded: row.excluded }),
    );
  }
  const uLabel: GeneralName = {
    kind: 'otherName',
    type: '1.3.6.1.5.5.7.8.9',
    value: utf8String('é@bücher.example'),
  };
  for (const constraints of [{ permitted: ['email:a.test'] }, { excluded: ['email:a.test'] }]) {
    const read = readNameConstraints(checkDer(nameConstraints(constraints)));
    t.throws(() => checkNameConstraints(read, [], [uLabel]), {
      code: 'name-constraints-violated',
      message: /SmtpUTF8Mailbox:é@bücher\.example is not allowed/,
    });
  }
});

t.test('a joiner does not hide an excluded name', async (t) => {
  const constraints = { excluded: ['dirName:/O=می\u200cخواهم'] };
  t.notOk(isWithin(constraints, 'dirName:/O=میخواهم'));
  t.ok(isWithin(constraints, 'dirName:/O=خواهم'));
});
