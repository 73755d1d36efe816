/** Positions that lie close together. The same positions give the same clusters, in time that grows with their number only. */

import { meanOf } from './areas.ts';
import { distanceMetres, METRES_OF_LATITUDE, type Position } from './geo.ts';

export interface Cluster<P> {
  readonly centre: Position;
  /** All within reach of the centre. */
  readonly members: readonly P[];
}

/** Nearer to a pole nobody drives. */
const NARROWEST = 0.02;

/**
 * The densest first. Cells as wide as the reach are looked at from the fullest on; the centre settles on the mean of
 * what is in reach of the cell's own. What is in reach of two goes to the denser one.
 */
export function clustersOf<P extends Position>(
  positions: readonly P[],
  reachMetres: number,
  fewest: number,
): readonly Cluster<P>[] {
  const grid = new Grid<P>(reachMetres);
  for (const position of positions) grid.add(position);
  const clusters: Cluster<P>[] = [];
  for (const cell of grid.fullestFirst()) {
    const own = grid.left(cell);
    if (own.length === 0) continue;
    const near = grid.around(meanOf(own));
    const centre = meanOf(near);
    const members = grid.around(centre);
    if (members.length < fewest) continue;
    grid.take(members);
    clusters.push({ centre, members });
  }
  return clusters.toSorted((a, b) => b.members.length - a.members.length);
}

class Grid<P extends Position> {
  readonly #cells = new Map<string, P[]>();
  readonly #taken = new Set<P>();
  readonly #reachMetres: number;

  constructor(reachMetres: number) {
    this.#reachMetres = reachMetres;
  }

  add(position: P): void {
    const row = this.#row(position);
    const key = keyOf(row, this.#column(row, position));
    const cell = this.#cells.get(key);
    if (cell) cell.push(position);
    else this.#cells.set(key, [position]);
  }

  fullestFirst(): readonly (readonly P[])[] {
    const cells = [...this.#cells].toSorted(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
    return cells.map(([, cell]) => cell);
  }

  left(cell: readonly P[]): readonly P[] {
    return cell.filter((position) => !this.#taken.has(position));
  }

  take(positions: readonly P[]): void {
    for (const position of positions) this.#taken.add(position);
  }

  /** What is left within reach of a position. */
  around(centre: Position): readonly P[] {
    const found: P[] = [];
    const middle = this.#row(centre);
    for (const row of [middle - 1, middle, middle + 1]) {
      const column = this.#column(row, centre);
      for (const near of [column - 1, column, column + 1])
        found.push(...this.left(this.#cells.get(keyOf(row, near)) ?? []));
    }
    return found.filter((position) => distanceMetres(centre, position) <= this.#reachMetres);
  }

  #row({ lat }: Position): number {
    return Math.floor((lat * METRES_OF_LATITUDE) / this.#reachMetres);
  }

  /** Cells of a row are as wide as the reach where the row is narrowest. */
  #column(row: number, { lng }: Position): number {
    const degrees = (this.#reachMetres / METRES_OF_LATITUDE) * (Math.abs(row) + 1);
    const narrowing = Math.max(NARROWEST, Math.cos((Math.min(degrees, 90) * Math.PI) / 180));
    return Math.floor((lng * METRES_OF_LATITUDE * narrowing) / this.#reachMetres);
  }
}

function keyOf(row: number, column: number): string {
  return `${row} ${column}`;
}
