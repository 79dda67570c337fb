import { ok } from 'node:assert';
import * as fc from 'fast-check';
import t from 'tap';
import { encodeGeneralName } from '../../../src/x509/names/general-name-encoding.ts';
import { formatGeneralName, parseGeneralName } from '../../../src/x509/names/general-name.ts';
import { testKind, type Accepted, type Refused } from './name-kinds.ts';

const IP: Accepted = [
  ['IP:192.0.2.1', '192.0.2.1'],
  ['ip:0.0.0.0', '0.0.0.0'],
  ['IP Address:255.255.255.255', '255.255.255.255'],
  ['IP:2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['IP:2001:db8::0001', '2001:db8::1'],
  ['IP:::', '::'],
  ['IP:::1', '::1'],
  ['IP:1::', '1::'],
  ['IP:2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['IP:2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['IP:2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['IP:64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
];

const NOT_IP: Refused = [
  ['IP:', /must be four decimal numbers/],
  ['IP:1.2.3', /must be four decimal numbers/],
  ['IP:0x7f.1', /must be four decimal numbers/],
  ['IP:0x7f.0.0.1', /must be four decimal numbers/],
  ['IP:2130706433', /must be four decimal numbers/],
  ['IP:01.2.3.4', /without leading zeros/],
  ['IP:1.2.3.256', /must be four decimal numbers/],
  ['IP:1.2.3.4.5', /must be four decimal numbers/],
  ['IP: 1.2.3.4', /must have no spaces/],
  ['IP:192.0.2.0/24', /network/],
  ['IP:2001:db8::/32', /network/],
  ['IP:fe80::1%eth0', /zone/],
  ['IP:::ffff:192.0.2.1', /IPv4-mapped.*IP:192\.0\.2\.1/],
  ['IP:::ffff:c000:201', /IPv4-mapped.*IP:192\.0\.2\.1/],
  ['IP:1::2::3', /must be four decimal numbers/],
  ['IP:12345::', /must be four decimal numbers/],
  ['IP:[::1]', /must have no brackets/],
  ['IP:*.2.3.4', /must be four decimal numbers/],
  ['IP:a.example', /must be four decimal numbers/],
];

testKind(t, 'IP', IP, NOT_IP);

t.test('Node writes IPv6 addresses alike, and they are read back', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(0xffff), (octets, zeros) => {
      for (let i = 0; i < 16; i += 1) if ((zeros >> i) & 1) octets[i] = 0;
      octets[0] = 0x20;
      const text = formatGeneralName({ kind: 'IP', octets }).slice(3);
      ok(new URL(`http://[${text}]`).hostname === `[${text}]`, text);
      ok(Buffer.compare(encodeGeneralName(parseGeneralName(`IP:${text}`)).subarray(2), octets) === 0, text);
    }),
    { numRuns: 200 },
  );
});
