'use client';
import type { ReactNode } from 'react';
import { SelectField } from '@/components/ui/field.tsx';
import { styleName } from '@/lib/describe.ts';
import { formatPercent } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import type { AdminFilters, AdminSort } from './use-classifications.ts';

const t = strings.admin;
const SHARES = [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((share) => ({
  value: String(share),
  label: formatPercent(share),
}));
const DISAGREEMENTS = [
  { value: '', label: t.disagreements.any },
  { value: 'person', label: t.disagreements.person },
  { value: 'models', label: t.disagreements.models },
];
const SORTS = (Object.keys(t.sorts) as AdminSort[]).map((value) => ({ value, label: t.sorts[value] }));

interface AdminFiltersBarProps {
  readonly filters: AdminFilters;
  readonly labels: readonly string[];
  readonly onChange: (filters: AdminFilters) => void;
}

export function AdminFiltersBar({ filters, labels, onChange }: AdminFiltersBarProps): ReactNode {
  const { label, minConfidence, maxConfidence, disagreement, unlabelled, sort } = filters;
  return (
    <search
      aria-label={t.filters}
      className="grid grid-cols-2 items-start gap-4 md:grid-cols-3 xl:grid-cols-6"
    >
      <SelectField
        label={t.label}
        hint={t.labelHint}
        value={label}
        options={[
          { value: '', label: t.anyLabel },
          { value: 'unsure', label: t.unsureLabel },
          ...labels.map((value) => ({ value, label: styleName(value) })),
        ]}
        onChange={({ target }) => onChange({ ...filters, label: target.value })}
      />
      <SelectField
        label={t.minConfidence}
        value={String(minConfidence)}
        options={SHARES.filter((share) => Number(share.value) <= maxConfidence)}
        onChange={({ target }) => onChange({ ...filters, minConfidence: Number(target.value) })}
      />
      <SelectField
        label={t.maxConfidence}
        value={String(maxConfidence)}
        options={SHARES.filter((share) => Number(share.value) >= minConfidence)}
        onChange={({ target }) => onChange({ ...filters, maxConfidence: Number(target.value) })}
      />
      <SelectField
        label={t.sort}
        value={sort}
        options={SORTS}
        onChange={({ target }) => onChange({ ...filters, sort: target.value as AdminSort })}
      />
      <SelectField
        label={t.disagreement}
        value={disagreement}
        options={DISAGREEMENTS}
        onChange={({ target }) =>
          onChange({ ...filters, disagreement: target.value as AdminFilters['disagreement'] })
        }
      />
      <label className="flex min-h-11 items-center gap-2 self-center">
        <input
          type="checkbox"
          checked={unlabelled}
          onChange={({ target }) => onChange({ ...filters, unlabelled: target.checked })}
        />
        {t.unlabelled}
      </label>
    </search>
  );
}
