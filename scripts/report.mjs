import { print } from './setup.mjs'

/** Prints one line per check. `isHealthy` becomes false when a required check fails. */
export const report = {
  isHealthy: true,
  /** @param {{ name: string, found?: string | undefined, fix?: string, isOptional?: boolean }} check */
  add({ name, found, fix, isOptional = false }) {
    if (!found && !isOptional) this.isHealthy = false
    const mark = found ? 'ok     ' : isOptional ? 'without' : 'missing'
    print(`${mark}  ${name.padEnd(14)}  ${found ?? fix}`)
  },
}
