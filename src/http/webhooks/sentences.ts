/** What phones are told, in both languages: beginnings that say what happened, endings that say what to put right. */

import type { Language } from '../../domain/settings.ts';

/** What happened, in small letters and without a full stop, so that it can be put together. */
export interface Sentences {
  readonly started: string;
  readonly resumed: string;
  readonly startedBefore: string;
  readonly goesOn: string;
  readonly recorded: string;
  readonly recordedMany: (accepted: number, rejected: number) => string;
  readonly ending: string;
  readonly finished: string;
  readonly finishedKm: (km: string) => string;
  readonly finishedAt: (km: string, from: string, to: string) => string;
  readonly finishedPending: (km: string) => string;
  readonly finishedUnknown: string;
  readonly pausedAtStop: string;
  readonly discarded: string;
  readonly cancelled: string;
  readonly waits: string;
  readonly tooOld: string;
  readonly nothingOpen: string;
  readonly endWaits: string;
  readonly positionKept: string;
  readonly positionsKept: (accepted: number) => string;
  readonly nothingToFinish: string;
  readonly nothingToCancel: string;
  readonly again: (what: string) => string;
  /** By warning, the most pressing first. A warning that asks nothing of the driver has none. */
  readonly endings: Readonly<Record<string, string>>;
}

const ENGLISH: Sentences = {
  started: 'your drive has started',
  resumed: 'your drive goes on, the pause is kept as a stop',
  startedBefore: 'your drive had started already',
  goesOn: 'your drive goes on',
  recorded: 'position recorded',
  recordedMany: (accepted, rejected) =>
    `${accepted} ${accepted === 1 ? 'position' : 'positions'} recorded${rejected === 0 ? '' : `, ${rejected} left out`}`,
  ending: 'your drive has ended, we are waiting for the car',
  finished: 'your drive is in the book',
  finishedKm: (km) => `your drive of ${km} km is in the book`,
  finishedAt: (km, from, to) => `your drive of ${km} km is in the book, ${from} to ${to}`,
  finishedPending: (km) => `your drive of ${km} km is in the book, its odometer follows`,
  finishedUnknown: 'your drive is in the book, its distance is still unknown',
  pausedAtStop: 'paused at your stop, the drive goes on when you do',
  discarded: 'this does not count as a drive and is not booked',
  cancelled: 'this drive is cancelled and not in the book',
  waits: 'this is kept and waits for your decision',
  tooOld: 'too old to book by itself, this waits for your decision',
  nothingOpen: 'no drive is open',
  endWaits: 'no drive was open, this end waits for your decision',
  positionKept: 'no drive is open, the position is kept for a day',
  positionsKept: (accepted) => `no drive is open, ${accepted} positions are kept for a day`,
  nothingToFinish: 'no drive was open, so there is nothing to finish',
  nothingToCancel: 'no drive was open, so there is nothing to cancel',
  again: (what) => `already noted: ${what}`,
  endings: {
    body_unreadable: ', but what was sent with it could not be read',
    body_ignored: ', but what was sent with it could not be read',
    location_is_address: ', but without a position: send its Latitude and Longitude',
    location_out_of_range: ', but without a position: use Text for lat and lng',
    'lat_lng_swapped?': ', but without a position: lat and lng look swapped',
    location_unreadable: ', but without a position: lat and lng are not readable',
    null_island: ', but without a position: lat and lng were both 0',
    partial_location: ', but without a position: lat or lng is missing',
    event_id_reused: ', but its event_id was used before: send a new one',
    unknown_car: ', but its car_id is not one of your cars',
    timestamp_unreadable: ', at our time because its own is not readable',
    timestamp_ignored: ', at our time because its own lies in the future',
    token_rotates_on: ', and this key ends soon: put in the new one',
  },
};

const DUTCH: Sentences = {
  started: 'je rit is begonnen',
  resumed: 'je rit gaat verder, de pauze is bewaard als stop',
  startedBefore: 'je rit was al begonnen',
  goesOn: 'je rit gaat door',
  recorded: 'positie vastgelegd',
  recordedMany: (accepted, rejected) =>
    `${accepted} ${accepted === 1 ? 'positie' : 'posities'} vastgelegd${rejected === 0 ? '' : `, ${rejected} niet`}`,
  ending: 'je rit is afgelopen, we wachten nog op de auto',
  finished: 'je rit staat in het boek',
  finishedKm: (km) => `je rit van ${km} km staat in het boek`,
  finishedAt: (km, from, to) => `je rit van ${km} km staat in het boek, ${from} tot ${to}`,
  finishedPending: (km) => `je rit van ${km} km staat in het boek, de kilometerstand volgt`,
  finishedUnknown: 'je rit staat in het boek, de afstand is nog onbekend',
  pausedAtStop: 'pauze bij je stop, de rit gaat verder als jij dat doet',
  discarded: 'dit telt niet als rit en is niet geboekt',
  cancelled: 'deze rit is geannuleerd en staat niet in het boek',
  waits: 'dit is bewaard en wacht op je beslissing',
  tooOld: 'te oud om zelf te boeken, dit wacht op je beslissing',
  nothingOpen: 'er is geen rit bezig',
  endWaits: 'er was geen rit bezig, dit einde wacht op je beslissing',
  positionKept: 'er is geen rit bezig, de positie blijft een dag bewaard',
  positionsKept: (accepted) => `er is geen rit bezig, ${accepted} posities blijven een dag bewaard`,
  nothingToFinish: 'er was geen rit bezig, dus er valt niets af te sluiten',
  nothingToCancel: 'er was geen rit bezig, dus er valt niets te annuleren',
  again: (what) => `al genoteerd: ${what}`,
  endings: {
    body_unreadable: ', maar wat erbij zat was niet te lezen',
    body_ignored: ', maar wat erbij zat was niet te lezen',
    location_is_address: ', maar zonder positie: stuur de breedte- en lengtegraad',
    location_out_of_range: ', maar zonder positie: kies Tekst voor lat en lng',
    'lat_lng_swapped?': ', maar zonder positie: lat en lng lijken verwisseld',
    location_unreadable: ', maar zonder positie: lat en lng zijn niet leesbaar',
    null_island: ', maar zonder positie: lat en lng waren allebei 0',
    partial_location: ', maar zonder positie: lat of lng ontbreekt',
    event_id_reused: ', maar dit event_id is al gebruikt: stuur een nieuw',
    unknown_car: ', maar car_id is geen van je auto’s',
    timestamp_unreadable: ', op onze tijd, want de tijd erin is niet leesbaar',
    timestamp_ignored: ', op onze tijd, want de tijd erin ligt in de toekomst',
    token_rotates_on: ', en deze sleutel vervalt binnenkort: vul de nieuwe in',
  },
};

export const SENTENCES: Readonly<Record<Language, Sentences>> = { en: ENGLISH, nl: DUTCH };
