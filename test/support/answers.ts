/** Reading answers in tests, which say themselves what they expect to find. */

export async function jsonOf<T>(response: Response | Promise<Response>): Promise<T> {
  return (await (await response).json()) as T;
}
