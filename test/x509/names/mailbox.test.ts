import t from 'tap';
import { testKind, type Accepted, type Refused } from './name-kinds.ts';

/** A domain of the greatest length. */
const longest = [63, 63, 63, 61].map((length) => 'a'.repeat(length)).join('.');

const EMAIL: Accepted = [
  ['email:a@b.example', 'a@b.example'],
  ['EMAIL:First.Last+tag@B.Example', 'First.Last+tag@b.example'],
  ["email:!#$%&'*+-/=?^_`{|}~@b.example", "!#$%&'*+-/=?^_`{|}~@b.example"],
  ['email:a@münchen.de', 'a@xn--mnchen-3ya.de'],
  [`email:${'a'.repeat(64)}@b.example`, `${'a'.repeat(64)}@b.example`],
];

const NOT_EMAIL: Refused = [
  ['email:', /local@domain/],
  ['email:a', /local@domain/],
  ['email:copy', /local@domain/],
  ['email:@b.example', /local@domain/],
  ['email:a@', /"" must not be empty/],
  ['email:a@@b.example', /local@domain/],
  ['email:a.@b.example', /local@domain/],
  ['email:.a@b.example', /local@domain/],
  ['email:a..b@b.example', /local@domain/],
  ['email:"a b"@b.example', /local@domain/],
  ['email:A <a@b.example>', /is a mail address; write it as "email:a@b.example"/],
  ['email:ä@b.example', /local@domain.*SmtpUTF8Mailbox:/],
  ['email:a@b_c.example', /contains the character "_"/],
  [`email:${'a'.repeat(65)}@b.example`, /local@domain/],
  ['email:a@*.b.example', /wildcard/],
  ['email:a@192.0.2.1', /IP address/],
  ['email:a@[192.0.2.1]', /must consist of labels/],
  [`email:${'a'.repeat(64)}@${longest}`, /at most 254 characters/],
];

testKind(t, 'email', EMAIL, NOT_EMAIL);
