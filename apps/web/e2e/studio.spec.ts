import { readMidi } from '@attune/core/midi';
import { readCheckpointFolder } from '@attune/core/node';
import { createGenerator } from '@attune/generate';
import { shippedCheckpointFolder } from '@attune/generate/node';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';

/** A busy machine composes and starts sound slowly; nothing here asserts a time. */
const PATIENT = { timeout: 240_000 };

interface Probe {
  readonly scheduledNotes: number;
  readonly position: number;
  readonly status: string;
  readonly trackId: string | null;
  readonly firstSound: number | null;
}

async function probe(page: Page): Promise<Probe> {
  return page.evaluate(() => {
    const found = (window as unknown as { __attunePlayer: Probe }).__attunePlayer;
    const { scheduledNotes, position, status, trackId, firstSound } = found;
    return { scheduledNotes, position, status, trackId, firstSound };
  });
}

async function openStudio(page: Page): Promise<void> {
  await page.goto('/studio');
  await expect(page.getByRole('group', { name: 'What to do' })).toBeVisible(PATIENT);
}

async function setLength(page: Page, bars: number): Promise<void> {
  await page.getByRole('slider', { name: /^Length/ }).fill(String(bars));
}

async function download(page: Page, link: Locator): Promise<Uint8Array> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return new Uint8Array(await readFile(await file.path()));
}

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 120)}`)).toEqual([]);
}

test('a piece is heard while it is written, and gone on from', async ({ page }) => {
  await openStudio(page);
  const opened = page.getByRole('link', { name: 'Open the track' });
  let before = 0;
  await test.step('it sounds as soon as it can be, which for a long piece is while it is written', async () => {
    await page.getByLabel('Style').selectOption('rock');
    await setLength(page, 64);
    await page.getByRole('button', { name: 'Compose', exact: true }).click();
    await expect.poll(async () => (await probe(page)).firstSound, PATIENT).not.toBeNull();
    const stillWritten = await page.getByRole('progressbar', { name: 'Composing' }).isVisible();
    const heard = await probe(page);
    const when = stillWritten ? 'while it was written' : 'when it was written to the end';
    console.log(`From the press to the first note: ${Math.round(heard.firstSound!)} ms, ${when}.`);
    await expect.poll(async () => (await probe(page)).position).toBeGreaterThan(0.2);
    before = (await probe(page)).position;
  });

  await test.step('playing goes over to the stored track where it is', async () => {
    await expect(opened).toBeVisible(PATIENT);
    const player = page.getByRole('region', { name: 'Player' });
    await expect(player.locator('a[href^="/track/"]')).toBeVisible();
    const after = await probe(page);
    expect((await opened.getAttribute('href'))!).toBe(`/track/${after.trackId}`);
    expect(after.position).toBeGreaterThanOrEqual(before);
    expect(['playing', 'ended']).toContain(after.status);
  });

  await test.step('it pauses, and seeks back', async () => {
    const player = page.getByRole('region', { name: 'Player' });
    if ((await probe(page)).status === 'playing') {
      await player.getByRole('button', { name: /^Pause/ }).click();
      const at = (await probe(page)).position;
      await page.waitForTimeout(500);
      expect((await probe(page)).position).toBeCloseTo(at, 1);
    }
    await player.getByRole('button', { name: /^Play/ }).click();
    await player.getByRole('slider', { name: 'Position' }).fill('0');
    await expect.poll(async () => (await probe(page)).position).toBeLessThan(before + 30);
  });

  await test.step('a variation keeps its origin, where the model knows how', async () => {
    await opened.click();
    await page.waitForURL(/\/track\//);
    const vary = page.getByRole('main').getByRole('link', { name: 'Vary', exact: true });
    const refusal = page.getByText(/^Not offered: /).first();
    await expect(vary.or(refusal)).toBeVisible();
    if (!(await vary.isVisible())) {
      console.log('The shipped model has not learned to vary: its page says so.');
      return;
    }
    await vary.click();
    await page.waitForURL(/task=vary/);
    await page.getByRole('button', { name: 'Vary', exact: true }).click();
    await expect(opened).toBeVisible(PATIENT);
    await opened.click();
    await expect(page.getByRole('heading', { level: 1, name: /, varied$/ })).toBeVisible();
    await expect(page.getByText('varied: 50 % kept, by whole bars')).toBeVisible();
  });
});

test('a piece is composed in the browser, without a connection, and kept', async ({ page, context }) => {
  await openStudio(page);
  const compose = page.getByRole('button', { name: 'Compose', exact: true });
  await page.getByRole('switch', { name: 'Compose on this device' }).check();
  await page.getByLabel('Style').selectOption('folk');
  await page.getByLabel(/^Seed/).fill('77');
  await setLength(page, 8);
  await compose.click();
  const made = page.getByText('Composed on this device. It is not stored yet.');
  await expect(made).toBeVisible(PATIENT);
  const midi = page.getByRole('button', { name: 'Download MIDI' });

  await test.step('the notes are those of the server', async () => {
    const score = readMidi(await download(page, midi));
    const folder = process.env['ATTUNE_COMPOSER'] ?? shippedCheckpointFolder();
    const generator = createGenerator(readCheckpointFolder(folder));
    const theirs = await generator.generate({ conditioning: { style: 'folk' }, bars: 8, seed: 77 });
    const notes = theirs.score.tracks.map((track) => track.notes).filter((own) => own.length > 0);
    expect(score.tracks.map((track) => track.notes)).toEqual(notes);
  });

  await test.step('another one without a connection', async () => {
    await context.setOffline(true);
    await page.getByLabel(/^Seed/).fill('78');
    const before = await page.getByRole('heading', { level: 3 }).textContent();
    await compose.click();
    await expect(page.getByRole('button', { name: 'Keep in the library' })).toBeVisible(PATIENT);
    await expect(page.getByRole('heading', { level: 3 })).not.toHaveText(before!);
    await expect(page.getByRole('button', { name: 'Keep in the library' })).toBeDisabled();
    await expect.poll(async () => (await probe(page)).firstSound, PATIENT).not.toBeNull();
    await expect.poll(async () => (await probe(page)).position, PATIENT).toBeGreaterThan(0.2);
    await context.setOffline(false);
  });

  await test.step('it is kept with where it was made', async () => {
    await page.getByRole('button', { name: 'Keep in the library' }).click();
    await expect(page.getByText('Kept in your library.')).toBeVisible();
    await page.getByRole('link', { name: 'Open the track' }).click();
    await expect(page.getByText('a listener’s own device')).toBeVisible();
  });
});

test('other kinds of model make music', async ({ page }) => {
  await page.goto('/studio/others');
  const choose = page.getByLabel('Kind of model');
  const none = page.getByText('No other models are installed.');
  await expect(choose.or(none)).toBeVisible(PATIENT);
  await expectNoViolations(page);
  if (await none.isVisible()) {
    console.log('No other kind of model is registered.');
    return;
  }
  const names = await choose
    .locator('option')
    .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  expect(names).toContain('diffusion');
  for (const name of names.slice(0, 3)) {
    await test.step(name, async () => {
      await choose.selectOption(name);
      const pick = page.getByRole('button', { name: /^Start from / }).first();
      const make = page.getByRole('button', { name: 'Make', exact: true });
      await make.click();
      const missing = page.getByRole('alert').filter({ hasText: /^Choose / });
      while (await missing.isVisible()) await pick.click();
      if (!(await page.getByRole('progressbar', { name: 'Making music' }).isVisible())) await make.click();
      const made = page.getByRole('list', { name: 'Made now' }).getByRole('listitem').first();
      await expect(made).toBeVisible(PATIENT);
      await made.getByRole('button', { name: /^Play / }).click();
      await expect.poll(async () => (await probe(page)).status, PATIENT).toBe('playing');
    });
  }
});
