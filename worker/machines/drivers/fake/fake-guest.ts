import type { ConsoleChunk } from '@/worker/machines/hypervisor'

const ARITHMETIC_PATTERN = /\$\(\((\d+)([*+-])(\d+)\)\)/g

/** What a fake machine understands of sh: enough for a person's first words, and for scripts of tests. */
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
    for (const tell of this.viewers) tell(bytes)
  }

  private printPrompt() {
    this.print(`root@${this.hostname}:~# `)
  }

  /** Echoes like a terminal, and runs a line when it is whole. */
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

  /** Runs `echo`, `hostname`, `exit N`, `true`, `false`; `sleep` and what goes on for ever do not end. */
  runScript(script: string): { output: string; exitCode: number | undefined } {
    let output = ''
    let exitCode = 0
    for (const line of script.split(/[\n;]/).map((word) => word.trim())) {
      const [program = '', ...words] = line.split(' ')
      exitCode = 0
      if (program === 'echo')
        output += `${words.join(' ').replace(ARITHMETIC_PATTERN, evaluateArithmetic).replaceAll(/["']/g, '')}\n`
      else if (program === 'hostname') output += `${this.hostname}\n`
      else if (program === 'exit') return { output, exitCode: Number(words[0] ?? 0) }
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
    for (const tell of this.endListeners) tell()
  }
}

function evaluateArithmetic(_: string, left: string, sign: string, right: string) {
  const [a, b] = [Number(left), Number(right)]
  return String(sign === '*' ? a * b : sign === '+' ? a + b : a - b)
}
