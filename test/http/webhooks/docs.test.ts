import { OpenAPIHono } from '@hono/zod-openapi';
import { describe, expect, it } from 'vitest';
import { webhookDocs, WebhookAnswer } from '../../../src/http/webhooks/docs.ts';
import { JAN, testApp } from '../../support/app.ts';
import { phone } from './journey.ts';

describe('the description of the webhooks', () => {
  const app = new OpenAPIHono();
  for (const route of webhookDocs) app.openAPIRegistry.registerPath(route);
  const document = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'x', version: '1' } });

  it('has every path that is served, and only those', async () => {
    expect(Object.keys(document.paths ?? {})).toEqual(
      ['start', 'ping', 'end', 'finalize', 'cancel', 'status'].map((action) => `/webhook/${action}`),
    );
    const { app: service } = testApp();
    for (const { method, path } of webhookDocs) {
      const response = await service.request(path, { method, headers: { 'x-user-email': JAN } });
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
    }
  });

  it('describes the answers as they are', async () => {
    const { clock, ...service } = testApp();
    const jan = phone({ ...service, clock }, { user: JAN });
    const answers = [await jan.post('ping', { points: [] }), await jan.post('start', { lat: 52.37, lng: 4.89 })];
    answers.push(await jan.post('start', {}));
    clock.advance(1_200_000);
    answers.push(await jan.post('end', { lat: 52.47, lng: 4.89 }));
    for (const { body } of answers) expect(WebhookAnswer.strict().parse(body)).toEqual(body);
    expect(answers.at(-1)?.body.trip).toBeDefined();
  });
});
