'use client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { SelectField, TextField } from '@/components/ui/field.tsx';
import { styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import type { Filters, Sort, Source } from './use-library.ts';

const { sources, sorts } = strings.library;
const SOURCES = (Object.keys(sources) as Source[]).map((value) => ({ value, label: sources[value] }));
const SORTS = (Object.keys(sorts) as Sort[]).map((value) => ({ value, label: sorts[value] }));

interface LibraryFiltersProps {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

export function LibraryFilters({ filters, onChange }: LibraryFiltersProps): ReactNode {
  const trpc = useTRPC();
  const options = useQuery(trpc.compose.options.queryOptions());
  // All styles there are, whether or not a model is installed that knows them.
  const known = options.data?.styles.map((style) => style.value) ?? [];
  const styles = known.length > 0 ? known : Object.keys(strings.styles);
  return (
    <search className="grid grid-cols-2 gap-4 md:grid-cols-[2fr_1fr_1fr_1fr]">
      <TextField
        className="max-md:col-span-2"
        label={strings.library.search}
        type="search"
        placeholder={strings.library.searchHint}
        value={filters.query}
        onChange={({ target }) => onChange({ ...filters, query: target.value })}
      />
      <SelectField
        label={strings.library.source}
        options={SOURCES}
        value={filters.source}
        onChange={({ target }) => onChange({ ...filters, source: target.value as Source })}
      />
      <SelectField
        label={strings.library.style}
        options={[
          { value: '', label: strings.library.anyStyle },
          ...styles.map((style) => ({ value: style, label: styleName(style) })),
        ]}
        value={filters.style}
        onChange={({ target }) => onChange({ ...filters, style: target.value })}
      />
      <SelectField
        label={strings.library.sort}
        options={SORTS}
        value={filters.sort}
        onChange={({ target }) => onChange({ ...filters, sort: target.value as Sort })}
      />
    </search>
  );
}
