/** A service that knows addresses. Reads no environment and writes nothing; throws only what is a bug. */

import type { Position } from '../domain/geo.ts';
import type { Looked } from '../domain/services.ts';
import type { Language } from '../domain/settings.ts';

export interface FoundPlace extends Position {
  readonly name: string;
  /** Short and readable: `Stationsplein 12, Amersfoort`. */
  readonly address: string;
}

export interface Geocoder {
  /** Which service it is: its turns are counted under this. */
  readonly id: string;
  /** The address of a place; `null`: there is none. */
  reverse(position: Position, language: Language, signal: AbortSignal): Promise<Looked<string | null>>;
  /** The best first, those near `near` before others. */
  search(
    text: string,
    language: Language,
    near: Position | null,
    signal: AbortSignal,
  ): Promise<Looked<readonly FoundPlace[]>>;
}
