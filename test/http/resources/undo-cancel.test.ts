import { describe, expect, it } from 'vitest';
import { JAN, testApp } from '../../support/app.ts';
import { DAY, MINUTE, openLogbook } from './logbook.ts';

/** A drive of 20 minutes that is cancelled on the way; its phone goes on telling. */
async function cancelledDrive() {
  const logbook = openLogbook();
  const { clock, ask, get } = logbook;
  const say = async (action: string, lat: number, more: object = {}) => {
    const { body } = await ask(JAN, 'POST', `/webhook/${action}`, { lat, lng: 4, ...more });
    clock.advance(5 * MINUTE);
    return body;
  };
  await ask(JAN, 'PATCH', '/settings', { alarms: false });
  const { trip_id: id } = await say('start', 52);
  await say('ping', 52.02);
  await say('ping', 52.04);
  expect((await say('cancel', 52.06)).code).toBe('cancelled');
  const [entry] = (await get('/activity')).body.activity;
  const undo = (which: string) => ask(JAN, 'POST', `/activity/${which}/undo`);
  const feed = async () => (await get('/activity')).body.activity;
  return { ...logbook, say, id, entry, undo, feed };
}

describe('undoing a cancel', () => {
  it('notes who cancelled, and keeps the drive out of the book', async () => {
    const { entry, id, get } = await cancelledDrive();
    expect(entry).toMatchObject({ kind: 'discarded', noun_id: id, by: { kind: 'open' }, before: null, after: null });
    expect((await get('/trips')).body.trips).toEqual([]);
  });

  it('opens the drive again when it goes on', async () => {
    const { entry, id, get, say, undo, feed } = await cancelledDrive();
    await say('ping', 52.08);
    const undone = await undo(entry.id);
    expect([undone.status, undone.body]).toMatchObject([200, { kind: 'created', noun_id: id, after: null }]);
    expect((await get('/trips/active')).body).toMatchObject({ active: true, trip_id: id });
    expect((await feed())[1]).toEqual({ ...entry, undone_by: undone.body.id });
    expect((await undo(entry.id)).status).toBe(409);
    await say('end', 52.1);
    const [trip] = (await get('/trips')).body.trips;
    expect(trip.id).toBe(id);
    expect(trip.distance_km).toBeGreaterThan(10);
    expect((await get(`/trips/${id}/track`)).body.geometry.coordinates.length).toBe(5);
  });

  it('books it when its end came meanwhile, and takes it out again', async () => {
    const { entry, id, get, say, undo, feed, clock } = await cancelledDrive();
    expect((await say('end', 52.1)).code).toBe('no_active_trip');
    const undone = await undo(entry.id);
    expect(undone.body).toMatchObject({ kind: 'created', after: { id, closed_by: 'phone' }, undoes: entry.id });
    expect((await feed()).map(({ kind, by }: { kind: string; by: { kind: string } }) => [kind, by.kind])).toEqual([
      ['created', 'open'],
      ['discarded', 'open'],
      ['changed', 'open'],
    ]);
    expect((await get('/stats')).body.trip_count).toBe(1);
    expect((await get('/review')).body.review.map(({ kind }: { kind: string }) => kind)).not.toContain('event');
    clock.advance(MINUTE);
    const redone = await undo(undone.body.id);
    expect(redone.body).toMatchObject({ kind: 'deleted', before: { id }, after: null });
    expect((await get('/stats')).body.trip_count).toBe(0);
    expect((await get('/review')).body.review).toHaveLength(1);
    expect((await undo(redone.body.id)).body.after.id).toBe(id);
    expect((await get('/stats')).body.trip_count).toBe(1);
  });

  it('lets count what was told late about it', async () => {
    const { entry, id, get, say, undo, clock } = await cancelledDrive();
    const ended = new Date(clock.now() - 7 * MINUTE).toISOString();
    expect((await say('end', 52.05, { timestamp: ended })).code).toBe('no_active_trip');
    const { body } = await undo(entry.id);
    expect(body.after).toMatchObject({ id, ended_at: ended });
    expect((await undo(body.id)).status).toBe(200);
    expect((await get('/stats')).body.trip_count).toBe(0);
    expect((await get('/review')).body.review).toEqual([]);
  });

  it('brings it back as it stood when its events are gone', async () => {
    const { entry, id, ask, get, undo, clock, deps } = await cancelledDrive();
    for (let day = 0; day < 6; day += 1) {
      clock.advance(DAY);
      await ask(JAN, 'POST', '/scheduler/poll-all');
    }
    expect(await deps.store.forUser(JAN).list('event', { order: 'asc', limit: 9 })).toEqual([]);
    const undone = await undo(entry.id);
    expect(undone.body).toMatchObject({ kind: 'created', after: { id, ended_at: entry.discard.ended_at } });
    expect((await get('/stats')).body).toMatchObject({ trip_count: 1, total_km: undone.body.after.distance_km });
    expect((await get(`/trips/${id}/track`)).body.geometry.coordinates.length).toBe(3);
    expect((await undo(undone.body.id)).status).toBe(200);
    expect((await get('/stats')).body.trip_count).toBe(0);
  });

  it('changes nothing the user decided since', async () => {
    const { entry, get, ask, say, undo, feed } = await cancelledDrive();
    await say('start', 52.06);
    await say('end', 52.1);
    const [second] = (await get('/trips')).body.trips;
    await ask(JAN, 'PATCH', `/trips/${second.id}`, { purpose: 'klant' });
    const [edit] = await feed();
    const refused = await undo(entry.id);
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.detail).toContain(second.id);
    expect((await get(`/trips/${second.id}`)).body.purpose).toBe('klant');
    expect((await feed())[0]).toEqual(edit);
  });

  it('cancelled again it is another entry', async () => {
    const { entry, id, get, say, undo, feed } = await cancelledDrive();
    await undo(entry.id);
    expect((await say('cancel', 52.1)).trip_id).toBe(id);
    const [again, undone, first] = await feed();
    expect([again.kind, again.undone_by, first.id, first.undone_by]).toEqual(['discarded', null, entry.id, undone.id]);
    expect(again.id).not.toBe(entry.id);
    expect((await undo(again.id)).status).toBe(200);
    expect((await get('/trips/active')).body).toMatchObject({ active: true, trip_id: id });
  });

  it('brings the drive back when it was cancelled twice', async () => {
    const { entry, id, get, say, undo } = await cancelledDrive();
    expect((await say('cancel', 52.06)).code).toBe('no_active_trip');
    const { body } = await undo(entry.id);
    expect((await get('/trips/active')).body).toMatchObject({ active: true, trip_id: id });
    await undo(body.id);
    expect((await get('/trips/active')).body).toEqual({ active: false });
  });

  it('names the token that cancelled', async () => {
    const { app, tokenOf } = testApp({ auth: 'required' });
    const headers = { authorization: `Bearer ${await tokenOf(JAN)}` };
    for (const action of ['start', 'cancel']) await app.request(`/webhook/${action}`, { method: 'POST', headers });
    const { activity } = (await (await app.request('/activity', { headers })).json()) as { activity: object[] };
    expect(activity[0]).toMatchObject({ kind: 'discarded', by: { kind: 'token', label: 'test' } });
  });
});
