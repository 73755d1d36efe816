import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { instantOfWallClock } from '../../src/domain/calendar.ts';
import { dateBatch, dateEvent, readTime, type SaidTime } from '../../src/domain/timestamps.ts';
import { runs } from '../support/runs.ts';

const utc = (text: string) => Date.parse(text);
const instant = (text: string): SaidTime => ({ kind: 'instant', at: utc(text) });
const local = (text: string): SaidTime => ({ kind: 'local', text });
const at = (ms: number): SaidTime => ({ kind: 'instant', at: ms });
const UNREADABLE: SaidTime = { kind: 'unreadable' };

const AMSTERDAM = 'Europe/Amsterdam';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WINDOW = 72 * HOUR;

describe('a timestamp is read only when it can mean one thing', () => {
  test.each<[unknown, SaidTime | null]>([
    [undefined, null],
    [null, null],
    ['', null],
    ['   ', null],
    ['\u200e \u00a0', null],
    // epoch
    [1795239890, instant('2026-11-21T05:44:50Z')],
    [1795239890123, instant('2026-11-21T05:44:50.123Z')],
    [1795239890.25, instant('2026-11-21T05:44:50.250Z')],
    ['1795239890', instant('2026-11-21T05:44:50Z')],
    [' 1795239890 ', instant('2026-11-21T05:44:50Z')],
    ['1795239890,5', instant('2026-11-21T05:44:50.500Z')],
    ['1795239890123', instant('2026-11-21T05:44:50.123Z')],
    ['١٧٩٥٢٣٩٨٩٠', instant('2026-11-21T05:44:50Z')],
    ['۱۷۹۵۲۳۹۸۹۰۱۲۳', instant('2026-11-21T05:44:50.123Z')],
    ['１７９５２３９８９０', instant('2026-11-21T05:44:50Z')],
    [100_000_000, instant('1973-03-03T09:46:40Z')],
    [99_999_999_999, { kind: 'instant', at: 99_999_999_999_000 }],
    [100_000_000_000, instant('1973-03-03T09:46:40Z')],
    [0, UNREADABLE],
    [-1795239890, UNREADABLE],
    [2026, UNREADABLE],
    [20261121, UNREADABLE],
    ['20261121', UNREADABLE],
    [NaN, UNREADABLE],
    [Infinity, UNREADABLE],
    [1e300, UNREADABLE],
    // ISO 8601 with an offset
    ['2026-11-21T05:44:50Z', instant('2026-11-21T05:44:50Z')],
    ['2026-11-21t05:44:50z', instant('2026-11-21T05:44:50Z')],
    ['2026-11-21T06:44:50+01:00', instant('2026-11-21T05:44:50Z')],
    ['2026-11-21T06:44:50+0100', instant('2026-11-21T05:44:50Z')],
    ['2026-11-21T06:44:50+01', instant('2026-11-21T05:44:50Z')],
    ['2026-11-21T00:14:50\u221205:30', instant('2026-11-21T05:44:50Z')],
    ['2026-11-21T00:14:50-05:30', instant('2026-11-21T05:44:50Z')],
    ['2026-11-21T05:44:50-00:00', instant('2026-11-21T05:44:50Z')],
    ['2026-11-21T05:44Z', instant('2026-11-21T05:44:00Z')],
    ['2026-11-21T05:44:50.1Z', instant('2026-11-21T05:44:50.100Z')],
    ['2026-11-21T05:44:50,12Z', instant('2026-11-21T05:44:50.120Z')],
    ['2026-11-21T05:44:50.123456789Z', instant('2026-11-21T05:44:50.123Z')],
    [' 2026-11-21T05:44:50Z \u00a0', instant('2026-11-21T05:44:50Z')],
    ['2026-11-21 05:44:50 +0000', instant('2026-11-21T05:44:50Z')],
    ['2026-11-21T06:44:50 01:00', instant('2026-11-21T05:44:50Z')],
    ['20261121T054450Z', instant('2026-11-21T05:44:50Z')],
    ['٢٠٢٦-١١-٢١T٠٥:٤٤:٥٠Z', instant('2026-11-21T05:44:50Z')],
    ['2028-02-29T12:00:00Z', instant('2028-02-29T12:00:00Z')],
    ['2000-02-29T12:00:00Z', instant('2000-02-29T12:00:00Z')],
    ['0000-03-01T00:00:00Z', instant('0000-03-01T00:00:00Z')],
    ['2016-12-31T23:59:60Z', instant('2017-01-01T00:00:00Z')],
    ['2017-01-01T00:59:60.5+01:00', instant('2017-01-01T00:00:00.500Z')],
    // ISO 8601 without one
    ['2026-11-21T05:44:50', local('2026-11-21T05:44:50.000')],
    ['2026-11-21 05:44', local('2026-11-21T05:44:00.000')],
    ['2026-11-21T05:44:50.25', local('2026-11-21T05:44:50.250')],
    ['20261121T0544', local('2026-11-21T05:44:00.000')],
    // dates alone and what does not exist
    ['2026-11-21', UNREADABLE],
    ['2026-02-30T12:00:00Z', UNREADABLE],
    ['2026-02-29T12:00:00', UNREADABLE],
    ['2100-02-29T12:00:00Z', UNREADABLE],
    ['2026-04-31T12:00:00Z', UNREADABLE],
    ['2026-13-01T12:00:00Z', UNREADABLE],
    ['2026-00-10T12:00:00Z', UNREADABLE],
    ['2026-11-00T12:00:00Z', UNREADABLE],
    ['2026-11-21T25:00:00Z', UNREADABLE],
    ['2026-11-21T24:00:00Z', UNREADABLE],
    ['2026-11-21T05:60:00Z', UNREADABLE],
    ['2026-11-21T05:44:61Z', UNREADABLE],
    ['2026-11-21T05:44:60Z', UNREADABLE],
    ['2026-11-21T05:44:60', UNREADABLE],
    ['2026-11-21T05:44:50+15:00', UNREADABLE],
    ['2026-11-21T05:44:50+01:60', UNREADABLE],
    ['2026-11-21T05Z', UNREADABLE],
    // locale text
    ['Nov 21, 2026 at 5:44\u202fAM', UNREADABLE],
    ['21 nov 2026 om 05:44', UNREADABLE],
    ['11/12/2026', UNREADABLE],
    ['21-11-2026 05:44', UNREADABLE],
    ['21/11/2026, 05:44', UNREADABLE],
    ['05:44', UNREADABLE],
    ['now', UNREADABLE],
    ['Sat, 21 Nov 2026 05:44:50 +0100', UNREADABLE],
    ['2026-11-21T05:44:50Z\n2026-11-21T05:45:50Z', UNREADABLE],
    ['1'.repeat(70), UNREADABLE],
    [true, UNREADABLE],
    [{}, UNREADABLE],
    [[1795239890], UNREADABLE],
  ])('%j', (raw, expected) => {
    expect(readTime(raw)).toEqual(expected);
  });

  it('agrees with the calendar for every instant from year 0 to 9999', () => {
    const first = utc('0000-01-01T00:00:00Z');
    const last = utc('9999-12-31T23:59:59.999Z');
    fc.assert(
      fc.property(
        fc.integer({ min: first, max: last }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        (epoch, offset) => {
          const zoned = Temporal.Instant.fromEpochMilliseconds(epoch);
          const sign = offset < 0 ? '-' : '+';
          const size = Math.abs(offset);
          const zone = `${sign}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
          const shown = zoned.toZonedDateTimeISO(zone).toString({ timeZoneName: 'never', smallestUnit: 'millisecond' });
          if (shown.length !== '0000-01-01T00:00:00.000+00:00'.length) return;
          expect(readTime(shown)).toEqual({ kind: 'instant', at: epoch });
        },
      ),
    );
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        expect(['instant', 'local', 'unreadable', undefined]).toContain(readTime(raw)?.kind);
      }),
    );
  });

  it('names only dates that exist, so that a zone can always place them', () => {
    const two = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9999 }),
        two,
        two,
        two,
        two,
        two,
        (year, month, day, hour, minute, second) => {
          const text = `${String(year).padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}`;
          const time = readTime(text);
          expect(() => dateEvent(time, utc('2026-06-01T00:00:00Z'), AMSTERDAM, WINDOW)).not.toThrow();
        },
      ),
      runs(500, 5_000),
    );
  });
});

describe('an event happens at its own time when that can be believed', () => {
  const received = utc('2026-11-21T12:00:00Z');
  const dated = (time: SaidTime | null) => dateEvent(time, received, AMSTERDAM, WINDOW);

  it('without a timestamp it happens when we get it, and nothing was replaced', () => {
    expect(dated(null)).toEqual({ at: received, tooOld: false, warnings: [] });
  });

  it('with one in the window it happens then', () => {
    expect(dated(at(received - 3 * HOUR))).toEqual({ at: received - 3 * HOUR, tooOld: false, warnings: [] });
    expect(dated(at(received))).toEqual({ at: received, tooOld: false, warnings: [] });
  });

  it('the window reaches back 72 hours to the millisecond', () => {
    expect(dated(at(received - WINDOW))).toEqual({ at: received - WINDOW, tooOld: false, warnings: [] });
    expect(dated(at(received - WINDOW - 1))).toEqual({
      at: received - WINDOW - 1,
      tooOld: true,
      warnings: ['timestamp_too_old'],
    });
  });

  it('a clock 4 minutes ahead: receive time, and it says so', () => {
    expect(dated(at(received + 4 * MINUTE))).toEqual({ at: received, tooOld: false, warnings: ['clock_ahead'] });
    expect(dated(at(received + 5 * MINUTE)).warnings).toEqual(['clock_ahead']);
  });

  it('more than 5 minutes ahead: receive time, the timestamp is ignored', () => {
    expect(dated(at(received + 5 * MINUTE + 1))).toEqual({
      at: received,
      tooOld: false,
      warnings: ['timestamp_ignored'],
    });
  });

  it('unreadable: receive time', () => {
    expect(dated(UNREADABLE)).toEqual({ at: received, tooOld: false, warnings: ['timestamp_unreadable'] });
  });

  it('without offset it is read in the user’s zone', () => {
    expect(dated(local('2026-11-21T12:30:00.000'))).toEqual({
      at: utc('2026-11-21T11:30:00Z'),
      tooOld: false,
      warnings: ['no_offset'],
    });
    expect(dateEvent(local('2026-11-21T01:30:00.000'), received, 'Pacific/Honolulu', WINDOW).at).toBe(
      utc('2026-11-21T11:30:00Z'),
    );
    expect(dateEvent(local('2026-11-22T00:30:00.000'), received, 'Pacific/Auckland', WINDOW).at).toBe(
      utc('2026-11-21T11:30:00Z'),
    );
  });

  it('without offset it is held to the same window', () => {
    expect(dated(local('2026-11-21T13:02:00.000'))).toEqual({
      at: received,
      tooOld: false,
      warnings: ['no_offset', 'clock_ahead'],
    });
    expect(dated(local('2026-11-01T13:02:00.000')).warnings).toEqual(['no_offset', 'timestamp_too_old']);
  });

  it('in a doubled hour the instant nearest to the moment we got it', () => {
    const twice = local('2026-10-25T02:30:00.000');
    const first = utc('2026-10-25T00:30:00Z');
    const second = utc('2026-10-25T01:30:00Z');
    const read = (receivedAt: number) => dateEvent(twice, receivedAt, AMSTERDAM, WINDOW).at;
    expect(read(first + 10 * MINUTE)).toBe(first);
    expect(read(second + 10 * MINUTE)).toBe(second);
    expect(read(second + DAY)).toBe(second);
  });

  it('in a skipped hour the instant of a clock nobody put forward', () => {
    const skipped = local('2026-03-29T02:30:00.000');
    expect(dateEvent(skipped, utc('2026-03-29T09:00:00Z'), AMSTERDAM, WINDOW).at).toBe(utc('2026-03-29T01:30:00Z'));
    expect(instantOfWallClock('2026-03-29T02:30:00.000', AMSTERDAM, utc('2026-03-29T00:30:00Z'))).toBe(
      utc('2026-03-29T01:30:00Z'),
    );
  });
});

describe('points sent together are dated together', () => {
  const received = utc('2026-11-21T12:00:00Z');
  const MONTHS = 90 * DAY;
  const batch = (times: (SaidTime | null)[]) => dateBatch(times, received, AMSTERDAM, MONTHS);
  const instants = (times: (SaidTime | null)[]) => batch(times).dated.map((one) => one.at - received);

  it('in the past they keep their times', () => {
    expect(batch([at(received - 2 * MINUTE), at(received - MINUTE)])).toEqual({
      dated: [
        { at: received - 2 * MINUTE, tooOld: false },
        { at: received - MINUTE, tooOld: false },
      ],
      warnings: [],
    });
  });

  it('a clock ahead shifts the batch as a whole, whatever the order', () => {
    const times = [at(received + 4 * MINUTE), at(received + MINUTE), at(received - HOUR)];
    expect(instants(times)).toEqual([0, -3 * MINUTE, -HOUR - 4 * MINUTE]);
    expect(batch(times).warnings).toEqual(['clock_ahead']);
  });

  it('a wall clock sent as UTC keeps its spacing too, and is told', () => {
    const times = [at(received + 58 * MINUTE), at(received + HOUR)];
    expect(instants(times)).toEqual([-2 * MINUTE, 0]);
    expect(batch(times).warnings).toEqual(['timestamp_ignored']);
  });

  it('one point from a nonsense year moves nobody but itself', () => {
    const times = [at(utc('2099-01-01T00:00:00Z')), at(received - HOUR)];
    expect(instants(times)).toEqual([0, -HOUR]);
    expect(batch(times).warnings).toEqual(['timestamp_ignored']);
  });

  it('points without a readable time get ours, and each warning comes once', () => {
    const times = [null, UNREADABLE, UNREADABLE, local('2026-11-21T12:30:00.000'), local('2026-11-21T12:31:00.000')];
    expect(instants(times)).toEqual([0, 0, 0, -30 * MINUTE, -29 * MINUTE]);
    expect(batch(times).warnings).toEqual(['timestamp_unreadable', 'no_offset']);
  });

  it('the window is 90 days', () => {
    expect(batch([at(received - MONTHS), at(received - MONTHS - 1)])).toEqual({
      dated: [
        { at: received - MONTHS, tooOld: false },
        { at: received - MONTHS - 1, tooOld: true },
      ],
      warnings: ['timestamp_too_old'],
    });
  });

  it('a batch of one is dated like an event', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100 * DAY, max: 20 * DAY }), (offset) => {
        const one = dateEvent(at(received + offset), received, AMSTERDAM, MONTHS);
        const many = batch([at(received + offset)]);
        expect(many).toEqual({ dated: [{ at: one.at, tooOld: one.tooOld }], warnings: one.warnings });
      }),
    );
  });
});
