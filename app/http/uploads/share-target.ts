import type { RequestHandler } from '../request-handler'

/**
 * What another app shares with the installed app, if its service worker is gone and does not take it. The page explains it.
 * The body is discarded: a video goes to `/api/uploads` only.
 */
export const shareTargetHandler: RequestHandler = {
  matches: ({ method, url }) => method === 'POST' && url === '/share-target',
  handle: (_request, response) => void response.writeHead(303, { location: '/?shared' }).end(),
}
