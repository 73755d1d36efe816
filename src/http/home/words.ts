/** What the pages say, in both languages. */

import type { Language } from '../../domain/settings.ts';
import type { TripType } from '../../domain/trips.ts';

export interface Words {
  readonly product: string;
  readonly today: string;
  readonly setUp: string;
  readonly api: string;
  readonly version: string;
  readonly store: string;
  readonly storeWorks: string;
  readonly storeFails: string;
  readonly access: string;
  readonly open: string;
  readonly required: string;
  readonly openExplained: string;
  readonly requiredExplained: string;
  readonly signIn: string;
  readonly logbook: string;
  readonly whose: string;
  readonly email: string;
  readonly show: string;
  readonly known: string;
  readonly noAddress: string;
  readonly phase: Readonly<Record<'driving' | 'ending' | 'paused', string>>;
  readonly since: string;
  readonly lastTrips: string;
  readonly noTrips: string;
  readonly yesterday: string;
  readonly elsewhere: string;
  readonly to: string;
  readonly unknownKm: string;
  readonly estimated: string;
  readonly wantsReview: string;
  readonly types: Readonly<Record<TripType, string>>;
  readonly firstDrive: string;
  readonly firstDriveExplained: string;
  readonly starts: string;
  readonly goesOn: string;
  readonly ends: string;
  readonly look: string;
  readonly makeToken: string;
  readonly makeTokenExplained: string;
  readonly keepToken: string;
  readonly phone: string;
  readonly phoneSteps: readonly string[];
  readonly phoneAddress: string;
  readonly phoneHeader: string;
  readonly phoneAgain: string;
}

const EN: Words = {
  product: 'Mileage logbook',
  today: 'Today',
  setUp: 'Set up',
  api: 'API',
  version: 'Version',
  store: 'Store',
  storeWorks: 'works',
  storeFails: 'does not answer',
  access: 'Access',
  open: 'open, for this network',
  required: 'a token per phone',
  openExplained: 'An address alone says whose logbook it is. To be reached from elsewhere, start with AUTH=required.',
  requiredExplained: 'This page shows nobody’s trips. Each phone and car carries a token of its own.',
  signIn: 'Sign in',
  logbook: 'Logbook of',
  whose: 'Whose logbook?',
  email: 'E-mail address',
  show: 'Show',
  known: 'In this store',
  noAddress: 'That is no e-mail address.',
  phase: { driving: 'Driving', ending: 'Waiting for the car', paused: 'Paused' },
  since: 'since',
  lastTrips: 'Last trips',
  noTrips: 'No trip yet. The lines of “Your first drive” make one.',
  yesterday: 'Yesterday',
  elsewhere: 'somewhere',
  to: 'to',
  unknownKm: '? km',
  estimated: 'estimated',
  wantsReview: 'wants review',
  types: { B: 'business', P: 'private', M: 'mixed' },
  firstDrive: 'Your first drive',
  firstDriveExplained: 'Four commands for a terminal. They tell of a drive that ended a moment ago.',
  starts: 'A drive starts',
  goesOn: 'It is under way',
  ends: 'It ends, and is in the book',
  look: 'Look at it',
  makeToken: 'A token for it',
  makeTokenExplained: 'On the machine this runs on. The token is printed once.',
  keepToken: 'Keep it in the terminal you use:',
  phone: 'Your iPhone',
  phoneSteps: [
    'Shortcuts › Automation › New: CarPlay connects, or the Bluetooth of your car connects. Run immediately.',
    'Add “Get current location”, then “Get contents of URL”.',
    'Address as below, method POST, body JSON: lat = Latitude and lng = Longitude of the current location, as text.',
    'The same again for “disconnects”, with end in place of start.',
    'Run each once by hand and choose “Always allow”.',
  ],
  phoneAddress: 'Address of the start:',
  phoneHeader: 'Header Authorization:',
  phoneAgain: 'The phone must reach this address from the road: by VPN or an https tunnel, with AUTH=required.',
};

const NL: Words = {
  product: 'Rittenboek',
  today: 'Vandaag',
  setUp: 'Instellen',
  api: 'API',
  version: 'Versie',
  store: 'Opslag',
  storeWorks: 'werkt',
  storeFails: 'antwoordt niet',
  access: 'Toegang',
  open: 'open, voor dit netwerk',
  required: 'een token per telefoon',
  openExplained:
    'Een adres alleen zegt van wie het rittenboek is. Start met AUTH=required om van buiten bereikbaar te zijn.',
  requiredExplained: 'Deze pagina toont niemands ritten. Elke telefoon en auto heeft een eigen token.',
  signIn: 'Inloggen',
  logbook: 'Rittenboek van',
  whose: 'Van wie is het rittenboek?',
  email: 'E-mailadres',
  show: 'Toon',
  known: 'In deze opslag',
  noAddress: 'Dat is geen e-mailadres.',
  phase: { driving: 'Onderweg', ending: 'Wacht op de auto', paused: 'Gepauzeerd' },
  since: 'sinds',
  lastTrips: 'Laatste ritten',
  noTrips: 'Nog geen rit. De regels van “Je eerste rit” maken er een.',
  yesterday: 'Gisteren',
  elsewhere: 'ergens',
  to: 'naar',
  unknownKm: '? km',
  estimated: 'geschat',
  wantsReview: 'wil een blik',
  types: { B: 'zakelijk', P: 'privé', M: 'gemengd' },
  firstDrive: 'Je eerste rit',
  firstDriveExplained: 'Vier opdrachten voor een terminal. Ze vertellen van een rit die zojuist eindigde.',
  starts: 'Een rit begint',
  goesOn: 'Hij is onderweg',
  ends: 'Hij eindigt, en staat in het boek',
  look: 'Bekijk hem',
  makeToken: 'Een token ervoor',
  makeTokenExplained: 'Op de machine waar dit draait. Het token wordt één keer getoond.',
  keepToken: 'Bewaar het in de terminal die je gebruikt:',
  phone: 'Je iPhone',
  phoneSteps: [
    'Opdrachten › Automatisering › Nieuw: CarPlay verbindt, of de bluetooth van je auto verbindt. Voer direct uit.',
    'Voeg “Haal huidige locatie op” toe, en daarna “Haal inhoud van URL op”.',
    'Adres zoals hieronder, methode POST, tekst JSON: lat = breedtegraad en lng = lengtegraad van de huidige locatie, als tekst.',
    'Nog eens hetzelfde voor “verbreekt”, met end in plaats van start.',
    'Voer elk één keer met de hand uit en kies “Sta altijd toe”.',
  ],
  phoneAddress: 'Adres van het begin:',
  phoneHeader: 'Header Authorization:',
  phoneAgain: 'De telefoon moet dit adres onderweg bereiken: met VPN of een https-tunnel, en AUTH=required.',
};

export const WORDS: Readonly<Record<Language, Words>> = { en: EN, nl: NL };
