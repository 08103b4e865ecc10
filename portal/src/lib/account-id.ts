import { useParams } from '@tanstack/react-router';

/** The account that this page acts for: it stands in the address. Empty outside of one, as on the sign-in page. */
export const useAccountId = (): string => useParams({ strict: false }).account ?? '';
