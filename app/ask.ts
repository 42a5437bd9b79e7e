'use client'

import { toast } from 'sonner'

const NO_ANSWER = 'The server did not answer. Try again.'

/** Sends JSON to the API. What it answers goes to `use`; what is wrong is told in a note. @returns whether it was done */
export async function ask<T>(
  request: { at: string; method: string; body?: object; headers?: Record<string, string> },
  use: (answer: T) => void,
) {
  const answer = await fetch(request.at, {
    method: request.method,
    headers: { 'content-type': 'application/json', ...request.headers },
    body: request.body && JSON.stringify(request.body),
  }).catch(() => null)
  if (!answer?.ok) {
    const problem = (await answer?.json().catch(() => null)) as { title?: string; detail?: string } | null
    toast.error(problem ? [problem.title, problem.detail].filter(Boolean).join(' ') : NO_ANSWER)
    return false
  }
  use((answer.status === 204 ? undefined : await answer.json()) as T)
  return true
}
