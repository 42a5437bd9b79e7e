/** Remembers the result for each locale and options; creating an `Intl` object takes longer than using it. */
export function memoize<Options, Result>(
  create: (locale?: Intl.LocalesArgument, options?: Options) => Result,
) {
  const results = new Map<string, Result>()
  return (locale?: Intl.LocalesArgument, options?: Options) => {
    const key = JSON.stringify([locale, options])
    const result = results.get(key) ?? create(locale, options)
    results.set(key, result)
    return result
  }
}
