import { createHash } from 'node:crypto';
import { createScore } from '../score/create-score.ts';
import { renderScore } from './render-score.ts';
import { tinySoundFont } from './tiny-sound-font.test-helper.ts';

/** Renders a small piece with everything on and gives the SHA-256 of its samples. */
export async function renderHash(): Promise<string> {
  const score = createScore({
    tracks: [
      { notes: [0, 4, 7].map((step) => ({ start: 0, duration: 900, pitch: 60 + step, velocity: 90 })) },
      {
        program: 1,
        notes: [{ start: 300, duration: 700, pitch: 45, velocity: 120 }],
        bends: [{ tick: 500, value: 900 }],
      },
      {
        isDrum: true,
        notes: [0, 240, 480].map((start) => ({ start, duration: 10, pitch: 38, velocity: 100 })),
      },
    ],
  });
  const clip = await renderScore(score, tinySoundFont());
  const hash = createHash('sha256');
  for (const channel of clip.channels) hash.update(new Uint8Array(channel.buffer));
  return hash.digest('hex');
}
