import t from 'tap';
import { configFrom } from '../../src/config/load.ts';

t.test('PUBLIC_URL is a URL to which paths can be appended', async (t) => {
  for (const url of ['http://pki.example.com', 'https://pki.example.com:8443/a/b', 'http://192.0.2.1/pki'])
    t.equal(configFrom({ PUBLIC_URL: url }).PUBLIC_URL, url);
  const refused = [
    'pki.example.com',
    'ldap://pki.example.com',
    'http://pki.example.com/',
    'http://pki.example.com/pki/',
    'http://user:secret@pki.example.com',
    'http://pki.example.com?a=1',
    'http://pki.example.com/?',
    'http://pki.example.com/#',
    'http://PKI.example.com',
    'http://pki.example.com/a/../b',
    'http://pkı.example.com',
  ];
  for (const url of refused)
    t.throws(
      () => configFrom({ PUBLIC_URL: url }),
      { message: /^PUBLIC_URL must be an http or https URL/ },
      url,
    );
});

t.test('own CRLs are for clients with certificates', async (t) => {
  t.throws(() => configFrom({ TLS_CLIENT_OWN_CRLS: 'true' }), {
    message: 'TLS_CLIENT_CA_FILE must be set if TLS_CLIENT_OWN_CRLS is true',
  });
});
