import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runProgram } from './synthesize-voice'

/** Debian's timgm6mb-soundfont: recorded instruments, of 6 MB. */
const SOUND_FONT = '/usr/share/sounds/sf2/TimGM6mb.sf2'
const TICKS_PER_BEAT = 480
const BEATS_PER_BAR = 4
const BEAT_SECONDS = 0.5
const DRUM_CHANNEL = 9
const [KICK, SNARE, HI_HAT] = [36, 38, 42]
/** General MIDI's numbers, from 0. */
const INSTRUMENTS = {
  piano: 0,
  guitar: 27,
  bass: 33,
  strings: 48,
  choir: 52,
  saxophone: 65,
  flute: 73,
}
type Instrument = keyof typeof INSTRUMENTS

/** Roots and thirds of C, A minor, F and G. */
const CHORDS = [
  [60, 64, 67],
  [57, 60, 64],
  [53, 57, 60],
  [55, 59, 62],
] as const
/** Of a bar, in semitones above the root, and beats. */
const MELODY = [
  [12, 1],
  [16, 0.5],
  [14, 0.5],
  [12, 1],
  [7, 0.5],
  [9, 0.5],
] as const

interface Note {
  channel: number
  pitch: number
  atBeat: number
  beats: number
  velocity: number
}

/** Whether fluidsynth and its instruments, which `npm run test:full` installs, are here. */
export const canPlayMusic = () =>
  existsSync(SOUND_FONT) && spawnSync('fluidsynth', ['--version']).status === 0

/** Plays drums, a bass, chords and a melody, in 16-bit mono at 16 kHz. */
export function playMusic(options: {
  seconds: number
  melody: Instrument
  chords: Instrument
  hasDrums?: boolean
}) {
  const { seconds, melody, chords, hasDrums = true } = options
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-music-'))
  try {
    const [midi, wave] = [path.join(dir, 'music.mid'), path.join(dir, 'music.wav')]
    const bars = Math.ceil(seconds / (BEATS_PER_BAR * BEAT_SECONDS))
    const notes = Array.from({ length: bars }, (_, bar) => composeBar(bar, hasDrums)).flat()
    writeFileSync(midi, toMidi([melody, chords, 'bass'], notes))
    runProgram('fluidsynth', ['-niq', '-r', '48000', '-F', wave, SOUND_FONT, midi])
    return runProgram(
      'ffmpeg',
      `-v error -i ${wave} -t ${seconds} -ar 16000 -ac 1 -f s16le pipe:1`.split(' '),
    )
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Channel 0 is the melody, 1 the chords, 2 the bass. */
function composeBar(bar: number, hasDrums: boolean): Note[] {
  const start = bar * BEATS_PER_BAR
  const chord = CHORDS[bar % CHORDS.length]!
  let beat = start
  const melody = MELODY.map(([interval, beats]) => {
    const note = { channel: 0, pitch: chord[0] + interval, atBeat: beat, beats, velocity: 100 }
    beat += beats
    return note
  })
  const chords = chord.map((pitch) => ({ channel: 1, pitch, atBeat: start, beats: 4, velocity: 70 }))
  const bass = [0, 2].map((at) => ({
    channel: 2,
    pitch: chord[0] - 24,
    atBeat: start + at,
    beats: 1.5,
    velocity: 90,
  }))
  const drum = (pitch: number, at: number) => ({
    channel: DRUM_CHANNEL,
    pitch,
    atBeat: start + at,
    beats: 0.25,
    velocity: 90,
  })
  const hats = Array.from({ length: 8 }, (_, n) => drum(HI_HAT, n / 2))
  const drums = [drum(KICK, 0), drum(SNARE, 1), drum(KICK, 2), drum(SNARE, 3), ...hats]
  return [...melody, ...chords, ...bass, ...(hasDrums ? drums : [])]
}

/** A Standard MIDI File of format 0, at 120 beats per minute, its default. */
function toMidi(instruments: readonly Instrument[], notes: readonly Note[]) {
  const events = notes
    .flatMap(({ channel, pitch, atBeat, beats, velocity }) => [
      { tick: Math.round(atBeat * TICKS_PER_BEAT), bytes: [0x90 + channel, pitch, velocity] },
      { tick: Math.round((atBeat + beats) * TICKS_PER_BEAT), bytes: [0x80 + channel, pitch, 0] },
    ])
    .toSorted((a, b) => a.tick - b.tick || a.bytes[0]! - b.bytes[0]!)
  const track = instruments.flatMap((name, channel) => [0, 0xc0 + channel, INSTRUMENTS[name]])
  let tick = 0
  for (const event of events) {
    track.push(...toVariableLength(event.tick - tick), ...event.bytes)
    tick = event.tick
  }
  track.push(0, 0xff, 0x2f, 0)
  const header = Buffer.from([0, 0, 0, 6, 0, 0, 0, 1, TICKS_PER_BEAT >> 8, TICKS_PER_BEAT & 0xff])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(track.length)
  return Buffer.concat([Buffer.from('MThd'), header, Buffer.from('MTrk'), length, Buffer.from(track)])
}

function toVariableLength(value: number) {
  const bytes = [value & 0x7f]
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80)
  return bytes
}
