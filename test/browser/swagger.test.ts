import { X509Certificate } from 'node:crypto';
import { chromium, type Page } from 'playwright-core';
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

const OPERATION = '#operations-certificate-generateCertificate';
const AUTHORIZE = '.auth-wrapper .authorize';

const expand = (page: Page): Promise<void> => page.locator(`${OPERATION} .opblock-summary-control`).click();

/** Tries certificate/generate with the mouse, as a user does. Returns the text of the reply that the page shows. */
async function tryOut(page: Page, key?: string): Promise<string> {
  if (key !== undefined) await authorize(page, key);
  const operation = page.locator(OPERATION);
  if (!(await operation.locator('.opblock-body').isVisible())) await expand(page);
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  const reply = operation.locator('.live-responses-table .response').first();
  await reply.locator('.response-col_status', { hasText: '200' }).waitFor();
  return reply.locator('.response-col_description .highlight-code code').innerText();
}

/** Enters an API key into the page. */
async function authorize(page: Page, key: string): Promise<void> {
  await page.locator(AUTHORIZE).click();
  const scheme = page.locator('.auth-container', { hasText: 'X-API-Key' });
  await scheme.locator('input').fill(key);
  await scheme.getByRole('button', { name: 'Apply credentials' }).click();
  await page.locator('.modal-ux .close-modal').click();
}

/** How many buttons ask for a key. */
async function askedKeys(page: Page): Promise<number> {
  await page.locator(OPERATION).waitFor();
  return page.locator(AUTHORIZE).count();
}

/** To open a page or a window takes seconds of processor time, so the tests of a service share a page. */
t.test('Swagger UI', { skip: chromiumMissing }, async (t) => {
  const browser = await chromium.launch({ executablePath: chromiumPath, args: FLAGS });
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints = complaintsOf(page);

  const open = async (t: Test, url: string): Promise<void> => {
    await page.goto('about:blank');
    complaints.length = 0;
    t.equal((await page.goto(url))?.status(), 200);
  };

  const makesACertificate = async (t: Test, key?: string): Promise<void> => {
    const reply = JSON.parse(await tryOut(page, key));
    const certificate = new X509Certificate(Buffer.from(reply.certificate, 'base64'));
    t.equal(
      certificate.subject,
      'CN=example.com\nO=Example Org\nC=US',
      'the example of the documentation gets a certificate',
    );
    t.ok(certificate.verify(certificate.publicKey));
    t.same(complaints, [], 'the browser reports no error');
  };

  await t.test('of a service that needs a key', async (t) => {
    const { url } = await startService(t, { DOCS_ENABLED: 'true', API_KEYS: 'a-key' });
    await open(t, `${url}/docs`);
    await t.test('asks for a key', async (t) => t.equal(await askedKeys(page), 1));
    await t.test('shows the errors of an operation on few screens', async (t) => {
      await expand(page);
      const errors = page.locator(`${OPERATION} .responses-table .response:not([data-code="200"])`);
      await errors.first().waitFor();
      let height = 0;
      for (const error of await errors.all()) height += (await error.boundingBox())?.height ?? 0;
      t.comment(`${await errors.count()} errors, ${Math.round(height)} pixels high`);
      t.ok(height < 2500, `${height} pixels`);
    });
    await t.test('generates a certificate for a user with an API key', (t) => makesACertificate(t, 'a-key'));
  });

  await t.test('of a service for all', async (t) => {
    const { port } = await startService(t, { DOCS_ENABLED: 'true', HOST: '0.0.0.0' });
    await open(t, `http://127.0.0.1:${port}/docs`);
    await t.test('asks for no key', async (t) => t.equal(await askedKeys(page), 0));
    await t.test('generates a certificate over plain http', (t) => makesACertificate(t));
    await t.test('generates a certificate under another address', async (t) => {
      await open(t, `http://127.0.0.2:${port}/docs`);
      await makesACertificate(t);
    });
  });

  await t.test('of a service under a base path', async (t) => {
    const { url } = await startService(t, { DOCS_ENABLED: 'true', BASE_PATH: '/pki' });
    await t.test('generates a certificate', async (t) => {
      await open(t, `${url}/docs`);
      await makesACertificate(t);
    });
    await t.test('has a page about each problem', async (t) => {
      await open(t, `${url}/docs/problems`);
      await page.getByRole('link', { name: 'invalid-request' }).click();
      await page.getByRole('heading', { name: 'What to do' }).waitFor();
      t.equal(new URL(page.url()).pathname, '/pki/docs/problems/invalid-request');
      t.same(complaints, [], 'the browser reports no error');
    });
  });
});
