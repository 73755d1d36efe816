/** Lengths in the unit a source declares. A unit is looked up, never guessed from the size of the number. */

import { METRES_PER } from './units.ts';

/** By the names sources give them, in lower case and without a plural `s`; exact by definition. */
const METRES_PER_UNIT: Readonly<Record<string, number>> = {
  km: METRES_PER.km,
  kilometer: METRES_PER.km,
  kilometre: METRES_PER.km,
  mi: METRES_PER.mi,
  mile: METRES_PER.mi,
  m: METRES_PER.m,
  meter: METRES_PER.m,
  metre: METRES_PER.m,
  ft: 0.3048,
  foot: 0.3048,
  feet: 0.3048,
  yd: 0.9144,
  yard: 0.9144,
  nmi: 1_852,
  'nautical mile': 1_852,
  cm: 0.01,
  centimeter: 0.01,
  centimetre: 0.01,
  mm: 0.001,
  millimeter: 0.001,
  millimetre: 0.001,
  in: 0.0254,
  inch: 0.0254,
  inche: 0.0254,
};

const UNITS = new Map(Object.entries(METRES_PER_UNIT));

/** Metres in one of the unit, whatever its case and number; `null` for one nobody knows. */
export function metresPer(unit: string): number | null {
  const name = unit.trim().toLowerCase().replace(/\s+/g, ' ');
  return UNITS.get(name) ?? UNITS.get(name.replace(/s$/, '')) ?? null;
}
