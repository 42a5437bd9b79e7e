import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createCgroups, removeCgroups } from '@/worker/process/cgroups'
import { nicenessArgs } from '@/worker/process/niceness'
import { useQemuFixture } from '@/tests/support/qemu-fixture'

// A computer without delegated controllers cannot show what weights do, but the kernel of a machine can.
const fixture = useQemuFixture()
const OWN = '/sys/fs/cgroup/meanwhile.service'

/** What `createCgroups` writes, as a script that writes the same to the cgroup OWN, and the command of a program. */
function recordSetup() {
  const dir = mkdtempSync(path.join(tmpdir(), 'cgroups-'))
  onTestFinished(() => {
    removeCgroups()
    rmSync(dir, { recursive: true })
  })
  writeFileSync(path.join(dir, 'cgroup.controllers'), 'cpu pids')
  createCgroups(dir)
  const groups = ['meanwhile-background', 'meanwhile-machines']
  const files = [
    ...groups.map((group) => `${group}/cgroup.type`),
    'cgroup.subtree_control',
    ...groups.flatMap((group) => [`${group}/cpu.weight`, `${group}/pids.max`]),
  ]
  const writes = files.map((file) => `echo '${readFileSync(path.join(dir, file), 'utf8')}' >${OWN}/${file}`)
  const launch = (...args: Parameters<typeof nicenessArgs>) =>
    nicenessArgs(...args)
      .map((arg) => `'${arg.replaceAll(dir, OWN)}'`)
      .join(' ')
  return { script: [`cd ${OWN}`, `mkdir ${groups.join(' ')}`, ...writes].join(' && '), launch }
}

it('background programs leave the app its share of a core and cannot exhaust processes', async () => {
  const { script, launch } = recordSetup()
  const id = await fixture.createMachine()
  const { output } = await fixture.runScript(
    id,
    `set -e
    mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null || { mkdir -p /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; }
    echo '+cpu +pids' >/sys/fs/cgroup/cgroup.subtree_control
    mkdir ${OWN}
    echo $$ >${OWN}/cgroup.procs
    ${script}
    # The image has no nice(1); here only the groups count.
    printf '#!/bin/sh\\nshift 2; exec "$@"\\n' >/usr/local/bin/nice; chmod +x /usr/local/bin/nice
    export PATH=/usr/local/bin:$PATH
    spin='while :; do :; done'
    sh -c "$spin" & app=$!
    pids=
    for n in 1 2 3; do ${launch(0, 'background')} sh -c "$spin" & pids="$pids $!"; done
    ${launch(0, 'machines')} sh -c "$spin" & machine=$!
    sleep 5
    echo used $(for pid in $app $machine $pids; do cut -d' ' -f14 /proc/$pid/stat; done)
    kill $app $machine $pids
    echo 3 >meanwhile-background/pids.max
    ${launch(0, 'background')} sh -c 'for n in 1 2 3 4 5 6; do sleep 1 & done' 2>&1 || echo refused
    for n in 1 2 3 4 5 6; do sleep 1 & done
    echo done`,
    60_000,
  )
  expect(output).toMatch(/^used( \d+){5}\n(.*fork.*\n)+refused\ndone\n$/)
  const [app, machine, ...background] = output.match(/\d+/g)!.slice(0, 5).map(Number)
  const total = background.reduce((sum, ticks) => sum + ticks, app! + machine!)
  expect(app! / total).toBeGreaterThan(0.5)
  expect(machine! / total).toBeGreaterThan(0.2)
  await fixture.hypervisor.destroy(id)
})
