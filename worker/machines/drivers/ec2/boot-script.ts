import type { BootScript } from '@/worker/machines/hypervisor'

const MARK = '[meanwhile]'
const FOLDER = '/var/lib/meanwhile'

/**
 * Runs the script and marks its lines and its exit code, because everything shares the console, also the echo of what viewers
 * type. Only the exit code has the token: it must not be known before.
 */
const toCommand = (
  endToken: string,
) => `cd /root; { { sh ${FOLDER}/script </dev/null; echo $? >${FOLDER}/exit; } 2>&1 | sed 's/^/${MARK} | /'
printf '\\n${MARK} exit %s ${endToken}\\n' "$(cat ${FOLDER}/exit)"; } >/dev/console`

/** The part of a cloud-init configuration that runs a script once, at the first start. */
export const toScriptConfig = ({ script, endToken }: BootScript) => ({
  write_files: [
    {
      path: `${FOLDER}/script`,
      permissions: '0700',
      encoding: 'b64',
      content: Buffer.from(script).toString('base64'),
    },
  ],
  runcmd: [['/bin/sh', '-c', toCommand(endToken)]],
})

/** As `toScriptConfig`, for a script that waits for cloud-init: the part of user data that starts it beside cloud-init. */
export const toBackgroundScript = ({ script, endToken }: BootScript) => `#!/bin/sh
umask 077
mkdir -p ${FOLDER}
cat >${FOLDER}/script <<'${endToken}'
${script}
${endToken}
cat >${FOLDER}/run <<'${endToken}'
${toCommand(endToken)}
${endToken}
setsid sh ${FOLDER}/run </dev/null >/dev/null 2>&1 &
`

/** Finds the output of the script, and its exit code once it has ended, in the output of a console. */
export function parseScriptOutput(console: string, endToken: string) {
  const lines = console.split(/\r*\n/).filter((line) => line.startsWith(`${MARK} `))
  const texts = lines.map((line) => line.slice(MARK.length + 1))
  const exits = texts.map((text) => /^exit (\d+) (\w+)$/.exec(text))
  const exit = exits.find((match) => match?.[2] === endToken)
  const output = texts.filter((text) => text.startsWith('| ')).map((text) => `${text.slice(2)}\n`)
  return {
    output: output.join(''),
    exitCode: exit ? Number(exit[1]) : undefined,
  }
}
