/** What the bench prints, and how numbers look in it. */

export const line = (text = ''): void => void process.stdout.write(`${text}\n`);
export const ratio = (a: number, b: number): string => `${Math.round((a / b) * 100)} %`;
export const ms = (value: number): string => `${value.toFixed(1)} ms`;
export const seconds = (valueMs: number): string => `${(valueMs / 1_000).toFixed(1)} s`;
