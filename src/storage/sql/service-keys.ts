import type {
  ServiceKey,
  ServiceKeyAddition,
  ServiceKeyPurpose,
  ServiceKeyResealing,
} from '../port/service-keys.ts';
import { moment, octets, optional, text } from './columns.ts';
import { audit, first, insert, run, type Row, type Transaction } from './transaction.ts';

export function* getServiceKey(purpose: ServiceKeyPurpose): Transaction<ServiceKey | undefined> {
  const row = yield* first('SELECT * FROM service_keys WHERE purpose = $1', purpose);
  return row && serviceKeyOf(row);
}

export function* addServiceKey({ key, audit: event }: ServiceKeyAddition): Transaction<'added' | 'conflict'> {
  const rows = yield* insert(
    'service_keys',
    {
      id: key.id,
      purpose: key.purpose,
      algorithm: key.algorithm,
      public_key: key.publicKey,
      sealed: key.sealed ?? null,
      key_reference: key.keyReference ?? null,
      created_at: key.createdAt.getTime(),
    },
    'ON CONFLICT DO NOTHING RETURNING id',
  );
  if (rows.length === 0) return 'conflict';
  yield* audit(event);
  return 'added';
}

export function* resealServiceKey(resealing: ServiceKeyResealing): Transaction<'changed' | 'conflict'> {
  const { id, expected, sealed, audit: event } = resealing;
  const rows = yield* run(
    'UPDATE service_keys SET sealed = $1 WHERE id = $2 AND sealed = $3 RETURNING id',
    sealed,
    id,
    expected,
  );
  if (rows.length === 0) return 'conflict';
  yield* audit(event);
  return 'changed';
}

const serviceKeyOf = (row: Row): ServiceKey => ({
  id: text(row, 'id'),
  purpose: text(row, 'purpose') as ServiceKeyPurpose,
  algorithm: text(row, 'algorithm'),
  publicKey: octets(row, 'public_key'),
  ...optional('sealed', row, 'sealed', octets),
  ...optional('keyReference', row, 'key_reference', text),
  createdAt: moment(row, 'created_at'),
});
