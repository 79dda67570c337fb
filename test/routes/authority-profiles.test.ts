/** The profiles by which an authority issues: what the list of the operator lets in and what it stops. */

import { join } from 'node:path';
import t from 'tap';
import { openPatiently } from '../support/authorities.ts';
import { poster, startApp } from '../support/service.ts';

const app = await startApp(t, { DATA_DIR: join(t.testdir(), 'data') }, openPatiently);
const post = poster(app);

const put = async (url: string, payload: object) => {
  const reply = await app.inject({ method: 'PUT', url: `/api/v1${url}`, payload });
  return { status: reply.statusCode, answer: reply.json() };
};

const order = (authority: string, members: object) =>
  post(`/api/v1/authorities/${authority}/certificates`, {
    key_algorithm: 'ml-dsa-44',
    subject: '/CN=a.example',
    san: ['DNS:a.example'],
    ...members,
  });

await put('/profiles/web', { extends: 'tls-server', names: { dns: { allow: ['a.example'] } } });
const narrow = {
  name: 'narrow',
  subject: '/CN=Narrow',
  key_algorithm: 'ml-dsa-44',
  profiles: ['web', 'tls'],
};

t.test('an authority issues by the profiles that the operator names, and by no other', async (t) => {
  const created = await post('/api/v1/authorities', narrow);
  t.equal(created.statusCode, 201, created.body);
  t.same(created.answer.profiles, ['web', 'tls']);
  t.equal((await order('narrow', { profile: 'web' })).statusCode, 201);
  t.equal((await order('narrow', {})).statusCode, 201, 'the default is the profile tls');
  const { statusCode, answer } = await order('narrow', { profile: 'tls-client' });
  t.equal(statusCode, 403);
  t.match(answer, {
    code: 'policy-violation',
    errors: [
      {
        pointer: '/profile',
        rule: 'authority.profiles',
        value: 'tls-client',
        message: /issues by these profiles only: web, tls/,
      },
    ],
  });
});

t.test('the list can be replaced and removed', async (t) => {
  const replaced = await put('/authorities/narrow/profiles', { profiles: ['web'] });
  t.equal(replaced.status, 200, JSON.stringify(replaced.answer));
  t.same(replaced.answer.profiles, ['web']);
  t.equal((await order('narrow', {})).statusCode, 403);
  const removed = await put('/authorities/narrow/profiles', { profiles: null });
  t.notHas(removed.answer, 'profiles');
  t.equal((await order('narrow', { profile: 'tls-client' })).statusCode, 201);
});

t.test('an unknown profile or authority is refused, and nothing is changed', async (t) => {
  const unknown = await put('/authorities/narrow/profiles', { profiles: ['web', 'nothing'] });
  t.equal(unknown.status, 400);
  t.match(unknown.answer, {
    errors: [{ pointer: '/profiles/1', message: /The profile nothing does not exist/ }],
  });
  const created = await post('/api/v1/authorities', { ...narrow, name: 'other', profiles: ['nothing'] });
  t.match(created.answer, { errors: [{ pointer: '/profiles/0' }] });
  t.equal((await put('/authorities/nowhere/profiles', { profiles: ['web'] })).status, 404);
  const shown = await app.inject('/api/v1/authorities/narrow');
  t.notHas(shown.json(), 'profiles');
});
