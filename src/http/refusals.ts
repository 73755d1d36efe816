/** What a phone shows when it is refused: one sentence, at most 110 characters, that says what to do. */

import type { Context } from 'hono';
import type { Language } from '../domain/settings.ts';
import { TWO_TOKENS } from './credentials.ts';
import type { Env } from './env.ts';
import { TOO_MANY_WRONG } from './guesses.ts';
import { preferredLanguage } from './language.ts';
import type { ProblemBody, WireCode } from './problems.ts';
import { DAMAGED, ONLY_AN_ADDRESS } from './token-callers.ts';

type Sentences = Readonly<Record<Language, string>>;

const SENTENCES: Readonly<Partial<Record<WireCode, Sentences>>> = {
  unauthenticated: {
    en: 'This phone has no valid key. Put its token into the header Authorization.',
    nl: 'Deze telefoon heeft geen geldige sleutel. Zet het token in de header Authorization.',
  },
  token_revoked: {
    en: 'This phone’s key was revoked. Make a new token and put it in.',
    nl: 'De sleutel van deze telefoon is ingetrokken. Maak een nieuw token en vul het in.',
  },
  token_expired: {
    en: 'This phone’s key has expired. Make a new token and put it in.',
    nl: 'De sleutel van deze telefoon is verlopen. Maak een nieuw token en vul het in.',
  },
  insufficient_scope: {
    en: 'This phone’s key may not send events. Make a token with the scope events.',
    nl: 'De sleutel van deze telefoon mag geen ritten sturen. Maak een token met de scope events.',
  },
  user_mismatch: {
    en: 'The user in the address does not belong to this phone’s key. Leave the user out.',
    nl: 'De gebruiker in het adres hoort niet bij de sleutel van deze telefoon. Laat de gebruiker weg.',
  },
  conflicting_user: {
    en: 'Two different users were sent. Name one.',
    nl: 'Er zijn twee verschillende gebruikers verstuurd. Noem er één.',
  },
  invalid_user: {
    en: 'The user is not an e-mail address. Check the address of the Shortcut.',
    nl: 'De gebruiker is geen e-mailadres. Controleer het adres in de opdracht.',
  },
  user_required: {
    en: 'Whose trip is this? Add ?user= and your e-mail address to the address.',
    nl: 'Van wie is deze rit? Zet ?user= en je e-mailadres achter het adres.',
  },
  open_mode_is_local: {
    en: 'This server only listens to its own network. Its owner must start it with AUTH=required.',
    nl: 'Deze server luistert alleen op het eigen netwerk. De beheerder moet AUTH=required instellen.',
  },
  unknown_action: {
    en: 'The address ends in an unknown action. Use start, ping, end, finalize or cancel.',
    nl: 'Het adres eindigt op een onbekende actie. Gebruik start, ping, end, finalize of cancel.',
  },
  use_post: {
    en: 'Nothing was recorded: set the method of this request to POST.',
    nl: 'Er is niets vastgelegd: zet de methode van dit verzoek op POST.',
  },
  method_not_allowed: {
    en: 'The status is only read: set the method of this request to GET.',
    nl: 'De status wordt alleen gelezen: zet de methode van dit verzoek op GET.',
  },
  invalid_request: {
    en: 'This request could not be read. Check what the Shortcut sends.',
    nl: 'Dit verzoek is niet te lezen. Controleer wat de opdracht verstuurt.',
  },
  too_large: {
    en: 'Too much was sent at once. Send less per request.',
    nl: 'Er is te veel tegelijk verstuurd. Stuur minder per keer.',
  },
  rate_limited: {
    en: 'Too many requests per minute. Send positions less often, or together.',
    nl: 'Te veel verzoeken per minuut. Stuur posities minder vaak, of samen.',
  },
  busy_try_again: {
    en: 'The logbook is busy. Send this again in a moment.',
    nl: 'Het rittenboek is druk. Stuur dit zo nog een keer.',
  },
};

/** Refusals that share a code, and yet ask for different things; by how their detail begins. */
const NARROWER: readonly (readonly [string, Sentences])[] = [
  [
    DAMAGED,
    {
      en: 'This phone’s key looks damaged. Copy the whole token again into the header Authorization.',
      nl: 'De sleutel van deze telefoon lijkt beschadigd. Kopieer het hele token opnieuw in de header.',
    },
  ],
  [
    ONLY_AN_ADDRESS,
    {
      en: 'An address alone is not enough. Make a token for this phone and put it into the header Authorization.',
      nl: 'Een adres alleen is niet genoeg. Maak een token voor deze telefoon en zet het in Authorization.',
    },
  ],
  [
    TWO_TOKENS,
    {
      en: 'Two different keys were sent. Send one, in the header Authorization.',
      nl: 'Er zijn twee verschillende sleutels verstuurd. Stuur er één, in de header Authorization.',
    },
  ],
  [
    TOO_MANY_WRONG,
    {
      en: 'Wrong keys were sent too often from here. Check this phone’s token, and wait a minute.',
      nl: 'Er is vanaf hier te vaak een verkeerde sleutel verstuurd. Controleer het token en wacht een minuut.',
    },
  ],
];

const ANYTHING_ELSE: Sentences = {
  en: 'This could not be recorded. Send it again in a moment.',
  nl: 'Dit kon niet worden vastgelegd. Stuur het zo nog een keer.',
};

/** A phone looks at the body alone, so the body says that it failed and what to do. */
export function phoneExtras(c: Context<Env>, body: ProblemBody): { ok: false; message: string } {
  const language = preferredLanguage(c.req.header('accept-language')) ?? 'en';
  const narrower = NARROWER.find(([beginning]) => body.detail.startsWith(beginning))?.[1];
  return { ok: false, message: (narrower ?? SENTENCES[body.code] ?? ANYTHING_ELSE)[language] };
}
