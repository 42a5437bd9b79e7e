// Prints where modules of servers and workers format messages while they are loaded, when the locale is not known yet.
import { globSync } from 'node:fs'
import path from 'node:path'
import '@/lib/i18n/run-with-locale'
import { processSingleton } from '@/lib/concurrency/process-singleton'

/** Programs, which start when they are loaded. */
const PROGRAMS = ['worker/main.ts', '**/*-process.ts', '**/response-thread.ts']

const scope = processSingleton<{ getStore(): unknown }>('locale').current!
const readLocale = scope.getStore.bind(scope)
const found = new Set<string>()
scope.getStore = () => {
  const locale = readLocale()
  const stack = new Error().stack!.split('\n')
  const caller = stack.find(
    (line) => line.includes(process.cwd()) && !/find-early-texts|lib\/i18n/.test(line),
  )
  // `run` reads the outer locale.
  if (locale === undefined && !stack[2]!.includes('AsyncLocalStorage.run')) found.add(String(caller).trim())
  return locale
}
/** tsx finds no names in ssh2, which is not an ES module. */
const SSH = ['**/ec2/{serial-console,ec2-hypervisor}.ts']
const exclude = ['**/*.test.ts', 'lib/generated/**', ...PROGRAMS, ...SSH]
for (const file of globSync('{lib,worker,app/http}/**/*.ts', { exclude })) await import(path.resolve(file))
process.stdout.write([...found].join('\n'))
process.exit(0)
