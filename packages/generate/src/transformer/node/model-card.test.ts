import { readCheckpoint } from '@attune/core/nn';
import { expect, it } from 'vitest';
import { parseTransformerConfig } from '../config.ts';
import { createTinyCheckpoint } from '../test-checkpoint.ts';
import { modelCard } from './model-card.ts';

it('shows each model once, every style in a row, and the credits that licences ask for', () => {
  const config = parseTransformerConfig(readCheckpoint(createTinyCheckpoint(1)).config);
  const card = modelCard(config, [
    { models: ['n-gram', 'told style'], nats: [{ style: 'folk', notes: 12, nats: [3.25, 2] }] },
    { models: ['n-gram', 'told all'], nats: [{ style: 'folk', notes: 12, nats: [3.25, 1.5] }] },
  ]);
  expect(card).toContain('| style | notes | n-gram | told style | told all |');
  expect(card).toContain('| folk | 12 | 3.250 | 2.000 | 1.500 |');
  for (const credit of [
    'Mutopia',
    'CC BY 4.0',
    'Gillick',
    'Copyright (c) 2001-2024 Contributors to the Freedoom project',
    'CC0',
  ]) {
    expect(card).toContain(credit);
  }
});
