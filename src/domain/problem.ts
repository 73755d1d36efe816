/** A refusal the caller can act on. HTTP numbers and titles live at the edge, not here. */

export type ProblemCode =
  | 'unauthenticated'
  | 'token_revoked'
  | 'token_expired'
  | 'insufficient_scope'
  | 'user_mismatch'
  | 'conflicting_user'
  | 'invalid_user'
  | 'user_required'
  | 'open_mode_is_local'
  | 'not_found'
  | 'unknown_action'
  | 'use_post'
  | 'method_not_allowed'
  | 'invalid_request'
  | 'unprocessable'
  | 'conflict'
  | 'too_large'
  | 'unsupported_media_type'
  | 'precondition_failed'
  | 'month_closed'
  | 'month_not_over'
  | 'period_too_large'
  | 'not_configured'
  | 'relink_required'
  | 'rate_limited'
  | 'busy_try_again';

export interface FieldError {
  /** The field as the caller wrote it, `snake_case`, dots for nesting. */
  readonly field: string;
  /** What is expected there, in words. */
  readonly message: string;
}

/** `detail` is read by the caller: no stack, no token, nobody else's data. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];

  constructor(code: ProblemCode, detail: string, errors: readonly FieldError[] = []) {
    super(detail);
    this.code = code;
    this.errors = errors;
  }
}

/** Well-formed, but against what is stored (422, code `invalid_request` on the wire). */
export function unprocessable(field: string, message: string): Problem {
  return new Problem('unprocessable', message, [{ field, message }]);
}
