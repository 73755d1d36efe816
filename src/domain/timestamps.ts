/** When a client says something happened, read strictly: a wrong guess would move a drive. */

/** An instant, a wall-clock time that lacks its offset, or text nobody can read. */
export type SaidTime =
  | { readonly kind: 'instant'; readonly at: number }
  | { readonly kind: 'local'; readonly text: string }
  | { readonly kind: 'unreadable' };
