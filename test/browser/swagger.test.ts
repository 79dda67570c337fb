import { X509Certificate } from 'node:crypto';
import { chromium, type Browser, type Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { chromiumMissing, chromiumPath } from '../support/services.ts';
import { startService } from '../support/service.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const PATIENCE_MS = 60_000;

/** Collects everything that the browser reports until `page` closes: errors, warnings of the CSP, failed requests. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} ${request.failure()?.errorText}`));
  return complaints;
}

/** Tries certificate/generate with the mouse, as a user does. Returns the text of the reply that the page shows. */
async function tryOut(page: Page, url: string, key?: string): Promise<string> {
  await page.goto(url);
  if (key !== undefined) await authorize(page, key);
  const operation = page.locator('#operations-certificate-generateCertificate');
  await operation.locator('.opblock-summary-control').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  const reply = operation.locator('.live-responses-table .response').first();
  await reply.locator('.response-col_status', { hasText: '200' }).waitFor();
  return reply.locator('.response-col_description .highlight-code code').innerText();
}

/** Enters an API key into the page. */
async function authorize(page: Page, key: string): Promise<void> {
  await page.locator('.auth-wrapper .authorize').click();
  const scheme = page.locator('.auth-container', { hasText: 'X-API-Key' });
  await scheme.locator('input').fill(key);
  await scheme.getByRole('button', { name: 'Apply credentials' }).click();
  await page.locator('.modal-ux .close-modal').click();
}

t.test('Swagger UI', { skip: chromiumMissing }, async (t) => {
  const browser: Browser = await chromium.launch({ executablePath: chromiumPath, args: FLAGS });
  t.teardown(() => browser.close());

  const makesACertificate = async (t: Test, host: string, basePath: string, key?: string) => {
    const { port } = await startService(t, { HOST: '0.0.0.0', BASE_PATH: basePath, API_KEYS: key });
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints = complaintsOf(page);

    const reply = JSON.parse(await tryOut(page, `http://${host}:${port}${basePath}/docs`, key));
    const certificate = new X509Certificate(Buffer.from(reply.certificate, 'base64'));
    t.equal(
      certificate.subject,
      'CN=example.com\nO=Example Org\nC=US',
      'the example of the documentation gets a certificate',
    );
    t.ok(certificate.verify(certificate.publicKey));
    t.same(complaints, [], 'the browser reports no error');
    await page.close();
  };

  await t.test('shows the errors of an operation on few screens', async (t) => {
    const { url } = await startService(t, { API_KEYS: 'a-key' });
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${url}/docs`);
    const operation = page.locator('#operations-certificate-generateCertificate');
    await operation.locator('.opblock-summary-control').click();
    const errors = operation.locator('.responses-table .response:not([data-code="200"])');
    await errors.first().waitFor();
    let height = 0;
    for (const error of await errors.all()) height += (await error.boundingBox())?.height ?? 0;
    t.comment(`${await errors.count()} errors, ${Math.round(height)} pixels high`);
    t.ok(height < 2500, `${height} pixels`);
    await page.close();
  });

  await t.test('asks for a key only if the service needs one', async (t) => {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    for (const [key, count] of [
      ['a-key', 1],
      [undefined, 0],
    ] as const) {
      const { url } = await startService(t, { API_KEYS: key });
      await page.goto(`${url}/docs`);
      await page.locator('#operations-certificate-generateCertificate').waitFor();
      t.equal(await page.locator('.auth-wrapper .authorize').count(), count);
    }
    await page.close();
  });

  await t.test('has a page about each problem', async (t) => {
    const { url } = await startService(t, { BASE_PATH: '/pki' });
    const page = await browser.newPage();
    const complaints = complaintsOf(page);
    const reply = await page.goto(`${url}/docs/problems`);
    t.equal(reply?.status(), 200);
    await page.getByRole('link', { name: 'invalid-request' }).click();
    await page.getByRole('heading', { name: 'What to do' }).waitFor();
    t.equal(new URL(page.url()).pathname, '/pki/docs/problems/invalid-request');
    t.same(complaints, [], 'the browser reports no error');
    await page.close();
  });

  await t.test('generates a certificate over plain http', (t) => makesACertificate(t, '127.0.0.1', ''));
  await t.test('generates a certificate under another address', (t) => makesACertificate(t, '127.0.0.2', ''));
  await t.test('generates a certificate under a base path', (t) => makesACertificate(t, '127.0.0.1', '/pki'));
  await t.test('generates a certificate for a user with an API key', (t) =>
    makesACertificate(t, '127.0.0.1', '', 'a-key'),
  );
});
