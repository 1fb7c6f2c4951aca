/** The page as the tests see it, and the fixture that fails a test when the browser has anything to complain about. */
import { expect, test as base, type Locator, type Page } from '@playwright/test';

/** Few images on the backend that every machine has: a run takes a second or two. */
export const SMALL = '?data=strokes&train=600&test=400&backend=wasm';
export const SMALL_TEST = 400;
export const EXITS = 10;

/** A row of the table under the exit map. */
export interface Leaving {
  readonly exit: string;
  readonly leave: number;
  readonly right: number;
  readonly wrong: number;
}

const whole = (text: string): number => Number(text.replaceAll(',', ''));
const share = (text: string): number => Number(text.replace('%', '').trim()) / 100;

export class Explore {
  /** What runs, how far, and how it ended. */
  readonly progress: Locator;
  readonly runButton: Locator;
  readonly stopButton: Locator;
  readonly matrices: Locator;
  readonly thresholds: Locator;
  readonly operatingPoint: Locator;
  /** Who set the thresholds. */
  readonly setBy: Locator;
  /** How far the search for thresholds is. */
  readonly searched: Locator;
  readonly dialog: Locator;
  readonly map: Locator;
  readonly messages: Locator;
  readonly image: Locator;
  /** What is said of a recorded run. */
  readonly recorded: Locator;

  constructor(readonly page: Page) {
    const bar = page.getByRole('banner');
    this.progress = bar.getByRole('status');
    this.runButton = bar.getByRole('button', { name: 'Run', exact: true });
    this.stopButton = bar.getByRole('button', { name: 'Stop', exact: true });
    this.matrices = page.getByRole('button', { name: /^Enlarge the confusion matrix/ });
    this.thresholds = page.getByRole('slider', { name: /^Images that leave at/ });
    this.operatingPoint = page.getByRole('slider', { name: 'Operating point' });
    this.setBy = page.getByText(/^thresholds (chosen|set|from|certified) /);
    this.searched = page.locator('.curve-progress');
    this.dialog = page.getByRole('dialog');
    this.map = page.getByRole('listbox', { name: /^Images under the exit/ });
    this.messages = page.getByRole('region', { name: 'Messages' });
    this.recorded = page.getByRole('region', { name: 'Recorded run' });
    this.image = page.getByRole('region', { name: 'One image' });
  }

  async open(query = SMALL): Promise<void> {
    await this.page.goto(`./${query}`);
    await this.finished();
  }

  /** The run has ended, the chosen curve is searched to its end and somebody has chosen the thresholds. */
  async finished(): Promise<void> {
    await expect(this.progress).toContainText('done in', { timeout: 60_000 });
    await this.searchedThrough();
  }

  /** A recorded run is on screen, searched to the end like one that was computed here. */
  async replayed(): Promise<void> {
    await expect(this.recorded).toBeVisible();
    await expect(this.progress).toContainText('recorded run', { timeout: 30_000 });
    await this.searchedThrough();
  }

  private async searchedThrough(): Promise<void> {
    await expect(this.searched).toHaveText(/undominated, [\d.]+ (s|min \d+ s)$/);
    await expect(this.operatingPoint).toBeVisible();
    await expect(this.setBy).toBeVisible();
  }

  /** The table “The same in numbers”, opened: closed, it follows a change a little later. */
  async leaving(): Promise<Leaving[]> {
    const table = this.page.locator('.exits .leaving-table');
    await table.evaluate(async (details: HTMLDetailsElement) => {
      if (details.open) return;
      details.open = true;
      await new Promise((resolve) => details.addEventListener('toggle', resolve, { once: true }));
    });
    const rows = await this.page
      .locator('.exits .leaving-table tbody tr')
      .evaluateAll((found) =>
        found.map((row) => [...row.children].map((cell) => cell.textContent)),
      );
    return rows.map(([exit, leave, , right, wrong]) => ({
      exit: exit!,
      leave: whole(leave!),
      right: whole(right!),
      wrong: whole(wrong!),
    }));
  }

  async leavingCounts(): Promise<number[]> {
    return (await this.leaving()).map(({ leave }) => leave);
  }

  /** The big numbers: accuracy and relative FLOPs of the policy on screen. */
  async numbers(): Promise<{ accuracy: number; cost: number }> {
    const [accuracy, cost] = await this.page.locator('.numbers dd').allTextContents();
    return { accuracy: share(accuracy!), cost: Number(cost) };
  }

  /** Accuracy of the nearest class mean at every exit. */
  async exitAccuracies(): Promise<number[]> {
    return (await this.page.locator('.exit-accuracy').allTextContents()).map(share);
  }

  /** How many images the map shows. */
  async shownOnMap(): Promise<number> {
    const words = await this.page
      .locator('.map-head')
      .getByText(/^[\d,]+ (test |train )?images?( of .*)?$/)
      .textContent();
    return whole(words!.split(' ')[0]!);
  }

  /** A drop-down list by its label. */
  select(name: string): Locator {
    return this.page.getByRole('combobox', { name, exact: true });
  }

  async openMenu(name: string | RegExp): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name }).click();
  }

  /** Drops files on the page, as from a folder. */
  async drop(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const plain = [...files].map(([name, bytes]) => ({
      name,
      base64: Buffer.from(bytes).toString('base64'),
    }));
    await this.page.evaluate((given) => {
      const dataTransfer = new DataTransfer();
      for (const { name, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], name));
      }
      for (const type of ['dragover', 'drop']) {
        document.body.dispatchEvent(
          new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
        );
      }
    }, plain);
  }

  /** The link that the share button gives. */
  async sharedLink(): Promise<string> {
    await this.page.getByRole('button', { name: 'Share' }).click();
    await this.page.getByRole('button', { name: 'Copy the link' }).click();
    await expect(this.page.getByRole('button', { name: 'Link copied' })).toBeVisible();
    await this.page.keyboard.press('Escape');
    return this.page.evaluate(() => navigator.clipboard.readText());
  }
}

/** What Chromium itself says in the console where it has no WebGPU adapter: not the page's doing. */
const expectedOfBrowser = new Set([
  'No available adapters.',
  // What a test routes is not answered by one: playwright.config.ts.
  'Service Worker registration blocked by Playwright',
]);

/** Requests that the page took back, and the tab's icon, for which Chromium asks again at every new address. */
function isOwnDoing(url: string, why: string): boolean {
  return why === 'net::ERR_ABORTED' || url.endsWith('/favicon.svg');
}

export const test = base.extend<{ explore: Explore; complaints: string[] }>({
  /** Console errors and warnings, uncaught exceptions, failed requests: of every page and worker of the test. */
  complaints: [
    async ({ context }, use) => {
      const complaints: string[] = [];
      context.on('console', (message) => {
        if (!['error', 'warning'].includes(message.type())) return;
        if (!expectedOfBrowser.has(message.text()) && !isOwnDoing(message.location().url, ''))
          complaints.push(`console ${message.type()}: ${message.text()}`);
      });
      context.on('weberror', (error) => complaints.push(`exception: ${error.error().message}`));
      context.on('requestfailed', (request) => {
        const why = request.failure()?.errorText ?? '';
        if (!isOwnDoing(request.url(), why)) complaints.push(`failed: ${request.url()} ${why}`);
      });
      context.on('response', (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
  explore: async ({ page }, use) => use(new Explore(page)),
});

export { expect };
