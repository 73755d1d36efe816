/** What a car's maker wants to know before it answers, as it is kept: encrypted, and never shown again. */

export const KEY_BYTES = 32;

/** A key written in base64, also the kind for addresses; `null`: it is none. */
export function keyOf(text: string): Uint8Array | null {
  const written = text.trim().replaceAll('-', '+').replaceAll('_', '/');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(written)) return null;
  try {
    const key = Uint8Array.fromBase64(written);
    return key.length === KEY_BYTES ? key : null;
  } catch {
    return null;
  }
}

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
