import type { ApiRequest } from '@/app/ui/api-request'

export const videoSharesUrl = (videoId: string) => `/api/v1/videos/${videoId}/shares`
export const playlistSharesUrl = (playlistId: string) => `/api/v1/playlists/${playlistId}/shares`
export const machineSharesUrl = (machineId: string) => `/api/v1/machines/${machineId}/shares`

/** Creates a link with these settings. */
export const createShareRequest = (url: string, body: object) =>
  ({ url, method: 'POST', body }) satisfies ApiRequest

/** A link to a video with default settings. */
export const createVideoShareRequest = (videoId: string) => createShareRequest(videoSharesUrl(videoId), {})

/** A link to watch a console, with default settings. */
export const createMachineShareRequest = (machineId: string) =>
  createShareRequest(machineSharesUrl(machineId), { isTypingAllowed: false })
