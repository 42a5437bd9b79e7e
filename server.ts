import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import next from 'next'
import { apiHandler } from './app/http/api/serve-api'
import { exportHandler } from './app/http/exports/serve-export'
import { machinePortHandler } from './app/http/machine-ports/port-proxy'
import { rejectAppOnPagesHost } from './app/http/machine-ports/pages-host'
import { proxyMachinePortUpgrade } from './app/http/machine-ports/port-upgrade'
import { sourcesHandler } from './app/http/media/serve-sources'
import { mediaHandler } from './app/http/media/serve-media'
import { setClientIp } from './app/http/middleware/client-ip'
import { limitConnections, SERVER_OPTIONS } from './app/http/middleware/connection-limits'
import { rejectForgedRequest } from './app/http/middleware/csrf'
import { drainRequest } from './app/http/middleware/drain-request'
import { markLocalRequest } from './app/http/middleware/local-request'
import { setSecurityHeaders } from './app/http/middleware/security-headers'
import { ignoreCookieWithApiKey } from './app/http/middleware/ignore-cookie'
import { rejectUndecodableUrl } from './app/http/middleware/undecodable-url'
import { createNextHandler } from './app/http/next-handler'
import { languageHandler } from './app/http/pages/choose-language'
import { createSignInHandler } from './app/http/pages/sign-in-page'
import { ChangeFeed } from './app/http/realtime/change-feed'
import { startSocketServer } from './app/http/realtime/socket-server'
import { createTaskEventsHandler } from './app/http/realtime/task-events'
import type { RequestHandler } from './app/http/request-handler'
import { createStaticHandler } from './app/http/static/serve-static'
import { shareTargetHandler } from './app/http/uploads/share-target'
import { createTusHandler } from './app/http/uploads/tus-server'
import { videoUploadHandler } from './app/http/uploads/upload-video'
import { auth } from './lib/accounts/auth'
import { startHeartbeat } from './lib/cluster/heartbeat'
import { findOutdatedReason } from './lib/cluster/schema-level'
import { config } from './lib/config/config'
import { db } from './lib/database/db'
import { findRequestLocale } from './lib/http/request-locale'
import { runWithLocale } from './lib/i18n/run-with-locale'
import { translateZodErrors } from './lib/i18n/zod-errors'
import { log } from './lib/log'
import { onShutdown } from './lib/process/on-shutdown'
import { secureDataDir } from './lib/process/secure-data-dir'
import { configuredStorage } from './lib/storage/configured-storage'
import { registerAllTasks } from './lib/register-tasks'
import { listBuilds } from './scripts/web-build.mjs'

// The web process: Next.js, tus and Socket.IO on one port.
const { DATA_DIR, HOST, PORT, publicUrl } = config()
secureDataDir(DATA_DIR)
registerAllTasks()
translateZodErrors()
const http = createServer(SERVER_OPTIONS)
const admit = limitConnections(http)
const storage = await configuredStorage()
/** Reports this process to administrators; it takes no tasks. */
const heartbeat = startHeartbeat({
  db: db(),
  storage,
  role: 'web',
  report: async () => ({ queues: [], drainReason: await findOutdatedReason(db()) }),
})
let stopServing: (() => Promise<void>) | undefined
onShutdown(async () => {
  setTimeout(() => process.exit(0), 5_000).unref()
  await stopServing?.()
  process.exit(0)
})
const dev = process.env.NODE_ENV === 'development'
const app = next({ dev, hostname: HOST, port: PORT, httpServer: http })
await app.prepare()
// Created by the first request that needs it, it would hold the event loop for 80 ms.
await auth().$context
const changes = new ChangeFeed()
const nextHandler = createNextHandler(app.getRequestHandler())
const handlers: RequestHandler[] = [
  rejectUndecodableUrl,
  machinePortHandler,
  rejectAppOnPagesHost,
  rejectForgedRequest,
  ...listBuilds()
    .slice(0, dev ? 0 : 1)
    .map(createStaticHandler),
  createTusHandler(storage),
  mediaHandler,
  exportHandler,
  sourcesHandler,
  videoUploadHandler,
  shareTargetHandler,
  languageHandler,
  createTaskEventsHandler(changes),
  // In development, Next.js answers with the newest code.
  ...(dev ? [] : [apiHandler, createSignInHandler(nextHandler)]),
  nextHandler,
]
http.on('request', (request, response) =>
  runWithLocale(findRequestLocale(request), () => respond(request, response)),
)
function respond(request: IncomingMessage, response: ServerResponse) {
  if (!admit(request, response)) return
  response.once('finish', () => drainRequest(request))
  markLocalRequest(request)
  setClientIp(request)
  ignoreCookieWithApiKey(request)
  void handlers.find((candidate) => candidate.matches(request))?.handle(request, response)
}
http.on('upgrade', proxyMachinePortUpgrade)
const io = startSocketServer(http, changes)
// First, because Socket.IO answers its own path before other listeners.
http.prependListener('request', setSecurityHeaders)
void changes.run()
stopServing = async () => {
  await heartbeat.stop()
  await changes.close()
  await io.close()
  http.closeAllConnections()
  await app.close()
}
http.listen(PORT, HOST, () => log.info({ url: publicUrl }, 'web ready'))
