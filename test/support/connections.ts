/** Connections of simulated cars as they are sent. */

/** A place no document may show: it tells where a car is. */
export const HIDEOUT = { lat: 51.4376543, lng: 5.4798765 };
export const HIDDEN = ['51.4376543', '5.4798765'];

/** Stands at 12,345 km until it leaves; `more` says what is different. */
export function simulator(more: object = {}) {
  return { provider: 'simulator', odometer_km: 12_345, parked_at: HIDEOUT, ...more };
}
