import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import type { RollTrack } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';
import { partName } from './summary.ts';

/** Which colour is which instrument. */
export function Legend({ tracks }: { tracks: readonly RollTrack[] }): ReactNode {
  return (
    <ul aria-label={strings.roll.instruments} className="flex flex-wrap gap-x-4 gap-y-1">
      {tracks.map((track, index) => (
        <li key={index} className="flex items-center gap-2">
          <span
            aria-hidden
            className={clsx('h-3 w-4 rounded-sm bg-current', COLOURS[track.colour % COLOURS.length])}
          />
          {partName(track, index)}
        </li>
      ))}
    </ul>
  );
}

const COLOURS = [
  'instrument-1',
  'instrument-2',
  'instrument-3',
  'instrument-4',
  'instrument-5',
  'instrument-6',
  'instrument-7',
  'instrument-8',
];
