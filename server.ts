import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import next from 'next'
import { enforceBodyLimit } from './app/http/middleware/body-limit'
import { setClientIp } from './app/http/middleware/client-ip'
import { startSocketServer } from './app/http/realtime/socket-server'
import { isVideoUpload, uploadVideo } from './app/http/uploads/upload-video'
import { isMachinePortPath } from './app/http/machine-ports/authorize-port'
import { isForgedRequest, rejectForgedRequest } from './app/http/middleware/csrf'
import { proxyMachinePort, proxyMachinePortUpgrade } from './app/http/machine-ports/port-proxy'
import { isMediaRequest, serveMedia } from './app/http/media/serve-media'
import { isTaskEventsRequest, createTaskEventsHandler } from './app/http/realtime/task-events'
import { isUploadPath, createTusServer } from './app/http/uploads/tus-server'
import { describeMethodNotAllowed, rewriteInvalidIdPath } from './app/http/middleware/next-workarounds'
import { config } from './lib/config/config'
import { log } from './lib/log'
import { onShutdown } from './lib/process/on-shutdown'
import { registerAllTasks } from './lib/register-tasks'

// The web process: Next.js, tus and Socket.IO on one port.
const { HOST, PORT, publicUrl } = config()
registerAllTasks()
const http = createServer()
let socketServer: ReturnType<typeof startSocketServer> | undefined
onShutdown(async () => {
  setTimeout(() => process.exit(0), 5_000).unref()
  // Until then nobody was answered.
  if (socketServer) {
    await socketServer.close()
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
const nextHandler = app.getRequestHandler()
const tus = createTusServer()

http.on('request', (request, response) => {
  setClientIp(request)
  // Socket.IO takes its own path before this. Uploads and media pass by Next.js, at the speed of the disk.
  if (!isDecodableUrl(request.url)) response.writeHead(400).end()
  else if (isMachinePortPath(request.url)) void proxyMachinePort(request, response)
  else if (isForgedRequest(request)) void rejectForgedRequest(response)
  else if (isUploadPath(request.url)) void tus.handle(request, response)
  else if (isMediaRequest(request)) void serveMedia(request, response)
  else if (isVideoUpload(request)) void uploadVideo(request, response)
  else if (isTaskEventsRequest(request)) void handleTaskEvents(request, response)
  else void handleWithNext(request, response)
})
http.on('upgrade', (request, socket: Socket, head) => {
  if (isMachinePortPath(request.url)) proxyMachinePortUpgrade(request, socket, head)
})
async function handleWithNext(request: IncomingMessage, response: ServerResponse) {
  if (!(await enforceBodyLimit(request, response))) return
  rewriteInvalidIdPath(request)
  describeMethodNotAllowed(request, response)
  await nextHandler(request, response)
}
function isDecodableUrl(url = '') {
  try {
    return !decodeURIComponent(url).includes('\0')
  } catch {
    return false
  }
}

// A large upload may take hours.
http.requestTimeout = 0
socketServer = startSocketServer(http)
const handleTaskEvents = createTaskEventsHandler(socketServer.changes)
http.listen(PORT, HOST, () => log.info({ url: publicUrl }, 'web ready'))
