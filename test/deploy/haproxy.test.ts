/** deploy/haproxy, in front of real services. */

import t from 'tap';
import { CLIENTS } from '../support/compat-clients.ts';
import { testFront } from '../support/front-tests.ts';
import { HAPROXY_FRONT } from '../support/fronts.ts';

testFront(t, HAPROXY_FRONT, [CLIENTS[0]]);
