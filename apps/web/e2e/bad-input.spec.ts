import { createScore } from '@attune/core';
import { writeMidi } from '@attune/core/midi';
import { HOSTILE_MIDI } from '@attune/core/testing';
import { expect, test, type Page } from '@playwright/test';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';

/** A sentence for a person: starts with a capital, ends with a stop, is no stack trace and no JSON. */
const SENTENCE = /^[A-Z0-9“"'][^\n{}]{8,300}([.!?]|\(byte \d+\))$/;

interface Answer {
  readonly status: number;
  readonly message: string;
}

async function upload(page: Page, name: string, bytes: Uint8Array): Promise<Answer> {
  const response = await page.request.post('/api/upload', {
    headers: {
      'x-file-name': encodeURIComponent(name),
      'content-type': 'application/octet-stream',
      origin: new URL(page.url()).origin,
    },
    data: Buffer.from(bytes),
    timeout: 60_000,
  });
  const body = (await response.json()) as { error?: { message?: string } | string; message?: string };
  const message = typeof body.error === 'string' ? body.error : (body.error?.message ?? body.message ?? '');
  return { status: response.status(), message };
}

/** Files under the data folder that hold what people uploaded or had rendered. */
function storedFiles(): number {
  const folder = path.join(process.env['ATTUNE_DATA_HOME']!, 'files');
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length;
}

function longMidi(hours: number): Uint8Array {
  const last = hours * 3600 * 2 * 480; // quarters of half a second
  const notes = [0, last].map((start) => ({ start, duration: 480, pitch: 60, velocity: 80 }));
  const track = { name: 'Long', program: 0, isDrum: false, notes, controls: [], bends: [] };
  return writeMidi(createScore({ ticksPerQuarter: 480, tracks: [track] }));
}

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  await expect(
    page
      .getByRole('main')
      .getByRole('button', { name: /^Play / })
      .first(),
  ).toBeVisible();
});

test('bad files get one clear sentence, and nothing half-written stays', async ({ page }) => {
  const before = storedFiles();
  const valid = writeMidi(
    createScore({
      ticksPerQuarter: 480,
      tracks: [
        {
          name: 'a',
          program: 0,
          isDrum: false,
          notes: [{ start: 0, duration: 480, pitch: 60, velocity: 80 }],
          controls: [],
          bends: [],
        },
      ],
    }),
  );
  const cases: readonly (readonly [what: string, name: string, bytes: Uint8Array])[] = [
    ['zero bytes', 'empty.mid', new Uint8Array(0)],
    ['text named .mp3', 'song.mp3', new TextEncoder().encode('This is no music, only words. '.repeat(200))],
    ['three-hour MIDI', 'long.mid', longMidi(3)],
    ['MIDI cut in its header', 'cut.mid', valid.subarray(0, 11)],
    ['WAV of a header alone', 'head.wav', new TextEncoder().encode('RIFF\x24\x00\x00\x00WAVEfmt ')],
    ['FLAC of a marker alone', 'mark.flac', new TextEncoder().encode('fLaC')],
    ['OGG of a marker alone', 'mark.ogg', new TextEncoder().encode('OggS')],
    ...HOSTILE_MIDI.filter(({ lenient }) => typeof lenient === 'string').map(
      ({ name, bytes }) => [name, 'hostile.mid', bytes()] as const,
    ),
  ];
  for (const [what, name, bytes] of cases) {
    const { status, message } = await upload(page, name, bytes);
    console.log(`${String(status)}  ${what}: ${message}`);
    expect.soft(status, what).toBeGreaterThanOrEqual(400);
    expect.soft(status, what).toBeLessThan(500);
    expect.soft(message, what).toMatch(SENTENCE);
  }
  expect(storedFiles()).toBe(before);
  // What can be recovered is recovered: cut in the middle of its track, a file still has its first note.
  const { status } = await upload(page, 'cut.mid', valid.subarray(0, valid.length - 4));
  expect(status).toBe(201);
  expect((await page.request.get('/api/health')).ok()).toBe(true);
});

test('an upload of 200 MB is refused before it was sent', async ({ page }) => {
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const { origin } = new URL(page.url());
  const size = 200_000_000;
  const { status, body, sent } = await new Promise<{ status: number; body: string; sent: number }>(
    (resolve, reject) => {
      let sent = 0;
      let answered = false;
      const headers = { cookie: cookies, origin, 'x-file-name': 'huge.wav', 'content-length': size };
      const request = http.request(`${origin}/api/upload`, { method: 'POST', headers }, (response) => {
        answered = true;
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => {
          resolve({ status: response.statusCode!, body, sent });
          request.destroy();
        });
      });
      request.on('error', (error) => answered || reject(error));
      const chunk = Buffer.alloc(1_000_000);
      const pump = (): void => {
        while (!answered && sent < size) {
          sent += chunk.length;
          if (!request.write(chunk)) return void request.once('drain', pump);
        }
      };
      pump();
    },
  );
  console.log(`${status} after ${sent / 1e6} of ${size / 1e6} MB: ${body}`);
  expect(status).toBe(413);
  expect(sent).toBeLessThan(size / 2);
  expect((await page.request.get('/api/health')).ok()).toBe(true);
});

test('a second server on the same data folder says so and stops', async () => {
  const onServer = Boolean(process.env['DATABASE_URL']);
  const reason = 'the folder is locked for the embedded database alone';
  if (onServer) console.log(`Skipped: ${reason}.`); // the list reporter does not print reasons
  test.skip(onServer, reason);
  const { code, output } = await new Promise<{ code: number | null; output: string }>((resolve) => {
    const server = spawn(process.execPath, [path.resolve(import.meta.dirname, '../scripts/start.mjs')], {
      env: { ...process.env, PORT: process.env['SECOND_PORT']! },
    });
    let output = '';
    for (const stream of [server.stdout, server.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    server.on('exit', (code) => resolve({ code, output }));
  });
  console.log(
    output
      .split('\n')
      .filter((line) => line.includes('data folder'))
      .join('\n'),
  );
  expect(output).toMatch(/is using the data folder .*; stop it/);
  expect(code).not.toBe(0);
});
