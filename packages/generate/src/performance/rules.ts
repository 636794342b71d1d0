import { AttuneError } from '@attune/core';

/**
 * How much of each rule is applied, the quantity k of the KTH rule system (Friberg, Bresin & Sundberg 2006,
 * "Overview of the KTH rule system for musical performance"): 0 switches a rule off, 1 is its medium effect, more
 * exaggerates, and a negative quantity turns it round. The effects at k = 1 are stated at each rule.
 */
export interface PerformanceRules {
  /** Phrases grow and fade, hurry and linger (Friberg 1995, "Matching the rule parameters of Phrase arch"). */
  readonly phraseArch: number;
  /** The last bars slow down like a runner who stops (Friberg & Sundberg 1999). */
  readonly finalRitard: number;
  /** Higher is louder (Friberg 1991). */
  readonly highLoud: number;
  /** Notes far from the tonic on the circle of fifths are louder and longer (Sundberg, Friberg & Frydén 1991). */
  readonly melodicCharge: number;
  /** Short notes are shorter and softer (Friberg 1991). */
  readonly durationContrast: number;
  /** Strong places of the bar are louder (Lerdahl & Jackendoff 1983 for the levels). */
  readonly metricalAccent: number;
  /** A short breath at phrase ends and between repeated notes (Friberg et al. 1998; Bresin 2001). */
  readonly punctuation: number;
  /** The melody is louder and a little early against its accompaniment (Goebl 2001). */
  readonly melodyLead: number;
  /** Eighth notes long–short, less so the faster (Friberg & Sundström 2002); only where the style swings. */
  readonly swing: number;
  /** Drummers' own dynamics and timing, learned from recordings of them. */
  readonly drumGroove: number;
  /** Small differences of time and loudness that nobody intends (Gilden et al. 1995; Juslin et al. 2002). */
  readonly noise: number;
}

/** Quantities that suit most pieces. */
export const DEFAULT_RULES: PerformanceRules = {
  phraseArch: 1,
  finalRitard: 1,
  highLoud: 0.6,
  melodicCharge: 0.8,
  durationContrast: 0.8,
  metricalAccent: 1,
  punctuation: 1,
  melodyLead: 1,
  swing: 1,
  drumGroove: 1,
  noise: 1,
};

/** The keys of `DEFAULT_RULES`, in order. */
export const RULE_NAMES = Object.keys(DEFAULT_RULES) as readonly (keyof PerformanceRules)[];
/** Beyond this quantity a rule makes a caricature. */
const MOST = 4;

/** Defaults with single quantities replaced. Throws `argument/invalid` for an unknown rule or one outside −4 … 4. */
export function resolveRules(rules: Partial<PerformanceRules> = {}): PerformanceRules {
  for (const [name, quantity] of Object.entries(rules)) {
    if (!(RULE_NAMES as readonly string[]).includes(name)) {
      throw new AttuneError(
        'argument/invalid',
        `There is no performance rule ${name}; the rules are ${RULE_NAMES.join(', ')}.`,
        { rule: name },
      );
    }
    if (!(Math.abs(quantity) <= MOST)) {
      throw new AttuneError(
        'argument/invalid',
        `The quantity of ${name} lies from −${MOST} to ${MOST}; it is ${quantity}.`,
        { [name]: quantity },
      );
    }
  }
  return { ...DEFAULT_RULES, ...rules };
}
