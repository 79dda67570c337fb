import t from 'tap';
import { configFrom } from '../../src/config/load.ts';
import { WEBHOOK_SECRET } from '../support/receiver.ts';
import { faultOf } from '../support/config-fault.ts';

const URLS = 'https://a.example/hook,https://b.example/';

t.test('receivers have a secret, and may be in networks that the operator names', async (t) => {
  const config = configFrom({
    WEBHOOK_URLS: URLS,
    WEBHOOK_SECRET: `${WEBHOOK_SECRET}, ${WEBHOOK_SECRET.replace('C', 'D')}`,
  });
  t.same(config.WEBHOOK_URLS, URLS.split(','));
  t.equal(config.WEBHOOK_SECRET.length, 2);
  const own = {
    WEBHOOK_URLS: 'http://10.1.0.9:8080/',
    WEBHOOK_SECRET,
    WEBHOOK_ALLOWED_NETWORKS: '10.1.0.0/16,fd00::/8',
  };
  t.same(configFrom(own).WEBHOOK_ALLOWED_NETWORKS, ['10.1.0.0/16', 'fd00::/8']);
});

const REFUSED: readonly [Record<string, string>, RegExp][] = [
  [{ WEBHOOK_URLS: URLS }, /^WEBHOOK_URLS needs WEBHOOK_SECRET$/],
  [{ WEBHOOK_URLS: 'ftp://a.example/', WEBHOOK_SECRET }, /^WEBHOOK_URLS must be at most 20 URLs/],
  [{ WEBHOOK_URLS: 'https://user@a.example/', WEBHOOK_SECRET }, /^WEBHOOK_URLS must be at most 20 URLs/],
  [{ WEBHOOK_URLS: 'a.example', WEBHOOK_SECRET }, /^WEBHOOK_URLS must be at most 20 URLs/],
  [{ WEBHOOK_URLS: 'http://a.example/', WEBHOOK_SECRET }, /^WEBHOOK_URLS must begin with https/],
  [{ WEBHOOK_URLS: URLS, WEBHOOK_SECRET: 'secret' }, /^WEBHOOK_SECRET must be one or two texts of whsec_/],
  [{ WEBHOOK_EVENTS: 'certificate.lost' }, /^WEBHOOK_EVENTS must be some of certificate\.issued/],
  [{ WEBHOOK_ALLOWED_NETWORKS: '10.1.0.0' }, /^WEBHOOK_ALLOWED_NETWORKS must be at most 20 networks/],
  [
    { NODE_ENV: 'production', ALLOW_ANONYMOUS: 'true', WEBHOOK_URLS: URLS, WEBHOOK_SECRET },
    /^WEBHOOK_URLS needs DATA_DIR or DATABASE_URL/,
  ],
];

for (const [environment, fault] of REFUSED)
  t.test(`${JSON.stringify(environment).slice(0, 90)} is refused`, async (t) => {
    t.match(faultOf(environment), fault);
    t.notMatch(faultOf(environment), WEBHOOK_SECRET);
  });
