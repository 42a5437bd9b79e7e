import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

interface TranslationRequest {
  q: string[]
  source: string
  target: string
  api_key?: string
}
type Answer = (request: TranslationRequest, response: ServerResponse) => void

/** Translations that are marked with their language. */
export const translate: Answer = ({ q, target }, response) =>
  response.end(JSON.stringify({ translatedText: q.map((line) => `${target}: ${line}`) }))

const LANGUAGES = ['en', 'de', 'fr'].map((code) => ({ code, name: code, targets: ['en', 'de', 'fr'] }))

/** Starts a server with the API of LibreTranslate, below a path. */
export async function startTranslationServer() {
  const service = {
    requests: [] as TranslationRequest[],
    answer: translate,
    languages: LANGUAGES as unknown,
    url: '',
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request)
    if (request.url === '/base/languages') return response.end(JSON.stringify(service.languages))
    if (request.url !== '/base/translate') return response.writeHead(404).end()
    service.requests.push(JSON.parse(body) as TranslationRequest)
    return service.answer(service.requests.at(-1)!, response)
  }
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`
  return service
}
