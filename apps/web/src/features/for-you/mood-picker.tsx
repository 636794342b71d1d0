'use client';
import type { ReactNode } from 'react';
import type { ListeningView } from '@/api/moods.ts';
import { strings } from '@/strings/index.ts';

const t = strings.forYou;

interface MoodPickerProps {
  readonly listening: ListeningView;
  /** null: all moods together. */
  readonly mood: string | null;
  readonly onChange: (mood: string | null) => void;
}

/** Which of several tastes the list is for, and how much of it is something new. */
export function MoodPicker({
  listening: { moods, exploration },
  mood,
  onChange,
}: MoodPickerProps): ReactNode {
  return (
    <div className="flex flex-col gap-2">
      {moods.length > 0 ? (
        <div role="group" aria-label={t.moods} className="flex flex-wrap gap-1">
          {[null, ...moods].map((each, place) => (
            <button
              key={each?.key ?? 'all'}
              type="button"
              aria-pressed={mood === (each?.key ?? null)}
              onClick={() => onChange(each?.key ?? null)}
              className="inline-flex min-h-11 items-center rounded-full border border-line px-4 hover:border-edge aria-pressed:border-accent aria-pressed:bg-tint"
            >
              {each === null ? t.allMoods : each.name || t.mood(place)}
            </button>
          ))}
        </div>
      ) : null}
      <p className="text-12 text-quiet">
        {exploration > 0 ? t.exploring(Math.round(1 / exploration)) : t.notExploring}
      </p>
    </div>
  );
}
