// A Node client of the old service, as its documentation taught to write one. Run in an empty folder with API_URL set.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import axios from 'axios';

const { API_URL } = process.env;

const save = (name, text) => writeFileSync(name, Buffer.from(text, 'base64'));
const post = async (path, body) => (await axios.post(`${API_URL}${path}`, body)).data;

const { data: health } = await axios.get(`${API_URL}/health`);
assert.equal(health.status, 'healthy');
assert.equal(health.service, 'ML-DSA Certificate API');
assert.ok(health.version);

const { data: info } = await axios.get(`${API_URL}/api/v1/info`);
assert.equal(info.rfc, 'RFC 9881');
assert.ok(info.supported_algorithms.ml_dsa.includes('ml-dsa-65'));
assert.deepEqual(info.supported_algorithms.hybrid, ['rsa', 'ecdsa']);
for (const name of ['generate', 'generate_csr', 'generate_keys', 'hybrid'])
  assert.ok(info.endpoints[name], name);

const keys = await post('/api/v1/keys/generate', { security_level: 'ml-dsa-87' });
assert.equal(keys.security_level, 'ml-dsa-87');
save('keys.key', keys.private_key);
save('keys.pub', keys.public_key);
assert.equal((await post('/api/v1/keys/generate', {})).security_level, 'ml-dsa-65');

save(
  'plain.crt',
  (await post('/api/v1/certificate/generate', { subject: '/CN=example.com', days: 365 })).certificate,
);
const response = await axios.post(`${API_URL}/api/v1/certificate/generate`, {
  subject: '/CN=example.com/O=Example Org/C=US',
  security_level: 'ml-dsa-44',
  days: 730,
  san: ['DNS:www.example.com', 'DNS:example.com'],
  is_ca: false,
});
assert.equal(response.data.subject, '/CN=example.com/O=Example Org/C=US');
assert.equal(response.data.security_level, 'ml-dsa-44');
assert.equal(response.data.validity_days, 730);
save('certificate.crt', response.data.certificate);
save('certificate.key', response.data.private_key);
save('certificate.pub', response.data.public_key);
save(
  'ca.crt',
  (await post('/api/v1/certificate/generate', { subject: '/CN=Example Root CA', is_ca: true })).certificate,
);

const request = await post('/api/v1/csr/generate', {
  subject: '/CN=example.com',
  san: ['DNS:www.example.com', 'DNS:example.com'],
});
assert.equal(request.subject, '/CN=example.com');
save('request.csr', request.csr);
save('request.key', request.private_key);
save('request.pub', request.public_key);

for (const algorithm of ['rsa', 'ecdsa']) {
  const body = { subject: '/CN=example.com', classical_algorithm: algorithm, days: 90 };
  const data = await post('/api/v1/certificate/hybrid', body);
  assert.equal(data.classical_algorithm, algorithm);
  assert.equal(data.security_level, 'ml-dsa-65');
  assert.equal(data.validity_days, 90);
  for (const [member, name] of [
    ['ml_dsa', 'ml-dsa'],
    ['classical', 'classical'],
  ]) {
    save(`${algorithm}-${name}.crt`, data[`${member}_certificate`]);
    save(`${algorithm}-${name}.key`, data[`${member}_private_key`]);
    save(`${algorithm}-${name}.pub`, data[`${member}_public_key`]);
  }
}

try {
  await axios.post(`${API_URL}/api/v1/certificate/generate`, { days: 365 });
  assert.fail('a certificate without a subject was made');
} catch (error) {
  assert.equal(error.response?.status, 400);
  assert.match(error.response.data.error, /subject/);
}
try {
  await axios.get(`${API_URL}/api/v1/nothing-here`);
  assert.fail('an endpoint that does not exist answered');
} catch (error) {
  assert.equal(error.response?.status, 404);
  assert.equal(error.response.data.error, 'Endpoint not found');
}
