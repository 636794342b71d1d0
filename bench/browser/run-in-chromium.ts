import { chromium } from '@playwright/test';
import { existsSync } from 'node:fs';
import { bundleScript } from './bundle.ts';
import { servePage } from './serve.ts';
import { fromWire, type WireOutcome } from './wire.ts';
import type { Outcome } from './works.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where the works run in a browser. */
export const PLACES = ['page', 'worker'] as const;
export type Place = (typeof PLACES)[number];

export interface BrowserOutcomes {
  readonly version: string;
  readonly outcomes: Readonly<Record<Place, ReadonlyMap<string, Outcome>>>;
}

/** Why there is no browser to run in; undefined where there is one. */
export function whyNoChromium(): string | undefined {
  return existsSync(CHROMIUM)
    ? undefined
    : `there is no Chromium at ${CHROMIUM}; CHROMIUM_PATH says where it is`;
}

/** Bundles the works for a browser and runs them in a page of headless Chromium, and in a worker of that page. */
export async function runInChromium(): Promise<BrowserOutcomes> {
  const site = await servePage(await bundleScript("import './page.ts';"));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(site.origin);
    const inPage = outcomesOf(await page.evaluate('runWorks()'));
    const inWorker = outcomesOf(await page.evaluate(ASK_WORKER));
    return { version: browser.version(), outcomes: { page: inPage, worker: inWorker } };
  } finally {
    await browser.close();
    await site.close();
  }
}

const ASK_WORKER = `new Promise((resolve, reject) => {
  const worker = new Worker('/script.js');
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.postMessage('run');
})`;

function outcomesOf(answer: unknown): Map<string, Outcome> {
  const wires = Object.entries(answer as Record<string, WireOutcome>);
  return new Map(wires.map(([name, wire]) => [name, fromWire(wire)]));
}
