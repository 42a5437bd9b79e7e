import type { ConsoleChunk } from '@/worker/machines/hypervisor'

const ARITHMETIC_PATTERN = /\$\(\((\d+)([*+-])(\d+)\)\)/g

/** Simulates a console and a small part of sh, enough for the scripts of tests. */
export class FakeGuest {
  readonly recording: ConsoleChunk[] = []
  readonly viewers = new Set<(bytes: Buffer) => void>()
  readonly endListeners = new Set<() => void>()
  private line = ''

  constructor(private readonly hostname: string) {
    this.print(`\r\nThis is ${hostname}: a fake.\r\n`)
    this.printPrompt()
  }

  print(text: string) {
    const bytes = Buffer.from(text)
    this.recording.push({ at: new Date(), bytes })
    for (const onData of this.viewers) onData(bytes)
  }

  private printPrompt() {
    this.print(`root@${this.hostname}:~# `)
  }

  /** Echoes like a terminal, and runs each complete line. */
  typeInput(bytes: Buffer) {
    for (const key of bytes.toString()) {
      if (key !== '\n' && key !== '\r') {
        this.line += key
        this.print(key)
        continue
      }
      this.print('\r\n')
      const { output } = this.runScript(this.line)
      this.line = ''
      this.print(output.replaceAll('\n', '\r\n'))
      this.printPrompt()
    }
  }

  /** Runs `echo`, `hostname`, `exit N`, `true` and `false`; `sleep` and `while` never end (no exit code). */
  runScript(script: string): { output: string; exitCode: number | undefined } {
    let output = ''
    let exitCode = 0
    for (const line of script.split(/[\n;]/).map((command) => command.trim())) {
      const [program = '', ...args] = line.split(' ')
      exitCode = 0
      if (program === 'echo')
        output += `${args.join(' ').replace(ARITHMETIC_PATTERN, evaluateArithmetic).replaceAll(/["']/g, '')}\n`
      else if (program === 'hostname') output += `${this.hostname}\n`
      else if (program === 'exit') return { output, exitCode: Number(args[0] ?? 0) }
      else if (program === 'false') exitCode = 1
      else if (program === 'sleep' || program === 'while') return { output, exitCode: undefined }
      else if (program !== '' && program !== 'true') {
        output += `sh: ${program}: not found\n`
        exitCode = 127
      }
    }
    return { output, exitCode }
  }

  powerOff() {
    for (const onEnd of this.endListeners) onEnd()
  }
}

function evaluateArithmetic(_: string, left: string, sign: string, right: string) {
  const [a, b] = [Number(left), Number(right)]
  return String(sign === '*' ? a * b : sign === '+' ? a + b : a - b)
}
