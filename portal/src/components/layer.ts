/** Where menus and popovers are put: within a landmark, so that a screen reader knows where it is. */
export const layer = {
  get current(): HTMLElement | null {
    return document.getElementById('main');
  },
};
