import { print } from './setup.mjs'

/** Collects what a check finds, one line each. `isWell` turns false when something has to be done. */
export const report = {
  isWell: true,
  /** @param {{ name: string, found?: string | undefined, fix?: string, isOptional?: boolean }} part */
  tell({ name, found, fix, isOptional = false }) {
    if (!found && !isOptional) this.isWell = false
    const mark = found ? 'ok     ' : isOptional ? 'without' : 'missing'
    print(`${mark}  ${name.padEnd(14)}  ${found ?? fix}`)
  },
}
