/** Where the demo user goes. Parks, squares and business estates near Amersfoort and Utrecht: nobody's front door. */

import type { LocationKind } from '../../src/domain/locations.ts';
import type { Position } from '../../src/domain/geo.ts';

export interface Place extends Position {
  /** As the user named it; `null`: a place without a name in the logbook. */
  readonly name: string | null;
  readonly kind: LocationKind;
}

export const PLACES = {
  home: { name: 'Home', kind: 'home', lat: 52.1757, lng: 5.393 },
  office: { name: 'Office Utrecht', kind: 'office', lat: 52.0655, lng: 5.088 },
  school: { name: 'School', kind: 'stop', lat: 52.1693, lng: 5.4055 },
  fuel: { name: 'Fuel station A28', kind: 'stop', lat: 52.1231, lng: 5.3352 },
  hilversum: { name: 'Vermeer Media, Hilversum', kind: 'client', lat: 52.2365, lng: 5.1735 },
  ede: { name: 'De Boer Techniek, Ede', kind: 'client', lat: 52.0412, lng: 5.6385 },
  zeist: { name: 'Bakker Bouw, Zeist', kind: 'client', lat: 52.0884, lng: 5.2441 },
  amsterdam: { name: 'Jansen & Partners, Amsterdam', kind: 'client', lat: 52.3128, lng: 4.9424 },
  apeldoorn: { name: 'Kramer Logistiek, Apeldoorn', kind: 'client', lat: 52.1822, lng: 5.9711 },
  grandparents: { name: 'Grandparents', kind: 'other', lat: 52.3441, lng: 5.6302 },
  shops: { name: 'Shopping centre', kind: 'other', lat: 52.1556, lng: 5.3878 },
  sports: { name: 'Sports club', kind: 'other', lat: 52.1871, lng: 5.4102 },
  woods: { name: null, kind: 'other', lat: 52.1809, lng: 5.2247 },
  beach: { name: null, kind: 'other', lat: 52.2441, lng: 4.4295 },
  cottage: { name: 'Holiday cottage', kind: 'other', lat: 51.5642, lng: 3.4962 },
  harbour: { name: null, kind: 'other', lat: 51.4968, lng: 3.6112 },
} as const satisfies Record<string, Place>;

export type PlaceName = keyof typeof PLACES;
