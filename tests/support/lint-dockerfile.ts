interface Instruction {
  name: string
  value: string
}

/** The instructions of a Dockerfile, with continued lines joined and comments removed. */
export function parseDockerfile(text: string): Instruction[] {
  const joined = text.replaceAll(/^\s*#.*$/gm, '').replaceAll(/\\\n/g, ' ')
  return joined
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter(Boolean)
    .map((line) => ({ name: line.split(' ')[0]!.toUpperCase(), value: line.slice(line.indexOf(' ') + 1) }))
}

/** Problems in a Dockerfile, after the rules of hadolint that matter here. Empty when there are none. */
export function lintDockerfile(text: string): string[] {
  const instructions = parseDockerfile(text)
  const valuesOf = (name: string) => instructions.filter((one) => one.name === name).map((one) => one.value)
  const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'))
  const stages = valuesOf('FROM').map((value) => / AS (\S+)$/i.exec(value)?.[1])
  const user = lastStage.findLast(({ name }) => name === 'USER')?.value
  return [
    ...valuesOf('FROM').flatMap(lintBaseImage),
    ...valuesOf('RUN').flatMap(lintRun),
    ...valuesOf('ADD').map(() => 'ADD: use COPY'),
    ...valuesOf('COPY').flatMap((value) => {
      const from = /--from=(\S+)/.exec(value)?.[1]
      return from && !stages.includes(from) ? [`COPY: there is no stage ${from}`] : []
    }),
    ...['CMD', 'ENTRYPOINT'].flatMap((name) =>
      valuesOf(name)
        .filter((value) => !isStringArray(value))
        .map(() => `${name}: use the exec form`),
    ),
    ...valuesOf('WORKDIR')
      .filter((value) => !value.startsWith('/'))
      .map((value) => `WORKDIR: ${value} is not absolute`),
    ...(valuesOf('FROM').length > 1 ? [] : ['FROM: use several stages']),
    ...(user && !/^(root|0)(:|$)/.test(user) ? [] : ['USER: the last stage runs as root']),
  ]
}

function lintBaseImage(value: string) {
  const tag = /^(?:--\S+ )*[^\s:@]+(?::([^\s@]+))?/.exec(value)?.[1]
  return tag && /^\d+\.\d+\.\d+/.test(tag) ? [] : [`FROM: ${value} has no exact version`]
}

function lintRun(value: string) {
  const problems = []
  if (/\bsudo\b/.test(value)) problems.push('RUN: sudo')
  if (/\b(curl|wget)\b[^&;]*\|\s*(sh|bash)\b/.test(value)) problems.push('RUN: pipes a download into a shell')
  if (!/\bapt(-get)? install\b/.test(value)) return problems
  if (!value.includes('apt-get update')) problems.push('RUN: apt-get install without update')
  if (!value.includes('--no-install-recommends'))
    problems.push('RUN: apt-get without --no-install-recommends')
  if (!value.includes('rm -rf /var/lib/apt/lists/*')) problems.push('RUN: apt lists stay in the layer')
  return problems
}

function isStringArray(value: string) {
  try {
    const parsed: unknown = JSON.parse(value)
    return Array.isArray(parsed) && parsed.every((part) => typeof part === 'string')
  } catch {
    return false
  }
}
