import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import next from 'next'
import { isBodyBounded } from './app/server/bound-body'
import { noteAddress } from './app/server/client-address'
import { startLive } from './app/server/live'
import { isVideoPost, receiveVideo } from './app/server/receive-video'
import { isMachinePort } from './app/server/machine-port-guard'
import { isForged, refuseForged } from './app/server/refuse-foreign-pages'
import { serveMachinePort, upgradeToMachinePort } from './app/server/serve-machine-port'
import { isMediaRequest, serveMedia } from './app/server/serve-media'
import { isTaskEventsRequest, taskEvents } from './app/server/task-events'
import { isUploadPath, tusServer } from './app/server/tus'
import { explainRefusedMethod, leadAstray } from './app/server/what-next-leaves-out'
import { config } from './lib/config'
import { log } from './lib/log'
import { whenAskedToEnd } from './lib/when-asked-to-end'

// The web process: Next.js, tus and Socket.IO on one port.
const { HOST, PORT, publicUrl } = config()
const http = createServer()
let live: ReturnType<typeof startLive> | undefined
whenAskedToEnd(async () => {
  setTimeout(() => process.exit(0), 5_000).unref()
  // Until then nobody was answered.
  if (live) {
    await live.close()
    http.closeAllConnections()
    await app.close()
  }
  process.exit(0)
})
const app = next({
  dev: process.env.NODE_ENV === 'development',
  hostname: HOST,
  port: PORT,
  httpServer: http,
})
await app.prepare()
const handle = app.getRequestHandler()
const tus = tusServer()

http.on('request', (request, response) => {
  noteAddress(request)
  // Socket.IO takes its own path before this. Uploads and media pass by Next.js, at the speed of the disk.
  if (!isReadable(request.url)) response.writeHead(400).end()
  else if (isMachinePort(request.url)) void serveMachinePort(request, response)
  else if (isForged(request)) void refuseForged(response)
  else if (isUploadPath(request.url)) void tus.handle(request, response)
  else if (isMediaRequest(request)) void serveMedia(request, response)
  else if (isVideoPost(request)) void receiveVideo(request, response)
  else if (isTaskEventsRequest(request)) void events(request, response)
  else void answerByNext(request, response)
})
http.on('upgrade', (request, socket: Socket, head) => {
  if (isMachinePort(request.url)) upgradeToMachinePort(request, socket, head)
})
async function answerByNext(request: IncomingMessage, response: ServerResponse) {
  if (!(await isBodyBounded(request, response))) return
  leadAstray(request)
  explainRefusedMethod(request, response)
  await handle(request, response)
}
function isReadable(url = '') {
  try {
    return !decodeURIComponent(url).includes('\0')
  } catch {
    return false
  }
}

// A large upload may take hours.
http.requestTimeout = 0
live = startLive(http)
const events = taskEvents(live.changes)
http.listen(PORT, HOST, () => log.info({ url: publicUrl }, 'web ready'))
