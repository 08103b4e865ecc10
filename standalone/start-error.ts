/** Something a person must change before we can start; shown without a stack. */
export class StartError extends Error {}

/** Where progress goes, one line per call. */
export type Log = (line: string) => void;
