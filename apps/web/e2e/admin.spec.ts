import AxeBuilder from '@axe-core/playwright';
import { expect as strict, test, type Page } from '@playwright/test';

/** Training and looking into a whole catalogue take their time on a busy machine. */
const expect = strict.configure({ timeout: 60_000 });

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

async function axeFindsNothing(page: Page, where: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  expect(violations.map((v) => `${where} ${v.id}: ${v.nodes[0]!.html.slice(0, 120)}`)).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${where} scrolls sideways`).toBeLessThanOrEqual(0);
}

async function signIn(page: Page): Promise<void> {
  await page.goto('/account');
  await page.getByRole('button', { name: 'I already have an account' }).click();
  await page.getByLabel('Email').fill(process.env['ADMIN_EMAIL']!);
  await page.getByLabel('Password').fill(process.env['ADMIN_PASSWORD']!);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText('Signed in as Administrator')).toBeVisible();
}

test('an administrator labels by keyboard, trains the model again, puts it in use and goes back', async ({
  page,
}) => {
  await signIn(page);
  await page.goto('/admin');
  const table = page.getByRole('table', { name: 'Classifications' });
  await expect(table.getByRole('row').nth(4)).toBeVisible();

  await test.step('a key labels, and the next row is on', async () => {
    const panel = page.getByRole('group', { name: /^Label .* as$/ });
    for (const key of ['2', '2', '8', '8', '8']) {
      const before = await panel.getAttribute('aria-label');
      await page.keyboard.press(key);
      await expect(panel).not.toHaveAttribute('aria-label', before!);
    }
    await axeFindsNothing(page, 'the table');
  });

  await test.step("a label of one's own can be added", async () => {
    await page.getByText('Other labels').click();
    await page.getByLabel('Name of the label').fill('Tango');
    await page.getByLabel('Stands below').selectOption('latin');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(
      page.getByRole('group', { name: /^Label .* as$/ }).getByRole('button', { name: /Tango/ }),
    ).toBeVisible();
  });

  await test.step('the map is walked by arrows, and says where one is', async () => {
    await page.getByRole('button', { name: 'Map', exact: true }).click();
    const map = page.getByRole('application', { name: /^Map of/ });
    await map.focus();
    const spoken = page.locator('#map-chosen');
    // At an edge of the map an arrow leads nowhere, so not each of them needs to move.
    const heard = new Set([await spoken.textContent()]);
    for (const key of ['ArrowRight', 'ArrowUp', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowLeft']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(100);
      heard.add(await spoken.textContent());
    }
    expect(heard.size).toBeGreaterThan(1);
    await expect(spoken).toHaveText(/model says .+; (labelled|not labelled)/);
    await page.getByText('The same tracks as a table').click();
    await expect(
      page.getByRole('table', { name: 'The same tracks as a table' }).getByRole('row').nth(3),
    ).toBeVisible();
    await axeFindsNothing(page, 'the map');
  });

  await test.step('training shows how far it is, and what changed', async () => {
    await page.getByRole('tab', { name: 'Models' }).click();
    await page.getByRole('button', { name: 'Train again: Model of notes' }).click();
    await expect(page.getByText('Training: Model of notes: done.')).toBeVisible({ timeout: 300_000 });
    await expect(page.getByText(/Learned from \d+ labelled tracks/)).toBeVisible();
    await expect(page.getByText(/\d+ of \d+ catalogue tracks would get another label\./)).toBeVisible();
    await axeFindsNothing(page, 'the models');
  });

  await test.step('the new version is put in use, and taken back', async () => {
    await page.getByRole('button', { name: /^Put style-symbolic-\d+\.1 in use$/ }).click();
    const back = page.getByRole('button', { name: /^Go back to style-symbolic-\d+$/ });
    await expect(back).toBeVisible();
    await back.click();
    await expect(page.getByRole('button', { name: /^Put style-symbolic-\d+\.1 in use$/ })).toBeVisible();
  });

  await test.step('trends say that the history is short', async () => {
    await page.getByRole('tab', { name: 'Trends' }).click();
    await expect(page.getByText('The history is too short to tell.')).toBeVisible();
    await axeFindsNothing(page, 'the trends');
  });
});

test('a listener searches by words, by a track and by a tapped rhythm', async ({ page }) => {
  await page.goto('/library');
  await page.getByRole('link', { name: 'Search by words, example or melody' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Search' })).toBeVisible();

  await test.step('words become chips that can be taken away', async () => {
    await page.getByLabel('What do you want to hear?').fill('in minor, under 300 bpm, frobnicate');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    const chips = page.getByRole('list', { name: 'Understood:' });
    await expect(chips.getByRole('listitem')).toHaveCount(2);
    await expect(page.getByText('Not understood, and in no title: “frobnicate”.')).toBeVisible();
    await expect(page.getByRole('list', { name: 'Found' }).getByRole('listitem').first()).toBeVisible();
    await page.getByRole('button', { name: 'Take away: minor' }).click();
    await expect(chips.getByRole('listitem')).toHaveCount(1);
    await axeFindsNothing(page, 'search by words');
  });

  await test.step('a track finds its like, in one aspect too', async () => {
    await page.getByRole('tab', { name: 'Like this' }).click();
    await page.getByRole('list', { name: 'Tracks to start from' }).getByRole('button').first().click();
    const found = page.getByRole('list', { name: 'Found' });
    await expect(found.getByRole('listitem').first()).toBeVisible();
    await page.getByLabel('Alike in').selectOption('rhythm');
    await expect(found.getByRole('listitem').first()).toBeVisible({ timeout: 60_000 });
    await axeFindsNothing(page, 'search by example');
  });

  await test.step('a tapped rhythm finds something', async () => {
    await page.getByRole('tab', { name: 'Hum or tap' }).click();
    const pad = page.getByRole('button', { name: 'Tap here' });
    await pad.focus();
    for (const pause of [0, 400, 400, 200, 200, 400, 400]) {
      await page.waitForTimeout(pause);
      await page.keyboard.press('j');
    }
    await expect(page.getByText('7 taps')).toBeVisible();
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await expect(page.getByRole('list', { name: 'Found' }).getByRole('listitem').first()).toBeVisible({
      timeout: 60_000,
    });
    await axeFindsNothing(page, 'search by melody');
  });
});
