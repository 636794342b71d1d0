/**
 * The cosine schedule of Nichol & Dhariwal 2021 in continuous time: at time t, 0 … 1, a latent is
 * signal · x + noise · ε with signal² = cos²(π/2 · (t + 0.008) / 1.008) and noise² = 1 − signal².
 */
export function noiseAt(time: number): { readonly signal: number; readonly noise: number } {
  const angle = (Math.PI / 2) * ((time + OFFSET) / (1 + OFFSET));
  return { signal: Math.cos(angle), noise: Math.sin(angle) };
}

const OFFSET = 0.008;
