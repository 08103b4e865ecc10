/**
 * Stands for a version that is not known yet: above every version that a product can reach. A line without a
 * `supplier_reserved_version` is in no figure of its supplier yet, so it must count as newer than each of them.
 */
export const unknownVersion = 2_147_483_647;

/** Stands for the version of a figure that was never reported. A product's first version is 1. */
const noVersion = 0;

/** SQL: the supplier's version that contains order line `line`. The index `order_lines_bound` holds this expression. */
export const reservedVersion = (line: string): string =>
  `coalesce(${line}.supplier_reserved_version, ${unknownVersion})`;

/** SQL: the supplier's figure of version `applied` does not contain order line `line` yet. */
export const isNotIn = (line: string, applied: string): string =>
  `${reservedVersion(line)} > coalesce(${applied}, ${noVersion})`;
