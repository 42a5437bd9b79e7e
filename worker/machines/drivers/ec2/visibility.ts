/** How long EC2 may not list or know a new instance everywhere, in milliseconds. */
export const VISIBILITY_MS = 60_000
