/** deploy/apache, in front of real services. */

import t from 'tap';
import { CLIENTS } from '../support/compat-clients.ts';
import { testFront } from '../support/front-tests.ts';
import { APACHE_FRONT } from '../support/fronts.ts';

testFront(t, APACHE_FRONT, [CLIENTS[0]]);
