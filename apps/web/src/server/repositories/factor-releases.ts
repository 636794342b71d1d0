/** What listeners have in common, as it was published under noise. */
export interface FactorReleaseRecord {
  /** 1, 2, 3 … */
  readonly number: number;
  /** ρ of zero-concentrated differential privacy that it spent. */
  readonly rho: number;
  /** σ of the noise. */
  readonly deviation: number;
  /** Track id → factors; null where nothing stood out of the noise. */
  readonly factors: Readonly<Record<string, readonly number[]>> | null;
  readonly releasedAt: Date;
}

/** Releases are only added: what was published stays spent. */
export interface FactorReleaseRepository {
  latest(): Promise<FactorReleaseRecord | undefined>;
  /** How many there are, and the sum of their ρ. */
  spent(): Promise<{ readonly releases: number; readonly rho: number }>;
  /** False, and nothing is stored, where another server published a release of this number. */
  insert(release: FactorReleaseRecord): Promise<boolean>;
}
