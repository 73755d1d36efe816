/**
 * Many locations at once, from somewhere else: those that are known change, the others are added; saying it all again
 * changes nothing. One act, with the trips that follow.
 */

import type { Actor } from '../domain/activity.ts';
import { distanceMetres, type Position } from '../domain/geo.ts';
import { defaultRadiusMetres, type Location, type LocationKind } from '../domain/locations.ts';
import type { FieldError } from '../domain/problem.ts';
import type { LocationMove } from '../domain/trip-places.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import type { Done } from './acts.ts';
import type { UserDeps } from './deps.ts';
import { moveLocations } from './location-acts.ts';
import { editedLocation, MOST_LOCATIONS } from './locations.ts';
import { rowsWithin } from './pages.ts';

/** What is `null` stays as it is, or is the usual where it is new. */
export interface SaidLocation extends Position {
  readonly index: number;
  readonly id: string | null;
  readonly name: string | null;
  readonly kind: LocationKind | null;
  readonly radiusMetres: number | null;
}

export interface RefusedLocation {
  readonly index: number;
  readonly errors: readonly FieldError[];
}

export interface Imported {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: readonly RefusedLocation[];
  readonly done: Done;
}

/** How near another of the same name is the same place. */
const SAME_PLACE_METRES = 50;

export async function putLocations(
  deps: UserDeps,
  user: UserStore,
  said: readonly SaidLocation[],
  by: Actor,
  dryRun: boolean,
): Promise<Imported> {
  const now = deps.clock.now();
  const portions = dryRun || said.length === 0 ? [said] : portionsOf(said);
  const outcomes: Gathered[] = [];
  const deciding = portions.map((portion, nth) => {
    return function* (tx: Tx): Work<readonly LocationMove[]> {
      const before = outcomes.slice(0, nth).flatMap(({ said: ids }) => [...ids]);
      const outcome = new Gathered(yield* allLocations(tx), before);
      for (const one of portion) outcome.take(one, () => deps.ids.next('loc'), now);
      outcomes[nth] = outcome;
      return outcome.moves();
    };
  });
  const { done } = await moveLocations(deps, user, { by, now, dryRun }, ...deciding);
  const sum = (count: (outcome: Gathered) => number) => outcomes.reduce((all, outcome) => all + count(outcome), 0);
  return {
    added: sum(({ added }) => added),
    updated: sum(({ updated }) => updated),
    unchanged: sum(({ unchanged }) => unchanged),
    refused: outcomes.flatMap(({ refused }) => refused),
    done,
  };
}

/** What a transaction may well take. */
const LOCATIONS_AT_ONCE = 200;

function portionsOf(said: readonly SaidLocation[]): (readonly SaidLocation[])[] {
  const count = Math.ceil(said.length / LOCATIONS_AT_ONCE);
  return Array.from({ length: count }, (_, i) => said.slice(i * LOCATIONS_AT_ONCE, (i + 1) * LOCATIONS_AT_ONCE));
}

function* allLocations(tx: Tx): Work<readonly Location[]> {
  return (yield* rowsWithin(tx, 'location', { order: 'asc' })).map(({ doc }) => doc);
}

/** The locations as they become, one said after the other. */
class Gathered {
  added = 0;
  updated = 0;
  unchanged = 0;
  readonly refused: RefusedLocation[] = [];
  /** Ids of those something was said of: what one feature says, another does not take back. */
  readonly said: Set<string>;
  readonly #before: ReadonlyMap<string, Location>;
  readonly #after: Map<string, Location>;
  readonly #named = new Map<string, string[]>();

  constructor(locations: readonly Location[], said: readonly string[]) {
    this.said = new Set(said);
    this.#before = new Map(locations.map((location) => [location.id, location]));
    this.#after = new Map();
    for (const location of locations) this.#keep(location);
  }

  take(said: SaidLocation, nextId: () => string, now: number): void {
    const known = this.#known(said);
    if (known !== null) this.#change(known, said, now);
    else if (said.name === null) this.#refuse(said, 'properties.name', 'text of 1 … 100 characters');
    else if (this.#after.size >= MOST_LOCATIONS) this.#refuse(said, '', `at most ${MOST_LOCATIONS} locations`);
    else this.#add(said, said.name, nextId(), now);
  }

  moves(): readonly LocationMove[] {
    return [...this.#after.values()].flatMap((after) => {
      const before = this.#before.get(after.id) ?? null;
      return before === after ? [] : [{ before, after }];
    });
  }

  #known({ id, name, lat, lng }: SaidLocation): Location | null {
    const own = id === null ? undefined : this.#after.get(id);
    if (own) return own;
    const namesakes = (this.#named.get(name ?? '') ?? []).flatMap((other) => this.#after.get(other) ?? []);
    return (
      namesakes.find((other) => other.name === name && distanceMetres(other, { lat, lng }) <= SAME_PLACE_METRES) ?? null
    );
  }

  #change(known: Location, said: SaidLocation, now: number): void {
    const { name, kind, lat, lng, radiusMetres } = said;
    const edit = {
      name: name ?? undefined,
      kind: kind ?? undefined,
      lat,
      lng,
      radiusMetres: radiusMetres ?? undefined,
    };
    const after = editedLocation(known, edit, now);
    if (after === known) this.unchanged += 1;
    else if (this.said.has(known.id)) return this.#refuse(said, '', 'another feature said otherwise of this location');
    else this.updated += 1;
    this.#keep(after);
    this.said.add(known.id);
  }

  #add({ lat, lng, kind, radiusMetres }: SaidLocation, name: string, id: string, now: number): void {
    const ofKind = kind ?? 'other';
    const radius = radiusMetres ?? defaultRadiusMetres(ofKind);
    this.#keep({ id, name, kind: ofKind, lat, lng, radiusMetres: radius, createdAt: now, updatedAt: now });
    this.said.add(id);
    this.added += 1;
  }

  #keep(location: Location): void {
    if (this.#after.get(location.id) === location) return;
    this.#after.set(location.id, location);
    const namesakes = this.#named.get(location.name);
    if (namesakes === undefined) this.#named.set(location.name, [location.id]);
    else namesakes.push(location.id);
  }

  #refuse({ index }: SaidLocation, field: string, message: string): void {
    this.refused.push({ index, errors: [{ field, message }] });
  }
}
