/** The pseudo account of what belongs to no account: audit rows of sign-ins, and counted attempts. It has no row in `accounts`. */
export const peopleAccount = 'people';
