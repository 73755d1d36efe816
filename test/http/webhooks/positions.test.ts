import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Position } from '../../../src/domain/geo.ts';
import { readPosition } from '../../../src/http/webhooks/positions.ts';
import { runs } from '../../support/runs.ts';

const at = (lat: number, lng: number, ...warnings: string[]) => ({ position: { lat, lng }, warnings });
const none = (...warnings: string[]) => ({ position: null, warnings });

describe('latitude and longitude, one by one', () => {
  test.each<[string, unknown, unknown, object]>([
    // 43
    ['numbers', 52.370216, 4.895168, at(52.370216, 4.895168)],
    ['text', '52.370216', '4.895168', at(52.370216, 4.895168)],
    ['outer space', ' 52.37 ', '\t4.89\n', at(52.37, 4.89)],
    ['a plus sign', '+52.37', '+4.9', at(52.37, 4.9)],
    ['whole degrees', '52', 5, at(52, 5)],
    ['a trailing point', '52.', '4', at(52, 4)],
    ['no leading zero', '.5', '-.5', at(0.5, -0.5)],
    ['a degree sign', '52.37°', '4.89 °', at(52.37, 4.89)],
    ['the poles and the date line', '-90', '180', at(-90, 180)],
    // 44
    ['decimal commas', '52,370216', '4,895168', at(52.370216, 4.895168)],
    // 45
    ['exponents', '5e-05', '1.234e-05', at(0.00005, 0.0000123)],
    ['capital exponents', '5.1E+1', '4E0', at(51, 4)],
    // 46
    ['Arabic digits', '٥٢٫٣٧٠٢١٦', '٤٫٨٩', at(52.370216, 4.89)],
    ['Persian digits', '۵۲٫۳۷', '۴٫۸۹', at(52.37, 4.89)],
    ['full-width digits', '５２．３７', '４.８９', at(52.37, 4.89)],
    ['Devanagari digits', '५२.३७', '४.८९', at(52.37, 4.89)],
    // 47
    ['a typographic minus', '52,37', '−4,895168', at(52.37, -4.895168)],
    ['a left-to-right mark', '\u200e52.37', '\u200e-4.895168', at(52.37, -4.895168)],
    ['an Arabic letter mark', '\u061c-٤٫٨٩', '\u061c-٤٫٨٩', at(-4.89, -4.89)],
    ['no-break spaces', '\u00a052.37\u202f', '\u202f4.89\u00a0', at(52.37, 4.89)],
    ['isolates', '\u206652.37\u2069', '4.89', at(52.37, 4.89)],
    // 48
    ['nothing', undefined, undefined, none('no_location')],
    ['empty text', '', '', none('no_location')],
    ['null', null, null, none('no_location')],
    ['the words of empty variables', 'null', '(null)', none('no_location')],
    ['nil and space', ' nil ', '  ', none('no_location')],
    ['only a latitude', 52.37, undefined, none('partial_location')],
    ['only a longitude', '', '4.89', none('partial_location')],
    ['one of them null', '52.37', '(null)', none('partial_location')],
    // 49
    ['null island', 0, 0, none('null_island')],
    ['null island as text', '0', '0,0', none('null_island')],
    ['negative zeros', -0, '-0', none('null_island')],
    ['only one of them zero', 0, 4.89, at(0, 4.89)],
    // 51
    ['a street address', 'Damrak 1\n1012 LG Amsterdam\nNederland', 'Damrak 1', none('location_is_address')],
    ['a street address in lat alone', 'Damrak 1\n1012 LG Amsterdam', undefined, none('location_is_address')],
    ['a label', 'Huidige locatie', '', none('location_is_address')],
    ['another script', 'شارع التحرير', '', none('location_is_address')],
    // 52
    ['lists', '52.37\n52.38', '4.89\n4.90', at(52.37, 4.89, 'first_of_list_used')],
    ['a list in one of them', '52.37', '4.89\r\n4.90', at(52.37, 4.89, 'first_of_list_used')],
    ['blank lines', '\n52.37\n', '4.89', at(52.37, 4.89)],
    // 53
    ['a lost decimal point', 52370216, 4895168, none('location_out_of_range')],
    ['a lost decimal point as text', '52370216', '4895168', none('location_out_of_range')],
    ['grouped thousands', '52.370.216', '4.895.168', none('location_out_of_range')],
    ['degrees and minutes', 'N 52°22.2', 'E 4°53.7', none('location_out_of_range')],
    ['one of them fine', 52.37, '4.895.168', none('location_out_of_range')],
    ['far beyond', 91, 181, none('location_out_of_range')],
    // 54
    ['swapped', 104.9, 52.37, none('lat_lng_swapped?')],
    ['swapped, negative', '-104,9', '52,37', none('lat_lng_swapped?')],
    // 55
    ['booleans', true, 4.89, none('location_unreadable')],
    ['a list of one number', [52.37], ['4.89'], at(52.37, 4.89)],
    ['a list of two', [52.37, 52.38], 4.89, none('location_unreadable')],
    ['an empty list', [], [], none('location_unreadable')],
    ['an object', { lat: 52.37 }, 4.89, none('location_unreadable')],
    // 56
    ['not a number', 'NaN', NaN, none('location_unreadable')],
    ['infinities', 'Infinity', -Infinity, none('location_unreadable')],
    ['too large to be one', '1e400', 1, none('location_unreadable')],
    ['noise', '?', '-', none('location_unreadable')],
    // 57
    ['more than 7 decimals', 52.370216123456, '4.89516849999', at(52.3702161, 4.8951685)],
    ['noise of floating point', '52.37021600000001', 4.8951680000001, at(52.370216, 4.895168)],
  ])('%s', (_, lat, lng, expected) => {
    expect(readPosition(lat, lng, undefined)).toEqual(expected);
  });
});

describe('both coordinates in one text', () => {
  test.each<[string, unknown, object]>([
    // 50
    ['a comma between points', '52.37,4.89', at(52.37, 4.89)],
    ['a comma and space', '52.37, -4.89', at(52.37, -4.89)],
    ['a semicolon between decimal commas', '52,37; 4,89', at(52.37, 4.89)],
    ['a space between decimal commas', '52,37 4,89', at(52.37, 4.89)],
    ['a comma and space between decimal commas', '52,37, 4,89', at(52.37, 4.89)],
    ['a bar', '52.37|4.89', at(52.37, 4.89)],
    ['two lines', '52.37\n4.89', at(52.37, 4.89)],
    ['parentheses', '(52.37, 4.89)', at(52.37, 4.89)],
    ['one of them whole', '52.37,5', at(52.37, 5)],
    ['Arabic', '٥٢٫٣٧، ٤٫٨٩', at(52.37, 4.89)],
    ['an exponent', '51.5,5e-05', at(51.5, 0.00005)],
    ['geo', 'geo:52.37,4.89', at(52.37, 4.89)],
    ['geo with height and parameters', 'GEO:52.37,-4.89,12.5;crs=wgs84;u=35', at(52.37, -4.89)],
    ['geo with a query', 'geo:52.37,4.89?z=17', at(52.37, 4.89)],
    ['geo of whole degrees', 'geo:52,4', at(52, 4)],
    ['a list of pairs', '52.37,4.89\n52.38,4.90', at(52.37, 4.89, 'first_of_list_used')],
    ['a list of one', ['52.37,4.89'], at(52.37, 4.89)],
    ['ambiguous commas', '52,37,4,89', none('location_unreadable')],
    ['one number or two', '52,37', none('location_unreadable')],
    ['a lone number', '52.37', none('location_unreadable')],
    ['two bare numbers, whose order nobody knows', [52.37, 4.89], none('location_unreadable')],
    ['a street address', 'Damrak 1\n1012 LG Amsterdam\nNederland', none('location_is_address')],
    ['null island', '0.0,0.0', none('null_island')],
    ['out of range', '152.37,194.89', none('location_out_of_range')],
    ['swapped', '152.37,4.89', none('lat_lng_swapped?')],
    ['too large', '1e400,4.89', none('location_unreadable')],
    ['empty', '', none('no_location')],
  ])('%s', (_, place, expected) => {
    expect(readPosition(undefined, undefined, place)).toEqual(expected);
  });

  it('is also found in lat when lng is empty', () => {
    expect(readPosition('52.37,4.89', '', undefined)).toEqual(at(52.37, 4.89));
    expect(readPosition('52.37\n52.38', '', undefined)).toEqual(none('partial_location'));
  });

  it('counts only when the coordinates are not given one by one', () => {
    expect(readPosition(52.37, 4.89, '1.5,2.5')).toEqual(at(52.37, 4.89));
    expect(readPosition(52.37, 4.89, 'Damrak 1')).toEqual(at(52.37, 4.89));
    expect(readPosition(52.37, '', '1.5,2.5')).toEqual(at(1.5, 2.5));
    expect(readPosition(52.37, '', 'Damrak 1')).toEqual(none('location_is_address'));
  });
});

function isUsable({ lat, lng }: Position): boolean {
  const isRound = [lat, lng].every((degrees) => degrees === Math.round(degrees * 1e7) / 1e7);
  return isRound && Math.abs(lat) <= 90 && Math.abs(lng) <= 180 && (lat !== 0 || lng !== 0);
}

describe('whatever is sent', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.stringMatching(/^[+-−]?[0-9٠-٩]{0,4}[.,٫]?[0-9]{0,9}$/),
    fc.constantFrom('', 'null', '0', '52.37', '52,37; 4,89', 'geo:1,2', 'Damrak 1'),
  );
  const raw = fc.oneof(text, fc.double(), fc.anything());

  it('there is a position on earth with at most 7 decimals, or exactly one warning that says why not', () => {
    fc.assert(
      fc.property(raw, raw, raw, (lat, lng, place) => {
        const { position, warnings } = readPosition(lat, lng, place);
        expect(position === null ? warnings.length === 1 : isUsable(position)).toBe(true);
        expect(position === null && warnings[0] === 'first_of_list_used').toBe(false);
      }),
      runs(1_000, 10_000),
    );
  });

  it('a number reads the same in every way a phone writes it', () => {
    const zeros = [0x30, 0x660, 0x6f0, 0xff10, 0x966];
    const degrees = fc.integer({ min: -899_999_999, max: 899_999_999 }).map((n) => n / 1e7);
    fc.assert(
      fc.property(degrees, fc.constantFrom(...zeros), fc.constantFrom('.', ',', '٫'), (value, zero, mark) => {
        const written = value
          .toFixed(7)
          .replace(/\d/g, (digit) => String.fromCharCode(zero + Number(digit)))
          .replace('.', mark)
          .replace('-', '\u200e−');
        expect(readPosition(written, 4.89, undefined)).toEqual(at(value + 0, 4.89));
      }),
    );
  });
});
