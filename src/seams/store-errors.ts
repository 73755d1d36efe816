/** How a store says that it cannot: one line for the operator, never a document's contents. */

/** The store cannot be opened or does not answer. The message names which one and why. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** One document cannot be read; every other one still can. Deliberately without a `cause`: that would quote the document. */
export class UnreadableDocument extends Error {
  override readonly name = 'UnreadableDocument';
}
