// Preferences of a person only, such as the language. Never an order, an address or a token.

type Name = 'vp.language' | 'vp.keys' | 'vp.account' | 'vp.measures' | 'vp.box' | 'vp.paper' | 'vp.prints';

/** The stored preference, or null where there is none, or where the browser stores nothing. */
export function stored(name: Name): string | null {
  try {
    return window.localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function store(name: Name, value: string): void {
  try {
    window.localStorage.setItem(name, value);
  } catch {
    // A private window may refuse. The preference then holds for this page.
  }
}
