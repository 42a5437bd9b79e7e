import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { neverAborted } from '@/tests/support/never-aborted'
import { buildSandboxCommand as buildMediaCommand } from '@/worker/process/bwrap-args'
import { buildQemuImgCommand } from '@/worker/machines/drivers/qemu/images/qemu-img-sandbox'
import { buildSandboxCommand as buildQemuCommand } from '@/worker/machines/drivers/qemu/lifecycle/qemu-sandbox'
import { runSandboxed } from '@/worker/process/sandbox'

let outputDir: string
beforeAll(async () => {
  outputDir = await mkdtemp(path.join(tmpdir(), 'strength-'))
})
afterAll(() => rm(outputDir, { recursive: true, force: true }))

/** Runs a script in place of an ffmpeg that a file has taken over. Returns what it prints. */
async function runInSandbox(script: string) {
  const run = runSandboxed({
    program: 'sh' as 'ffmpeg',
    args: ['-c', `exec 2>&1; ${script}; true`],
    outputDir,
    signal: neverAborted,
    memoryBytes: 1024 ** 3,
    wallClockMs: 20_000,
  })
  const [output] = await Promise.all([text(run.stdout), run.exited])
  return output
}

it('gives a program no capability and no namespace in which to gain one', async () => {
  const output = await runInSandbox(
    'grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status; unshare --user true',
  )
  expect(output).toMatch(/CapEff:\t0+\nCapBnd:\t0+\nNoNewPrivs:\t1\n/)
  expect(output).toMatch(/unshare: unshare failed/)
})

// System calls that need no privilege, with harmless arguments (x86-64).
const SYSTEM_CALLS = `
  my $buffer = "\\0" x 256;
  my %calls = (
    unshare => [272, 0], setns => [308, -1, 0], ptrace => [101, 0, 0, 0, 0], personality => [135, 0x40000],
    process_vm_readv => [310, $$, 0, 0, 0, 0, 0], kcmp => [312, $$, $$, 1, 0, 0], io_uring_setup => [425, 1, $buffer],
    add_key => [248, "user", "name", "value", 5, -2], clone3 => [435, 0, 0], clone_user => [56, 0x10000000 | 0x200, 0],
    open_tree => [428, -1, "", 0], netlink => [41, 16, 3, 0], internet => [41, 2, 1, 0], local => [41, 1, 1, 0],
  );
  for my $name (sort keys %calls) {
    my @call = @{$calls{$name}};
    $! = 0;
    syscall($call[0], @call[1 .. $#call]);
    print "$name ", $! + 0, "\\n";
  }`
const parseErrors = (output: string) =>
  Object.fromEntries(
    output
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name, error]) => [name!, Number(error)]),
  ) as Record<string, number>

it('refuses system calls that media programs do not need', async () => {
  const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97]
  const { local, internet, netlink, clone3, ...refused } = parseErrors(
    await runInSandbox(`perl -e '${SYSTEM_CALLS}'`),
  )
  expect({ local, internet, netlink, clone3 }).toEqual({
    local: 0,
    internet: EAFNOSUPPORT,
    netlink: EAFNOSUPPORT,
    clone3: ENOSYS,
  })
  expect(new Set(Object.values(refused))).toEqual(new Set([EPERM]))
  expect(Object.keys(refused)).toHaveLength(10)
  // The same calls reach the kernel outside.
  const outside = parseErrors(execFileSync('perl', ['-e', SYSTEM_CALLS], { encoding: 'utf8' }))
  expect(Object.values(outside).filter((error) => [EPERM, ENOSYS, EAFNOSUPPORT].includes(error))).toEqual([])
})

it('filters the system calls of every sandboxed program', async () => {
  const qemu = { args: [], guestFolder: outputDir, readable: [], devices: [], lifetime: 'worker' as const }
  const commands = [
    buildMediaCommand({ program: 'ffmpeg', args: [] }, 'on'),
    buildQemuImgCommand([], {}, 'on'),
    buildQemuCommand({ ...qemu, network: 'none' }),
    buildQemuCommand({ ...qemu, network: 'shared' }),
  ]
  for (const command of commands) {
    const [file, ...args] = [...command.slice(0, -1), 'grep', '^Seccomp', '/proc/self/status']
    const status = execFileSync(file!, args, { encoding: 'utf8' })
    expect(status).toMatch(/^Seccomp:\t2$/m)
  }
})

it('limits what a program can store in memory by writing files', async () => {
  const output = await runInSandbox(
    `for dir in /tmp /dev /dev/shm / /usr; do
       head -c 400000000 /dev/zero >$dir/fill; wc -c <$dir/fill; rm -f $dir/fill
     done`,
  )
  const sizes = output
    .split('\n')
    .filter((line) => /^\d+$/.test(line))
    .map(Number)
  expect(sizes).toEqual([256 * 1024 ** 2, 16 * 1024 ** 2])
})

it('limits the number of processes of a program', async () => {
  expect(await runInSandbox('grep "Max processes" /proc/self/limits')).toMatch(/Max processes +4096 +4096/)
})

it('hands a program nothing of the environment', async () => {
  process.env.SECRET_OF_THE_TEST = 'secret'
  const output = await runInSandbox('env; cat /proc/1/environ')
  delete process.env.SECRET_OF_THE_TEST
  // The first process inherits the environment that bubblewrap was started with.
  expect(output).toContain('PATH=/usr/bin\n')
  expect(output).toContain('PATH=/usr/local/bin:/usr/bin:/bin\0')
  expect(output).not.toMatch(/SECRET|AUTH|DATABASE/)
})
