/** Tracks candidates for removal by name. A name expires after it has been a candidate for `graceMs` without interruption. */
export class GracePeriod {
  /** In milliseconds of this process's monotonic clock. */
  private readonly since = new Map<string, number>()

  constructor(private readonly graceMs: number) {}

  /** @param names all current candidates; others are forgotten. @returns the expired ones */
  filterExpired(names: string[]) {
    for (const name of this.since.keys()) if (!names.includes(name)) this.since.delete(name)
    return names.filter((name) => {
      const since = this.since.get(name) ?? performance.now()
      this.since.set(name, since)
      return performance.now() - since >= this.graceMs
    })
  }
}
