import { createScore } from '@attune/core';
import { encodeMp3, readWav } from '@attune/core/audio';
import { readMidi, writeMidi } from '@attune/core/midi';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';

interface Probe {
  readonly contextState: string;
  readonly scheduledNotes: number;
  readonly position: number;
  readonly trackId: string | null;
}

const PASSWORD = 'correct-horse-battery';
const email = `listener-${Date.now()}@attune.example`;

async function probe(page: Page): Promise<Probe | undefined> {
  return page.evaluate(() => {
    const found = (window as unknown as { __attunePlayer?: Probe }).__attunePlayer;
    return found && ({ ...JSON.parse(JSON.stringify(found)), position: found.position } as Probe);
  });
}

async function me(page: Page): Promise<{ id: string; ratings: number; isGuest: boolean }> {
  return page.evaluate(async () => {
    const response = await fetch('/api/trpc/viewer.me');
    const body = (await response.json()) as {
      result: { data: { json: { id: string; ratings: number; isGuest: boolean } } };
    };
    return body.result.data.json;
  });
}

async function recommended(page: Page): Promise<string[]> {
  await page.goto('/for-you');
  const list = page.getByRole('list', { name: 'Recommended tracks' });
  await expect(list.getByRole('listitem').first()).toBeVisible();
  return list
    .locator('a[href^="/track/"]')
    .evaluateAll((links) => [...new Set(links.map((a) => a.getAttribute('href')!))]);
}

/** Rates what Discover shows by pressing keys; each time the rating is stored and the next track comes on view. */
async function rateByKeys(page: Page, keys: readonly string[]): Promise<void> {
  await page.goto('/');
  await expect(
    page
      .getByRole('main')
      .getByRole('button', { name: /^Play / })
      .first(),
  ).toBeVisible();
  const title = page.getByRole('main').locator('h2 a').first();
  const { ratings } = await me(page);
  for (const [i, key] of keys.entries()) {
    const before = await title.textContent();
    await page.keyboard.press(key);
    await expect(title).not.toHaveText(before!);
    await expect.poll(async () => (await me(page)).ratings).toBe(ratings + i + 1);
  }
}

async function download(page: Page, link: Locator): Promise<Uint8Array> {
  const [file] = await Promise.all([page.waitForEvent('download', { timeout: 120_000 }), link.click()]);
  return new Uint8Array(await readFile(await file.path()));
}

function madeUpMidi(): Uint8Array {
  const notes = Array.from({ length: 64 }, (_, i) => ({
    start: i * 240,
    duration: 240,
    pitch: 60 + [0, 4, 7, 12, 9, 5, 2, 11][i % 8]!,
    velocity: 80,
  }));
  const track = { name: 'Tune', program: 73, isDrum: false, notes, controls: [], bends: [] };
  return writeMidi(createScore({ ticksPerQuarter: 480, title: 'A made-up tune', tracks: [track] }));
}

async function madeUpMp3(): Promise<Uint8Array> {
  const sampleRate = 22_050;
  const tone = Float32Array.from({ length: 6 * sampleRate }, (_, i) => {
    const beat = Math.floor(i / (sampleRate / 4)) % 8;
    return (
      0.4 * Math.sin((2 * Math.PI * 220 * 2 ** ([0, 4, 7, 12, 7, 4, 2, 5][beat]! / 12) * i) / sampleRate)
    );
  });
  return encodeMp3({ sampleRate, channels: [tone] }, { kbps: 128 });
}

test('from a rating to music made for you', async ({ page, browser }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });

  await test.step('a guest listens and rates eight tracks by keyboard', async () => {
    await page.goto('/');
    await expect(
      page
        .getByRole('main')
        .getByRole('button', { name: /^Play / })
        .first(),
    ).toBeVisible();
    await page.keyboard.press('Space');
    await expect.poll(async () => (await probe(page))?.contextState, { timeout: 60_000 }).toBe('running');
    await expect.poll(async () => (await probe(page))?.scheduledNotes ?? 0).toBeGreaterThan(10);
    await expect.poll(async () => (await probe(page))?.position ?? 0).toBeGreaterThan(0.5);
    await rateByKeys(page, ['5', '1', '4', '2']);
  });

  let first: string[] = [];
  await test.step('recommendations say why, and change with ratings', async () => {
    first = await recommended(page);
    await rateByKeys(page, ['1', '5', '3', 'n']);
    expect((await me(page)).ratings).toBe(8);
    const second = await recommended(page);
    expect(second).not.toEqual(first);
    await expect(page.getByRole('button', { name: /^Reason: / }).first()).toBeVisible();
  });

  let composed = '';
  await test.step('compose for me shows progress, and the piece plays', async () => {
    await page.getByRole('button', { name: 'Compose for me' }).click();
    await expect(page.getByRole('progressbar', { name: 'Composing' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Open the track' })).toBeVisible({ timeout: 300_000 });
    await page.getByRole('link', { name: 'Open the track' }).click();
    await page.waitForURL(/\/track\//);
    composed = page.url().split('/').at(-1)!;
    await expect.poll(async () => (await probe(page))?.trackId, { timeout: 60_000 }).toBe(composed);
    await expect.poll(async () => (await probe(page))?.contextState).toBe('running');
    await expect.poll(async () => (await probe(page))?.scheduledNotes ?? 0).toBeGreaterThan(10);
  });

  await test.step('it downloads as MIDI and WAV that parse back', async () => {
    const score = readMidi(await download(page, page.getByRole('link', { name: /MIDI/ })));
    expect(score.tracks.flatMap((track) => track.notes).length).toBeGreaterThan(20);
    const clip = readWav(await download(page, page.getByRole('link', { name: /WAV/ })));
    expect(clip.channels.length).toBe(2);
    expect(clip.channels[0]!.some((value) => Math.abs(value) > 0.01)).toBe(true);
  });

  await test.step('signing up keeps the ratings', async () => {
    await page.goto('/account');
    await page.getByLabel('Name').fill('Listener');
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign up and keep my ratings' }).click();
    await expect(page.getByText(`Signed in as Listener (${email})`)).toBeVisible();
    expect(await me(page)).toMatchObject({ ratings: 8, isGuest: false });
    await page.goto(`/track/${composed}`);
    await expect(page.getByRole('heading', { name: 'How it was made' })).toBeVisible();
  });

  const uploads: string[] = [];
  await test.step('a MIDI file and an MP3 are uploaded and classified', async () => {
    await page.goto('/library');
    await page.locator('input[type="file"]').setInputFiles([
      { name: 'tune.mid', mimeType: 'audio/midi', buffer: Buffer.from(madeUpMidi()) },
      { name: 'tones.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from(await madeUpMp3()) },
      {
        name: 'words.mp3',
        mimeType: 'audio/mpeg',
        buffer: Buffer.from('These are only words, not sound. '.repeat(40)),
      },
    ]);
    const list = page.getByRole('list', { name: 'Uploads' });
    await expect(list.getByText('added')).toHaveCount(2, { timeout: 90_000 });
    await expect(list.locator('.text-danger')).toHaveCount(1);
    for (const link of await list.locator('a[href^="/track/"]').all())
      uploads.push((await link.getAttribute('href'))!);
    expect(uploads.length).toBe(2);
    for (const href of uploads) {
      await page.goto(href);
      await expect(page.getByRole('heading', { name: 'Style, as the models hear it' })).toBeVisible();
      await expect(page.getByText(/^Model /).first()).toBeVisible();
    }
  });

  await test.step('an administrator corrects a label', async () => {
    const context = await browser.newContext();
    const admin = await context.newPage();
    await admin.goto('/account');
    await admin.getByRole('button', { name: 'I already have an account' }).click();
    await admin.getByLabel('Email').fill(process.env['ADMIN_EMAIL']!);
    await admin.getByLabel('Password').fill(process.env['ADMIN_PASSWORD']!);
    await admin.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(admin.getByText('Signed in as Administrator')).toBeVisible();
    await admin.goto('/admin');
    const row = admin.getByRole('table', { name: 'Classifications' }).getByRole('row').nth(1);
    await row.click();
    const labels = admin.getByRole('group', { name: /^Label .* as$/ });
    const title = (await labels.getAttribute('aria-label'))!.replace(/^Label (.*) as$/, '$1');
    const hymn = labels.getByRole('button', { name: /Hymn/ });
    await hymn.click();
    await expect(admin.getByText(`${title}: Hymn`).first()).toBeAttached();
    await context.close();
  });

  await test.step('a stranger reaches nothing of the listener', async () => {
    const context = await browser.newContext();
    const stranger = await context.newPage();
    await stranger.goto('/');
    await expect(stranger.getByRole('heading', { name: 'Discover' })).toBeVisible();
    for (const path of [
      `/api/tracks/${composed}/midi`,
      `/api/tracks/${uploads[1]!.split('/').at(-1)!}/audio`,
    ]) {
      expect([401, 403, 404]).toContain((await context.request.get(path)).status());
    }
    await context.close();
  });

  await test.step('erasing leaves a new guest', async () => {
    const { id } = await me(page);
    const trackIds = [composed, ...uploads.map((href) => href.split('/').at(-1)!)];
    await writeFile(process.env['ERASED_FILE']!, JSON.stringify({ id, email, trackIds }));
    await page.goto('/account');
    await page.getByRole('button', { name: 'Erase everything' }).click();
    await page.getByLabel('Type erase to confirm').fill('erase');
    await page.getByRole('dialog').getByRole('button', { name: 'Erase everything' }).click();
    await expect(page.getByText('Everything was erased. You are a new guest.')).toBeVisible();
    const after = await me(page);
    expect(after.id).not.toBe(id);
    expect(after.ratings).toBe(0);
  });

  // The refused upload is a failed request that the browser also logs.
  expect(errors.filter((text) => !/status of 4\d\d/.test(text))).toEqual([]);
});
