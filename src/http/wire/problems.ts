/** The shape of every refusal, for the description. What is really sent is made in `problems.ts` of the edge. */

import { z } from '@hono/zod-openapi';

export const ProblemWire = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().openapi({ example: 'invalid_request' }),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })),
    request_id: z.string(),
  })
  .openapi('Problem');
