// Shared with pages, which do not need the schemas.

/** Playlists of one user. */
export const MAX_PLAYLISTS = 200
/** Videos of one playlist. */
export const MAX_PLAYLIST_VIDEOS = 500
