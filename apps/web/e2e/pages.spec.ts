import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';

const PAGES = ['/', '/for-you', '/studio', '/studio/others', '/library', '/taste', '/admin', '/account'];
const SIZES = [
  { name: 'desktop', width: 1280, height: 900 },
  { name: 'phone', width: 390, height: 844 },
];

for (const size of SIZES) {
  for (const scheme of ['light', 'dark'] as const) {
    test(`axe finds nothing, and nothing is cut off: ${size.name}, ${scheme}`, async ({ browser }) => {
      const context = await browser.newContext({
        viewport: size,
        colorScheme: scheme,
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const track = await (async () => {
        await page.goto('/library');
        return page
          .getByRole('list', { name: 'Tracks' })
          .locator('a[href^="/track/"]')
          .first()
          .getAttribute('href');
      })();
      for (const path of [...PAGES, track!]) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await page.waitForLoadState('networkidle');
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
          .analyze();
        expect(violations.map((v) => `${path} ${v.id}: ${v.nodes[0]!.html.slice(0, 120)}`)).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
      }
      await context.close();
    });
  }
}
