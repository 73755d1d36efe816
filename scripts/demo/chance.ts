/** Chance that comes out the same every time: a stream of numbers for each text it is asked with. */

export interface Chance {
  /** From `low` up to, not including, `high`. */
  between(low: number, high: number): number;
  /** True in about `share` of all cases. */
  happens(share: number): boolean;
  oneOf<T>(choices: readonly [T, ...T[]]): T;
}

/** The same text gives the same stream, on every machine. */
export function chanceOf(text: string): Chance {
  let state = seedOf(text);
  const next = (): number => {
    // Mulberry32: 32 bits of state, plenty for a made-up year.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    between: (low, high) => low + next() * (high - low),
    happens: (share) => next() < share,
    oneOf: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
  };
}

/** FNV-1a. */
function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
