import { buffer } from 'node:stream/consumers'
import type { TaskRun } from '../runtime/handler'

/** Reads stored files one after the other. */
export async function* readFiles(
  { context, signal }: Pick<TaskRun<unknown>, 'context' | 'signal'>,
  keys: string[],
): AsyncGenerator<Buffer> {
  for (const key of keys) yield* await context.storage.read(key, { signal })
}

/** Reads a stored file of a few seconds of media. */
export const readWhole = async (
  { context, signal }: Pick<TaskRun<unknown>, 'context' | 'signal'>,
  key: string,
) => buffer(await context.storage.read(key, { signal }))
