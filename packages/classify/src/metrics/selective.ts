/** One point of a risk–coverage curve: answering only from `threshold` on. */
export interface RiskPoint {
  readonly threshold: number;
  /** Share of the examples that are answered. */
  readonly coverage: number;
  /** Share of the answered that are wrong. */
  readonly risk: number;
}

/**
 * Risk–coverage curve (El-Yaniv & Wiener 2010): one point for each distinct confidence, from the highest down; examples
 * with confidence ≥ threshold are answered.
 */
export function riskCoverage(confidences: ArrayLike<number>, correct: ArrayLike<boolean>): RiskPoint[] {
  const order = Array.from({ length: confidences.length }, (_, i) => i).sort(
    (a, b) => confidences[b]! - confidences[a]!,
  );
  const points: RiskPoint[] = [];
  let wrong = 0;
  order.forEach((example, rank) => {
    if (!correct[example]) wrong++;
    const threshold = confidences[example]!;
    if (threshold === confidences[order[rank + 1] ?? -1]) return; // ties are answered together
    points.push({ threshold, coverage: (rank + 1) / order.length, risk: wrong / (rank + 1) });
  });
  return points;
}

/** Area under the risk–coverage curve: mean over k of the risk of the k most confident; ties take their mean order. */
export function areaUnderRiskCoverage(points: readonly RiskPoint[]): number {
  let area = 0;
  let covered = 0;
  for (const { coverage, risk } of points) {
    area += (coverage - covered) * risk;
    covered = coverage;
  }
  return area;
}

/** The lowest threshold whose risk is at most `risk`; above every confidence where none is. */
export function thresholdForRisk(points: readonly RiskPoint[], risk: number): number {
  const allowed = points.filter((point) => point.risk <= risk);
  return allowed.length === 0 ? 1.01 : Math.min(...allowed.map((point) => point.threshold));
}

/**
 * Probability that a random positive scores above a random negative, ties counting half (Mann–Whitney U). 0.5 where
 * either side is empty.
 */
export function areaUnderRoc(positives: ArrayLike<number>, negatives: ArrayLike<number>): number {
  if (positives.length === 0 || negatives.length === 0) return 0.5;
  let wins = 0;
  for (let i = 0; i < positives.length; i++) {
    for (let j = 0; j < negatives.length; j++) {
      if (positives[i]! > negatives[j]!) wins += 1;
      else if (positives[i] === negatives[j]) wins += 0.5;
    }
  }
  return wins / (positives.length * negatives.length);
}
