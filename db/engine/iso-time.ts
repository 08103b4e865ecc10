/** A time as the API writes it, and as JavaScript does: UTC with milliseconds, further digits cut off. @param column of the type timestamptz */
export const isoTime = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
