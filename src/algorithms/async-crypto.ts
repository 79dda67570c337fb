/** The callback forms of node:crypto, which compute on libuv's thread pool, as promises. */

import * as crypto from 'node:crypto';
import { promisify } from 'node:util';

export const generateKeyPair = promisify(crypto.generateKeyPair);
export const sign = promisify(crypto.sign);
export const verify = promisify(crypto.verify);
