/** deploy/caddy, in front of real services. */

import t from 'tap';
import { CLIENTS } from '../support/compat-clients.ts';
import { testFront } from '../support/front-tests.ts';
import { CADDY_FRONT } from '../support/fronts.ts';

testFront(t, CADDY_FRONT, [CLIENTS[0]]);
