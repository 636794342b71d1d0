export { performScore } from './perform-score.ts';
export type { PerformanceOptions } from './perform-score.ts';
export { DEFAULT_RULES, RULE_NAMES } from './rules.ts';
export type { PerformanceRules } from './rules.ts';
