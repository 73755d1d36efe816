/** `/simulator`, which only the demo serves: the page of its simulated car. Takes forms from itself alone. */

import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { listLocations } from '../../../src/actions/locations.ts';
import type { Deps } from '../../../src/actions/deps.ts';
import { Problem } from '../../../src/domain/problem.ts';
import type { Env } from '../../../src/http/env.ts';
import { pageResponse } from '../../../src/http/home/layout.ts';
import { languageOf, LOCALES } from '../../../src/http/home/routes.ts';
import { WORDS } from '../../../src/http/home/words.ts';
import type { HttpOptions } from '../../../src/http/options.ts';
import type { UserStore } from '../../../src/seams/store.ts';
import { simulatedCar } from './car.ts';
import { carPage, PATH } from './page.ts';
import type { InTurn } from './turns.ts';
import { readWish, WISHES, type Wrong } from './wishes.ts';
import { CAR_WORDS } from './words.ts';

const ALL = { limit: 200, after: null };

export function simulatorRoutes(deps: Deps, { version }: HttpOptions, user: UserStore, inTurn: InTurn): Hono<Env> {
  const car = simulatedCar(deps, user, inTurn);
  const routes = new Hono<Env>();

  const show = async (c: Context<Env>, wrong: Wrong | null): Promise<Response> => {
    const owner = await user.get('user', '');
    const language = languageOf(c, owner, deps.newUser.language);
    const locations = (await listLocations(user, ALL)).items;
    const settings = owner?.settings ?? deps.newUser;
    const words = CAR_WORDS[language];
    const body = carPage(await car.look(), { words, locale: LOCALES[language], settings, locations, wrong });
    const title = `${words.title} · ${WORDS[language].product}`;
    const page = await pageResponse(c, { language, title, path: PATH, version, body }, wrong === null ? 200 : 400);
    // Under `no-referrer` browsers send forms from nowhere (`Origin: null`), and forms from elsewhere are refused.
    page.headers.set('referrer-policy', 'same-origin');
    return page;
  };

  routes.get(PATH, (c) => show(c, null));
  for (const wish of WISHES) {
    routes.post(`${PATH}/${wish}`, fromItself, async (c) => {
      const read = readWish(wish, await c.req.parseBody());
      if ('wrong' in read) return show(c, read.wrong);
      await car.change(read.edit);
      return c.redirect(PATH, 303);
    });
  }
  return routes;
}

/** A form another page sends, or one that does not say where it comes from, changes nothing. */
const fromItself: MiddlewareHandler<Env> = async (c, next) => {
  const origin = c.req.header('origin') ?? '';
  if (!URL.canParse(origin) || new URL(origin).host !== new URL(c.req.url).host) {
    throw new Problem('open_mode_is_local', 'This form is taken from the page of the simulated car alone.');
  }
  await next();
};
