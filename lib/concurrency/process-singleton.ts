interface Singleton<T> {
  current?: T
}

/**
 * A mutable reference that all copies of a module in this process share. A module variable would not do: Next.js
 * evaluates a module once per bundle.
 */
export function processSingleton<T>(name: string): Singleton<T> {
  const processGlobal = globalThis as typeof globalThis & { meanwhile?: Map<string, Singleton<unknown>> }
  const singletons = (processGlobal.meanwhile ??= new Map())
  const existing = singletons.get(name) as Singleton<T> | undefined
  if (existing) return existing
  const created: Singleton<T> = {}
  singletons.set(name, created)
  return created
}
