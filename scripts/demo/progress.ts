/** One line that counts: rewritten in place on a terminal, a line now and then elsewhere. */

import type { WriteStream } from 'node:tty';
import type { Progress } from './year.ts';

const LINES_ELSEWHERE = 4;

export function progressOn(out: Pick<WriteStream, 'isTTY' | 'write'>) {
  let said = 0;
  return {
    tell(progress: Progress): void {
      const step = Math.floor((progress.day / progress.days) * LINES_ELSEWHERE);
      if (out.isTTY) out.write(`\r\u001b[2K${lineOf(progress)}`);
      else if (step > said) out.write(`${lineOf(progress)}\n`);
      said = step;
    },
    done(): void {
      if (out.isTTY) out.write('\n');
    },
  };
}

function lineOf({ day, days, drives }: Progress): string {
  return `Driving day ${day} of ${days}, ${drives} drives`;
}
