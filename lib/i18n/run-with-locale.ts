import { AsyncLocalStorage } from 'node:async_hooks'
import { processSingleton } from '@/lib/concurrency/process-singleton'
import type { Locale } from './locale'

const scope = processSingleton<AsyncLocalStorage<Locale>>('locale')
scope.current ??= new AsyncLocalStorage()
const storage = scope.current

/** Runs `work`, and all that it starts, with messages in this locale. */
export const runWithLocale = <Result>(locale: Locale, work: () => Result) => storage.run(locale, work)
