import { parentPort } from 'node:worker_threads'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import { translateZodErrors } from '@/lib/i18n/zod-errors'
import { registerAllTasks } from '@/lib/register-tasks'
import { withProblemDetails } from '../problem-details'
import type { ThreadRequest, ThreadResponse } from './respond-in-thread'
import { threadResponses } from './thread-responses'

// The entry point of the threads of `respondInThread`.
registerAllTasks()
translateZodErrors()
parentPort!.on('message', ({ id, input }: { id: number; input: ThreadRequest }) => void respond(id, input))

async function respond(id: number, { name, input, locale }: ThreadRequest) {
  const createResponse = threadResponses[name] as (value: unknown) => Promise<Response>
  const response = await runWithLocale(locale, () => withProblemDetails(() => createResponse(input)))
  const body = await response.arrayBuffer()
  const output: ThreadResponse = { status: response.status, headers: [...response.headers], body }
  parentPort!.postMessage({ id, output }, [body])
}
