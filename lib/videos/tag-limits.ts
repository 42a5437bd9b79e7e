// Shared with pages, which do not need the schemas.

/** Tags of one video. */
export const MAX_TAGS = 20

export const MAX_TAG_LENGTH = 40
