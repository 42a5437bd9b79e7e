import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Duplex, duplexPair } from 'node:stream'

const PAGE_HTML = '<!doctype html><html lang="en"><title>Inside</title><h1>Inside</h1></html>'

/**
 * Returns a connection to the web server of a fake machine. `/page` is HTML, `/away` redirects, `/status/NNN` responds with
 * that status, `/endless` never ends its response, a WebSocket echoes; every other path returns the request as JSON and sets a session cookie.
 */
export function connectToFakeWebServer(hostname: string): Duplex {
  const [near, far] = duplexPair()
  const server = createServer((request, response) => void respond(hostname, request, response))
  server.on('upgrade', (_, socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSet-Cookie: a=1\r\n\r\n',
    )
    socket.pipe(socket)
  })
  server.emit('connection', far)
  return near
}

async function respond(hostname: string, request: IncomingMessage, response: ServerResponse) {
  const { method, url, headers } = request
  if (url === '/away') return response.writeHead(302, { location: '/page' }).end()
  if (url === '/page') return response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE_HTML)
  if (url === '/endless') return response.writeHead(200).write('first')
  const status = /^\/status\/(\d{3})$/.exec(url ?? '')?.[1]
  if (status) return request.socket.end(`HTTP/1.1 ${status} Odd\r\nContent-Length: 0\r\n\r\n`)
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const cookie = 'better-auth.session_token=of-the-guest; Path=/'
  response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': cookie })
  response.end(JSON.stringify({ hostname, method, url, headers, body }))
}
