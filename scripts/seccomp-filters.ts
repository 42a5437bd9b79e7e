import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { buildFilter } from '@/worker/process/seccomp/build-filter'
import { filterFile, FILTERS } from '@/worker/process/seccomp/filter-file'

// `npm run seccomp`: writes the compiled filters, which bubblewrap reads. A unit test compares them with their source.
for (const filter of FILTERS) {
  const file = filterFile(filter)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, buildFilter(filter.architecture, filter))
}
