// Shared with pages, which do not need the schemas.

/** Videos of one bulk change. */
export const MAX_BULK_VIDEOS = 200
