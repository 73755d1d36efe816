/** The private kilometres of company cars on the wire. */

import { z } from '@hono/zod-openapi';
import type { CarBudget, YearBudget } from '../../actions/budget.ts';
import {
  LEAST_DAYS_KNOWN,
  PRIVATE_LIMIT_METRES,
  usedMetres,
  viewsOf,
  type Forecast,
  type Uses,
} from '../../domain/budget.ts';
import { kmOf, kmOrNull } from '../../domain/units.ts';

const date = () => z.string().openapi({ format: 'date' });

const uses = {
  business_km: z.number().openapi({ description: 'Without commuting' }),
  commute_km: z.number(),
  private_km: z.number().openapi({ description: 'What counts: private trips, private parts, and unexplained' }),
  private_trips_km: z.number(),
  private_parts_km: z.number().openapi({ description: 'The private part of mixed trips' }),
  unexplained_km: z
    .number()
    .openapi({ description: 'Driven by the odometer and in no trip; on the day that became known' }),
};

const ForecastWire = z
  .object({
    status: z.enum(['by_pace', 'final', 'too_little_known']).openapi({
      description: `\`final\`: the year is over; \`too_little_known\`: fewer than ${LEAST_DAYS_KNOWN} days`,
    }),
    private_km: z.number().nullable().openapi({ description: 'At the end of the year' }),
    crosses_on: date().nullable().openapi({ description: 'The day on which the limit would be passed' }),
    known_from: date().nullable(),
    known_days: z.int(),
  })
  .openapi('BudgetForecast');

const ViewsWire = z
  .object({
    wage_tax: z.object({ business_km: z.number(), private_km: z.number() }).openapi({
      description: 'Commuting is business',
    }),
    vat: z
      .object({ business_km: z.number(), private_km: z.number(), commute_km: z.number() })
      .openapi({ description: 'Commuting is private: `commute_km` is a part of `private_km`' }),
  })
  .openapi('TaxViews');

const CarBudgetWire = z
  .object({
    car_id: z.string(),
    company_car: z.boolean(),
    limit_km: z.number().openapi({ example: 500 }),
    left_km: z.number(),
    crossed_on: date().nullable().openapi({ description: 'The day on which the limit was passed' }),
    ...uses,
    forecast: ForecastWire,
    views: ViewsWire,
    by_month: z.array(z.object({ month: z.string().openapi({ example: '2026-03' }), ...uses })),
  })
  .openapi('CarBudget');

export const BudgetWire = z.object({ year: z.int(), cars: z.array(CarBudgetWire) }).openapi('Budget');

export type BudgetWire = z.infer<typeof BudgetWire>;

export function budgetToWire({ year, cars }: YearBudget): BudgetWire {
  return { year, cars: cars.map(carToWire) };
}

function carToWire({ car, budget }: CarBudget): z.infer<typeof CarBudgetWire> {
  return {
    car_id: car.id,
    company_car: car.companyCar,
    limit_km: kmOf(PRIVATE_LIMIT_METRES),
    left_km: kmOf(Math.max(0, PRIVATE_LIMIT_METRES - usedMetres(budget.uses))),
    crossed_on: budget.crossedOn,
    ...usesToWire(budget.uses),
    forecast: forecastToWire(budget.forecast),
    views: viewsToWire(budget.uses),
    by_month: budget.byMonth.map((one) => ({ month: one.month, ...usesToWire(one.uses) })),
  };
}

function usesToWire(all: Uses) {
  return {
    business_km: kmOf(all.businessMetres),
    commute_km: kmOf(all.commuteMetres),
    private_km: kmOf(usedMetres(all)),
    private_trips_km: kmOf(all.privateTripMetres),
    private_parts_km: kmOf(all.privatePartMetres),
    unexplained_km: kmOf(all.unexplainedMetres),
  };
}

function forecastToWire({ status, privateMetres, crossesOn, knownFrom, knownDays }: Forecast) {
  return {
    status,
    private_km: kmOrNull(privateMetres),
    crosses_on: crossesOn,
    known_from: knownFrom,
    known_days: knownDays,
  };
}

function viewsToWire(all: Uses): z.infer<typeof ViewsWire> {
  const { wageTax, vat } = viewsOf(all);
  return {
    wage_tax: { business_km: kmOf(wageTax.businessMetres), private_km: kmOf(wageTax.privateMetres) },
    vat: {
      business_km: kmOf(vat.businessMetres),
      private_km: kmOf(vat.privateMetres),
      commute_km: kmOf(vat.commuteMetres),
    },
  };
}
