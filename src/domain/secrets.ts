/** What a car's maker wants to know before it answers, as it is kept: encrypted, and never shown again. */

/** AES-256-GCM, bound to whom it belongs. Base64. */
export interface Sealed {
  /** Which key it was encrypted with. */
  readonly keyId: string;
  readonly nonce: string;
  /** The encrypted text, its tag at the end. */
  readonly text: string;
}

/** Stored under `secrets/`: its id is the car's, or `{provider}-{account}` where the cars of one account share it. */
export interface Secret {
  readonly sealed: Sealed;
  readonly updatedAt: number;
}
