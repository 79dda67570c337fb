import t from 'tap';
import { configFrom } from '../../src/config/load.ts';
import { proxyCheck } from '../../src/config/trusted-proxies.ts';

const trust = (text: string) => configFrom({ TRUST_PROXY: text });

t.test('TRUST_PROXY must be addresses and networks', async (t) => {
  const trusted = [
    '127.0.0.1',
    '10.0.0.0/8',
    '192.0.2.7/32',
    '::1',
    'fc00::/7',
    'fd00::1/64',
    '2001:DB8::1/128',
  ];
  for (const text of trusted) t.same(trust(text).TRUST_PROXY, [text]);
  const refused = `true false yes * 1 2 0 -1 loopback uniquelocal proxy.example localhost 10.0.0 10.0.0.0/0 0.0.0.0/0
    0.0.0.0/7 10.0.0.0/33 10.0.0.0/ 10.0.0.0/8/8 10.0.0.0/+8 10.0.0.0/1e1 10.0.0.0/255.0.0.0 010.0.0.1 0x7f.1
    10.0.0.1:80 ::/0 ::/6 ::1/129 [::1] fe80::1%eth0 ::ffff:0:0/96 ::ffff:10.0.0.1 0:0:0:0:0:FFFF:a00:1`;
  for (const text of refused.trim().split(/\s+/)) {
    t.throws(() => trust(text), { message: /^TRUST_PROXY must be addresses or networks of proxies/ }, text);
    t.throws(() => trust(`10.0.0.7,${text}`), { message: /^TRUST_PROXY must be/ }, `one of them is ${text}`);
  }
});

t.test('an address is a trusted proxy if TRUST_PROXY contains it or its network', async (t) => {
  const isProxy = proxyCheck(['192.0.2.7', '10.0.0.0/8', 'fc00::/7', '2001:db8::1']);
  const proxies = '192.0.2.7 ::ffff:192.0.2.7 10.255.0.1 ::ffff:10.0.0.1 fd00::1 FC00::1 2001:DB8:0::1';
  for (const address of proxies.split(' ')) t.equal(isProxy(address), true, address);
  const others = '192.0.2.8 ::ffff:192.0.2.8 11.0.0.1 ::a00:1 fe00::1 2001:db8::2 localhost';
  for (const address of [...others.split(' '), '', undefined])
    t.equal(isProxy(address), false, address ?? 'none');
  t.equal(proxyCheck([])('127.0.0.1'), false, 'without proxies no address is one');
});
