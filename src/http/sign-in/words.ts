/** What signing in says, in both languages. */

import type { Language } from '../../domain/settings.ts';

/** Why somebody is not let in, as far as the person in front may know. */
export type Reason =
  | 'not_configured'
  | 'open'
  | 'not_finished'
  | 'declined'
  | 'unreachable'
  | 'not_allowed'
  | 'link_used'
  | 'foreign_page'
  | 'too_many';

export interface SignInWords {
  readonly signIn: string;
  readonly withGoogle: string;
  readonly noGoogle: string;
  readonly byLink: string;
  readonly linkStep: string;
  readonly linkLives: string;
  readonly signedInAs: string;
  readonly signOut: string;
  readonly signOutEverywhere: string;
  readonly everywhereExplained: string;
  readonly openNeedsNone: string;
  readonly linkReady: string;
  readonly linkExplained: string;
  readonly failed: string;
  readonly again: string;
  readonly reasons: Readonly<Record<Reason, string>>;
}

const EN: SignInWords = {
  signIn: 'Sign in',
  withGoogle: 'Sign in with Google',
  noGoogle: 'Sign-in with Google is not set up on this server.',
  byLink: 'With a link',
  linkStep: 'Whoever runs this server makes one, with this command on the server:',
  linkLives: 'It works once, within 15 minutes.',
  signedInAs: 'Signed in as',
  signOut: 'Sign out',
  signOutEverywhere: 'Sign out everywhere',
  everywhereExplained:
    'Everywhere means every browser. Other instances of the service follow within a minute. Phones keep their tokens.',
  openNeedsNone: 'This server is open to its own network: an address is enough, and nobody needs to sign in.',
  linkReady: 'Sign in on this device?',
  linkExplained: 'The link works once. If you did not ask for it, close this page.',
  failed: 'You are not signed in',
  again: 'Try again',
  reasons: {
    not_configured: 'Sign-in with Google is not set up on this server.',
    open: 'This server is open to its own network and needs no sign-in.',
    not_finished: 'This sign-in was begun in another browser, took longer than ten minutes, or was finished already.',
    declined: 'Google did not confirm the sign-in.',
    unreachable: 'Google does not answer just now.',
    not_allowed: 'This account has no logbook here. Ask whoever runs this server to add it.',
    link_used: 'This link was used already, is older than 15 minutes, or is not complete.',
    foreign_page: 'This must be done on a page of this service.',
    too_many: 'Too many failed sign-ins from here. Wait a minute.',
  },
};

const NL: SignInWords = {
  signIn: 'Inloggen',
  withGoogle: 'Inloggen met Google',
  noGoogle: 'Inloggen met Google is op deze server niet ingesteld.',
  byLink: 'Met een link',
  linkStep: 'Wie deze server beheert maakt er een, met deze opdracht op de server:',
  linkLives: 'Hij werkt één keer, binnen 15 minuten.',
  signedInAs: 'Ingelogd als',
  signOut: 'Uitloggen',
  signOutEverywhere: 'Overal uitloggen',
  everywhereExplained:
    'Overal betekent: in elke browser. Andere instanties van de dienst volgen binnen een minuut. Telefoons houden hun token.',
  openNeedsNone: 'Deze server staat open voor het eigen netwerk: een adres is genoeg, inloggen hoeft niet.',
  linkReady: 'Op dit apparaat inloggen?',
  linkExplained: 'De link werkt één keer. Heb je er niet om gevraagd, sluit dan deze pagina.',
  failed: 'Je bent niet ingelogd',
  again: 'Opnieuw proberen',
  reasons: {
    not_configured: 'Inloggen met Google is op deze server niet ingesteld.',
    open: 'Deze server staat open voor het eigen netwerk; inloggen hoeft niet.',
    not_finished: 'Dit inloggen is in een andere browser begonnen, duurde langer dan tien minuten, of is al afgerond.',
    declined: 'Google heeft het inloggen niet bevestigd.',
    unreachable: 'Google geeft op dit moment geen antwoord.',
    not_allowed: 'Dit account heeft hier geen rittenboek. Vraag de beheerder van deze server om het toe te voegen.',
    link_used: 'Deze link is al gebruikt, is ouder dan 15 minuten, of is niet volledig.',
    foreign_page: 'Dit moet op een pagina van deze dienst gebeuren.',
    too_many: 'Te vaak mislukt vanaf hier. Wacht een minuut.',
  },
};

export const SIGN_IN_WORDS: Readonly<Record<Language, SignInWords>> = { en: EN, nl: NL };
