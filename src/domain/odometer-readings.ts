/** The odometer values of a car that are kept and shown, apart from those of trips. */

export interface OdometerReading {
  readonly id: string;
  readonly carId: string;
  readonly odometerMetres: number;
  readonly at: number;
  /** `manual`, `push` or a provider's name. */
  readonly source: string;
  /** Not believed yet (trip rule 15): not used for any trip. */
  readonly suspicious: boolean;
  readonly note: string | null;
  readonly createdAt: number;
}
