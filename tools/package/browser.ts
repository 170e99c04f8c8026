import type { Page } from 'puppeteer-core';

/** Everything that a page complains about, as it comes: its errors, warnings, and requests that failed. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => {
    complaints.push(String(error));
  });
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text());
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // Chrome gives up requests for media once it has buffered enough.
    if (request.resourceType() !== 'media') complaints.push(`${reason} ${request.url()}`);
  });
  return complaints;
}

/** What one `void-mask` event told. */
export interface MaskReport {
  readonly width: number;
  readonly height: number;
  /** Levels of an `alpha` mask, 0 to 255. */
  readonly lowest: number;
  readonly highest: number;
}

/** A page as an author would write it, which besides remembers its first mask. `hint` is a `<link>` for its head. */
export function createPage(scriptUrl: string, attributes: string, hint = ''): string {
  return `<!doctype html>
<html lang="en">
  <link rel="icon" href="data:," />
  <title>void-segmenter</title>
  ${hint}
  <script type="module" src="${scriptUrl}"></script>
  <void-segmenter mask-output="alpha" autoplay muted ${attributes}></void-segmenter>
  <script>
    firstMask = new Promise((resolve, reject) => {
      const element = document.querySelector('void-segmenter');
      element.addEventListener('void-error', ({ error }) => reject(error));
      element.addEventListener('void-mask', ({ mask: { width, height, data } }) => {
        let lowest = 255;
        let highest = 0;
        for (const level of data) {
          lowest = Math.min(lowest, level);
          highest = Math.max(highest, level);
        }
        resolve({ width, height, lowest, highest });
      });
    });
  </script>
</html>`;
}

/** Waits for the first mask of such a page. Rejects with the element's first `void-error`. */
export function firstMask(page: Page): Promise<MaskReport> {
  return page.evaluate('firstMask') as Promise<MaskReport>;
}

const eightCores = { hardwareConcurrency: 8 };

/**
 * Gives the page and its workers eight cores to count with.
 *
 * @returns The names of the threads that its workers start, as they start.
 */
export async function watchThreads(page: Page): Promise<readonly string[]> {
  const threads: string[] = [];
  const session = await page.createCDPSession();
  await session.send('Emulation.setHardwareConcurrencyOverride', eightCores);
  page.on('workercreated', ({ client }) => {
    client.on('Target.attachedToTarget', ({ targetInfo }) => threads.push(targetInfo.title));
    const options = { autoAttach: true, waitForDebuggerOnStart: false, flatten: true };
    // The page may be gone by now.
    client.send('Emulation.setHardwareConcurrencyOverride', eightCores).catch(() => {});
    client.send('Target.setAutoAttach', options).catch(() => {});
  });
  return threads;
}
