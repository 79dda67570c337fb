import { Type } from 'typebox';
import { component } from '../wire/component.ts';
import { instant, STRICT } from '../wire/fields.ts';
import { authorityPath } from './members.ts';

const crl = Type.Object(
  {
    key_id: Type.String({ description: 'Id of the authority key that signs it.' }),
    path: Type.String({ description: 'Path of the CRL on this service.' }),
    url: Type.Optional(Type.String({ description: 'URL in certificates. Absent without PUBLIC_URL.' })),
    number: Type.Integer({ description: 'CRLNumber.' }),
    this_update: instant('When it was issued.'),
    next_update: instant('When it ends.'),
    entries: Type.Integer({ description: 'Number of certificates that it lists.' }),
  },
  STRICT,
);

export const CrlList = component(
  'CrlList',
  Type.Object(
    { crls: Type.Array(crl) },
    {
      ...STRICT,
      description: 'The newest CRLs of an authority: one for each of its keys, or for each part.',
      examples: [
        {
          crls: [
            {
              key_id: '0f6a1f53-5a3e-4f3b-8f43-6f0f5f4c2d11',
              path: '/crl/0f6a1f53-5a3e-4f3b-8f43-6f0f5f4c2d11.crl',
              url: 'http://pki.example.com/crl/0f6a1f53-5a3e-4f3b-8f43-6f0f5f4c2d11.crl',
              number: 7,
              this_update: '2027-01-01T12:00:00Z',
              next_update: '2027-01-08T12:00:00Z',
              entries: 3,
            },
          ],
        },
      ],
    },
  ),
);

export const listCrls = {
  operationId: 'listCrls',
  tags: ['authorities'],
  summary: 'List the CRLs of an authority',
  params: authorityPath,
  response: { 200: CrlList.ref },
};
