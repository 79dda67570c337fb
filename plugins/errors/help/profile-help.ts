/** Documentation of the problems with profiles. */

import { aboutMember, type ProblemHelp } from './problem-help.ts';

export const PROFILE_HELP = {
  'policy-violation': {
    meaning:
      'The profile does not allow the certificate. `errors` has every reason: the rule of the profile, the value and the member.',
    remedy:
      'Change the members that `errors` names, or use another profile. The operator changes a profile with PUT /api/v1/profiles/{name}.',
    example: {
      detail:
        'The profile web@3 refuses the certificate: The name "DNS:www.example.org" must match **.example.com',
      errors: [
        {
          pointer: '/san/0',
          message: '`san[0]`: The name "DNS:www.example.org" must match **.example.com',
          rule: 'names.dns.allow',
          value: 'DNS:www.example.org',
          profile: 'web@3',
        },
      ],
    },
  },
  'unknown-profile': {
    meaning: 'There is no profile with this name, or no such version of it.',
    remedy: 'List the profiles with GET /api/v1/profiles. Upper and lower case are the same.',
    example: { detail: 'There is no profile "web-sever"; did you mean web-server?' },
  },
  'invalid-profile-document': {
    meaning: 'The document of a profile contradicts itself, its built-in profile or a standard.',
    remedy:
      'Change the member that `errors` names. GET /api/v1/profiles/schema has the schema of the document.',
    example: aboutMember(
      '/names/ip/allow/0',
      '`names.ip.allow[0]`: The network "10.0.0.1/8" must be an address with a prefix length and no bits beyond it, such as ' +
        '192.0.2.0/24',
    ),
  },
  'profile-name-reserved': {
    meaning: 'A built-in profile, or a path of the API, has the name. Built-in profiles cannot be changed.',
    remedy: 'Use another name, and name the built-in profile in `extends`.',
    example: { detail: 'The name tls belongs to a built-in profile; use another one' },
  },
  'profile-changed': {
    meaning: 'The profile has another version than the one that If-Match names, so nothing was written.',
    remedy:
      'Read the profile again, apply your change to its newest version, and send the new ETag in If-Match.',
    example: { detail: 'The newest version of the profile is 4, not 3' },
  },
  'profile-version-required': {
    meaning: 'The profile exists, and the request does not say which version it changes.',
    remedy: 'Read the profile, and send its ETag in If-Match.',
    example: { detail: 'The profile exists; send its ETag "3" in If-Match to write the next version' },
  },
} satisfies Readonly<Record<string, ProblemHelp>>;
