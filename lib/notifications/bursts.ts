// Shared with pages.

/** Notifications of browsers that are shown one by one within the window; further ones become one that counts them. */
export const MAX_SINGLE_IN_BURST = 3
export const BURST_WINDOW_MS = 5 * 60_000
/** Identifies the one that counts. */
export const BURST_TAG = 'many'
