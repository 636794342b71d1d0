'use client';
import { useQuery } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { SelectField } from '@/components/ui/field.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { followText, parseFollow, type StudioForm } from './studio-form.ts';

const s = strings.studio.follow;

interface FollowFieldProps {
  readonly form: StudioForm;
  readonly onChange: (form: StudioForm) => void;
}

/** Whose wish fills what is left open: the listener's whole taste, one of their moods, or nobody's. */
export function FollowField({ form, onChange }: FollowFieldProps): ReactNode {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.recommend.listening.queryOptions());
  const moods = data?.moods ?? [];
  const followed = typeof form.follow === 'object' ? (form.follow?.mood ?? null) : null;
  // Moods come and go with what is said: one that is gone is all of them.
  const isGone = data !== undefined && followed !== null && !moods.some(({ key }) => key === followed);
  useEffect(() => {
    if (isGone) onChange({ ...form, follow: 'taste' });
  }, [isGone, form, onChange]);
  return (
    <SelectField
      label={s.label}
      hint={form.onDevice ? s.device : form.task === 'compose' ? s.hint : s.ranks}
      disabled={form.onDevice}
      value={form.onDevice ? '' : followText(form.follow)}
      options={[
        { value: 'taste', label: moods.length > 0 ? s.all : s.taste },
        ...moods.map(({ key, name, isNow }, place) => {
          const title = name || strings.forYou.mood(place + 1);
          return { value: followText({ mood: key }), label: isNow ? s.now(title) : title };
        }),
        { value: '', label: s.nothing },
      ]}
      onChange={({ target }) => onChange({ ...form, follow: parseFollow(target.value) })}
    />
  );
}
