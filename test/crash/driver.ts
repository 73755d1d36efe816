/** One driver whose phone tells of drive after drive, and who knows what was acknowledged. */

import { distanceMetres } from '../../src/domain/geo.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const POINTS = 20;
const POINT_EVERY_MS = 30 * SECOND_MS;
/** Longer than a pause within one trip. */
const DRIVE_EVERY_MS = 26 * MINUTE_MS;

export interface Point {
  readonly lat: number;
  readonly lng: number;
  readonly at: number;
}

type Action = 'start' | 'ping' | 'end';

export interface Saying {
  readonly drive: number;
  readonly action: Action;
  readonly points: readonly Point[];
}

const EXPECTED: Readonly<Record<Action, readonly string[]>> = {
  start: ['started', 'already_active'],
  ping: ['recorded'],
  end: ['finished'],
};

export class Driver {
  readonly email: string;
  /** What was answered with 200, in the order it was sent. */
  readonly acknowledged: Saying[] = [];
  /** Sent, but never answered. */
  pending: Saying | null = null;
  /** Answers nobody should ever get. */
  readonly faults: string[] = [];
  readonly #number: number;
  readonly #firstAt: number;
  #drive = 0;
  #queue: Saying[] = [];

  constructor(number: number, firstAt: number) {
    this.email = `driver${number}@example.org`;
    this.#number = number;
    this.#firstAt = firstAt;
  }

  /** Tells on until the service is gone or `isDone`. What was not answered is told again, next time. */
  async tell(url: string, isDone: () => boolean): Promise<void> {
    const last = this.acknowledged.at(-1);
    // As if that answer had been lost on its way: a phone cannot tell.
    if (last && !(await this.#send(url, last))) return;
    while (this.pending !== null || !isDone()) {
      this.pending ??= this.#next();
      if (!(await this.#send(url, this.pending))) return;
      this.acknowledged.push(this.pending);
      this.pending = null;
    }
  }

  /** Tells the drive that has begun to its end. */
  finishDrive(url: string): Promise<void> {
    return this.tell(url, () => this.#queue.length === 0);
  }

  /** `false`: nobody answered. */
  async #send(url: string, saying: Saying): Promise<boolean> {
    const { action } = saying;
    const headers = { 'content-type': 'application/json', 'x-user-email': this.email };
    const init = { method: 'POST', headers, body: JSON.stringify(this.#bodyOf(saying)) };
    try {
      const response = await fetch(`${url}/webhook/${action}`, init);
      const answer = (await response.json()) as { code: string; rejected?: number };
      const fits = response.status === 200 && EXPECTED[action].includes(answer.code) && (answer.rejected ?? 0) === 0;
      if (!fits) this.faults.push(`${action}: ${response.status} ${JSON.stringify(answer)}`);
      return response.status === 200;
    } catch {
      return false;
    }
  }

  #next(): Saying {
    if (this.#queue.length === 0) {
      this.#queue = sayings(this.#drive, this.pointsOf(this.#drive));
      this.#drive += 1;
    }
    return this.#queue.shift()!;
  }

  /** Every other phone knows no ids: its timestamps and the wholly equal body have to do. */
  #bodyOf({ drive, action, points }: Saying): object {
    const wire = points.map(({ at, ...place }) => ({ ...place, timestamp: new Date(at).toISOString() }));
    if (wire.length > 1) return { points: wire };
    const withId = action !== 'ping' && this.#number % 2 === 0;
    return { ...wire[0], ...(withId && { event_id: `${action}-${drive}` }) };
  }

  /** All points of a drive, those of its start and end included: straight east at 48 km/h. */
  pointsOf(drive: number): Point[] {
    const startedAt = this.#firstAt + drive * DRIVE_EVERY_MS;
    const lat = 52 + this.#number / 100;
    return Array.from({ length: POINTS + 2 }, (_, i) => {
      const lng = Math.round((5 + drive / 1_000 + i * 0.006) * 1e6) / 1e6;
      return { lat, lng, at: startedAt + i * POINT_EVERY_MS };
    });
  }

  metresOf(drive: number): number {
    const points = this.pointsOf(drive);
    return points.slice(1).reduce((sum, point, i) => sum + distanceMetres(points[i]!, point), 0);
  }

  /** Drives whose end was acknowledged. */
  ended(): number[] {
    return this.acknowledged.filter(({ action }) => action === 'end').map(({ drive }) => drive);
  }
}

/** Ten points one by one, ten in two batches, of which the later comes first in every other drive. */
function sayings(drive: number, points: readonly Point[]): Saying[] {
  const of = (action: Action, from: number, to: number): Saying => ({ drive, action, points: points.slice(from, to) });
  const single = Array.from({ length: POINTS / 2 }, (_, i) => of('ping', i + 1, i + 2));
  const batches = [of('ping', 11, 16), of('ping', 16, 21)];
  const turned = drive % 2 === 0 ? batches : batches.toReversed();
  return [of('start', 0, 1), ...single, ...turned, of('end', POINTS + 1, POINTS + 2)];
}
