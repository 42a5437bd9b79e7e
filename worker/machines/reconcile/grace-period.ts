/** What nothing seems to want, and since when: it goes when that was so for `graceMs` (milliseconds) without a break. */
export class GracePeriod {
  /** By this process's own clock. */
  private readonly since = new Map<string, number>()

  constructor(private readonly graceMs: number) {}

  /** @returns those of `names`, which is all there are now, whose time is over */
  filterExpired(names: string[]) {
    for (const name of this.since.keys()) if (!names.includes(name)) this.since.delete(name)
    return names.filter((name) => {
      const since = this.since.get(name) ?? performance.now()
      this.since.set(name, since)
      return performance.now() - since >= this.graceMs
    })
  }
}
