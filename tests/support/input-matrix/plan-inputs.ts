import {
  ABSENT,
  AUDIO,
  CONSTANT_RATES,
  CONTAINERS,
  FRAME_RATES,
  LAYOUTS,
  ORIENTATIONS,
  PIXEL_FORMATS,
  SAMPLE_RATES,
  VIDEO,
} from './formats'
import { planPairs } from './plan-pairs'

export interface Input {
  container: string
  video: string
  pixels: string
  orientation: string
  rate: string
  audio: string
  layout: string
  sampleRate: string
}

const AXES = {
  container: Object.keys(CONTAINERS),
  video: [...Object.keys(VIDEO), ABSENT],
  audio: [...Object.keys(AUDIO), ABSENT],
  pixels: PIXEL_FORMATS,
  orientation: Object.keys(ORIENTATIONS),
  rate: FRAME_RATES,
  layout: LAYOUTS,
  sampleRate: SAMPLE_RATES,
} satisfies Record<keyof Input, string[]>

type Rule = (a: string, b: string) => boolean
const isUpright = (orientation: string) => orientation === 'upright'

/** Where a container states only some exactly. */
const SAMPLE_RATES_OF: Record<string, string[]> = {
  dv: ['48000'],
  mxf: ['48000'],
  flv: ['44100', '22050'],
  voc: ['8000'],
}

/** Which values can occur together. Others are independent of each other. */
const RULES: Record<string, Rule> = {
  'container video': (container, video) =>
    video === ABSENT
      ? CONTAINERS[container]!.isAudioOnly === true
      : VIDEO[video]!.containers.includes(container),
  'container audio': (container, audio) =>
    audio === ABSENT ? !CONTAINERS[container]!.isAudioOnly : CONTAINERS[container]!.audio.includes(audio),
  'container orientation': (container, orientation) =>
    isUpright(orientation) || CONTAINERS[container]!.hasOrientation === true,
  'container rate': (container, rate) =>
    rate === ABSENT || (CONTAINERS[container]!.rates ?? CONSTANT_RATES).includes(rate),
  // The tape has one kind of track, and MXF a whole number of samples per frame.
  'container layout': (container, layout) => container !== 'dv' || ['stereo', ABSENT].includes(layout),
  'container sampleRate': (container, sampleRate) =>
    sampleRate === ABSENT || (SAMPLE_RATES_OF[container] ?? SAMPLE_RATES).includes(sampleRate),
  'video pixels': (video, pixels) => (VIDEO[video]?.pixels ?? [ABSENT]).includes(pixels),
  'video rate': (video, rate) => (VIDEO[video]?.rates ?? [ABSENT]).includes(rate),
  'audio layout': (audio, layout) => (AUDIO[audio]?.layouts ?? [ABSENT]).includes(layout),
  'audio sampleRate': (audio, sampleRate) => (AUDIO[audio]?.sampleRates ?? [ABSENT]).includes(sampleRate),
}

/** Properties that are processed together. Others, such as the codec of the picture and that of the sound, are not. */
const PAIRS = [
  'container video',
  'container audio',
  'container orientation',
  'container rate',
  'video pixels',
  'audio layout',
  'audio sampleRate',
]

/** All inputs of the matrix, in the order of the table: each possible pair of properties is in at least one. */
export function planInputs(): Input[] {
  const rows = planPairs({
    axes: AXES,
    pairs: PAIRS,
    isPossible: (a, b) => RULES[`${a.axis} ${b.axis}`]?.(a.value, b.value) ?? true,
  })
  const order = (input: Input) =>
    Object.entries(AXES).map(([axis, values]) => values.indexOf(input[axis as keyof Input]))
  return (rows as unknown as Input[])
    .map((input) => ({ input, key: order(input) }))
    .sort((a, b) => a.key.map((n, at) => n - b.key[at]!).find((difference) => difference !== 0) ?? 0)
    .map(({ input }) => input)
}

export const nameInput = ({ container, ...tracks }: Input) =>
  [container, ...Object.values(tracks).filter((value) => value !== ABSENT)].join(' ')
