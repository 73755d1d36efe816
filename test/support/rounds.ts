/** Stories of a user whose cars are asked in rounds of the clock: one a minute, each call noted. */

import { pollAll, type Round } from '../../src/actions/poll.ts';
import type { Deps } from '../../src/actions/deps.ts';
import type { PollPolicy } from '../../src/domain/poll-policy.ts';
import { tripLine, tripsOf } from './book.ts';
import { notedProviders, type Answering, type Call } from './garage.ts';
import type { Scene, Stage } from './stage.ts';

export const MINUTE = 60_000;

export interface Asked extends Scene {
  readonly calls: readonly Call[];
  /** Minutes since the story began, of each call. */
  minutes(): number[];
  round(): Promise<Round>;
  /** A round every minute. */
  rounds(minutes: number): Promise<void>;
  /** The trips as lines; every car is called `car`. */
  book(): Promise<string[]>;
}

interface Props {
  /** `minute`: since the story began. */
  readonly answer?: (minute: number, ...told: Parameters<Answering>) => ReturnType<Answering>;
  readonly policy?: Partial<PollPolicy>;
}

export function story<T>({ scene }: Stage, { answer, policy }: Props, play: (asked: Asked) => Promise<T>): Promise<T> {
  return scene(async (one) => {
    const { clock, user } = one;
    const calls: Call[] = [];
    const begin = clock.now();
    const minuteOf = (at: number) => (at - begin) / MINUTE;
    const told: Answering | null = answer ? (ask, call) => answer(minuteOf(ask.now), ask, call) : null;
    const deps: Deps = {
      ...one.deps,
      providers: notedProviders(calls, { ...(policy && { policy }), ...(told && { answer: told }) }),
    };
    const round = () => pollAll(deps);
    const rounds = async (minutes: number) => {
      for (let i = 0; i < minutes; i += 1) {
        clock.advance(MINUTE);
        await round();
      }
    };
    const minutes = () => calls.map(({ at }) => Math.round(minuteOf(at)));
    const book = async () =>
      (await tripsOf(deps.store.forUser(user))).map((trip) => tripLine(trip, '2026-03-02', () => 'car'));
    return play({ ...one, deps, calls, minutes, round, rounds, book });
  });
}
