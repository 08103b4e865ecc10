/** A person must change something before we can start. Shown without a stack. */
export class StartError extends Error {}

/** Writes a line of progress. */
export type Log = (line: string) => void;
