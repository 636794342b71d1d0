import { melodyScore } from '@attune/core/testing';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { writePiece } from './write-piece.ts';

it('writes MusicXML by the ending of the file, whole and alone', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'attune-'));
  try {
    await writePiece(path.join(folder, 'piece.musicxml'), melodyScore([60, 62, 64, 65]));
    expect(readdirSync(folder)).toEqual(['piece.musicxml']);
    const xml = readFileSync(path.join(folder, 'piece.musicxml'), 'utf8');
    expect(xml).toMatch(/^<\?xml[^]*<score-partwise version="4.0">/);
    expect([...xml.matchAll(/<step>(.)<\/step>/g)].map(([, step]) => step).join('')).toBe('CDEF');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
