/** Floor of power before a logarithm, and the total power at or under which a frame is silent. */
export const MIN_POWER = 1e-10;
